package million

import (
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"time"
	"unsafe"

	"go-xmpp-bosh/timer"
)

// Result is what the machines of so many sessions cost.
type Result struct {
	Kind     Kind `json:"kind"`
	Sessions int  `json:"sessions"`

	RecordBytes  uintptr       `json:"record_bytes"`    // session, stream and two timer nodes
	HeapBytes    float64       `json:"heap_bytes"`      // of the heap in use, a session
	SetUp        time.Duration `json:"set_up_ns"`       // of one session
	IdleLook     time.Duration `json:"idle_look_ns"`    // a look at the wheel when nothing is due
	Fired        int           `json:"fired"`           // timers, in the minute that was swept
	SweepPerFire time.Duration `json:"sweep_ns"`        // of one of them, with what it leads to
	LongestTick  time.Duration `json:"longest_tick_ns"` // of the sweep's milliseconds
	Stalls       int           `json:"stalls"`          // milliseconds of the sweep that took longer than Stall
	EchoFew      time.Duration `json:"echo_few_ns"`     // a message there and back, among a thousand sessions
	EchoMany     time.Duration `json:"echo_many_ns"`    // among all
	GCPause      time.Duration `json:"gc_pause_ns"`     // the longest stop of a collection
	GCMark       time.Duration `json:"gc_mark_ns"`      // from its beginning to its end
	EchoAllocs   float64       `json:"echo_allocs"`     // a message
}

const (
	few     = 1000
	echoes  = 200_000 // at most, and ten a session
	minute  = 60 * timer.Second
	tick    = timer.Millisecond
	spreads = 60_000 // ticks over which set-ups are spread, so that they aren't all due at once
)

// Stall is what a millisecond of timers should not take.
const Stall = 2 * time.Millisecond

// Measure opens n sessions and takes them through a minute.
func Measure(kind Kind, n int) (Result, error) {
	r := Result{Kind: kind, Sessions: n, RecordBytes: unsafe.Sizeof(boshRecord{})}
	if kind == WebSocket {
		r.RecordBytes = unsafe.Sizeof(socketRecord{})
	}
	w := New(kind, n)
	if err := w.Open(min(few, n)); err != nil {
		return r, err
	}
	r.EchoFew, _ = w.echoes(rand.New(rand.NewPCG(1, 1)))
	before := heapInUse()
	began := time.Now()
	for more := n - w.open; more > 0; more = n - w.open {
		if err := w.Open(min(more, max(1, n/spreads))); err != nil {
			return r, err
		}
		w.Advance(w.now + tick)
	}
	r.SetUp = time.Since(began) / time.Duration(max(1, n-few))
	// Two minutes: what the log-in has left for a repeat is forgotten by then.
	w.sweep(&r)
	w.sweep(&r)
	r.HeapBytes = (float64(heapInUse()) - float64(before)) / float64(max(1, n-few))
	r.look(w)
	r.EchoMany, r.EchoAllocs = w.echoes(rand.New(rand.NewPCG(1, 2)))
	r.collect()
	if w.ended > 0 {
		return r, errScript
	}
	runtime.KeepAlive(w)
	return r, nil
}

// sweep lets a minute pass, a millisecond at a time.
func (w *World) sweep(r *Result) {
	r.Fired, r.LongestTick, r.Stalls = 0, 0, 0
	var took time.Duration
	for until := w.now + minute; w.now < until; {
		began := time.Now()
		r.Fired += w.Advance(w.now + tick)
		d := time.Since(began)
		took += d
		r.LongestTick = max(r.LongestTick, d)
		if d > Stall {
			r.Stalls++
		}
	}
	r.SweepPerFire = took / time.Duration(max(1, r.Fired))
}

// look measures a look at the wheel when nothing is due.
func (r *Result) look(w *World) {
	const looks = 100_000
	began := time.Now()
	for range looks {
		w.Advance(w.now)
	}
	r.IdleLook = time.Since(began) / looks
}

// echoes measures messages of sessions chosen at random.
func (w *World) echoes(chance *rand.Rand) (each time.Duration, allocs float64) {
	n := min(echoes, 10*w.open)
	slots := make([]uint32, n)
	for i := range slots {
		slots[i] = uint32(chance.IntN(w.open))
	}
	var m0, m1 runtime.MemStats
	runtime.ReadMemStats(&m0)
	began := time.Now()
	for _, slot := range slots {
		w.Echo(slot)
		w.poll(slot)
	}
	each = time.Since(began) / time.Duration(n)
	runtime.ReadMemStats(&m1)
	return each, float64(m1.Mallocs-m0.Mallocs) / float64(n)
}

// collect has the garbage collector look at all of it.
func (r *Result) collect() {
	began := time.Now()
	runtime.GC()
	r.GCMark = time.Since(began)
	var s debug.GCStats
	debug.ReadGCStats(&s)
	if len(s.Pause) > 0 {
		r.GCPause = s.Pause[0]
	}
}

func heapInUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// Write writes a result as a few lines.
func (r *Result) Write(w io.Writer) error {
	_, err := fmt.Fprintf(w, `%s, %d sessions
  bytes a session        %d of records, %.0f of heap in all
  set-up                 %v a session
  timers                 %v for a look when nothing is due; %d fired in a minute at %v each; the busiest millisecond took %v, %d more than %v
  a message and its poll %v among %d sessions, %v among all; %.2f allocations
  collection             %v, its longest pause %v
`, r.Kind, r.Sessions, r.RecordBytes, r.HeapBytes, r.SetUp, r.IdleLook, r.Fired, r.SweepPerFire, r.LongestTick, r.Stalls, Stall,
		r.EchoFew, min(few, r.Sessions), r.EchoMany, r.EchoAllocs, r.GCMark, r.GCPause)
	return err
}
