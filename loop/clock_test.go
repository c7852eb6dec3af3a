package loop

import (
	"math/rand"
	"sync"
	"testing"
	"time"

	"go-xmpp-bosh/timer"
)

// fired collects the keys of timers that have fired.
type fired struct {
	mu   sync.Mutex
	cond *sync.Cond
	keys []uint64
	at   []timer.Time
	loop *Loop
}

func newFired() *fired {
	f := new(fired)
	f.cond = sync.NewCond(&f.mu)
	return f
}

func (f *fired) handle(key uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.keys, f.at = append(f.keys, key), append(f.at, f.loop.Now())
	f.cond.Broadcast()
}

func (f *fired) wait(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for len(f.keys) < n {
		f.cond.Wait()
	}
}

func TestTimersFireInOrderAndNotEarly(t *testing.T) {
	f := newFired()
	w := newWorld(t, Config{HandleTimer: f.handle})
	const n = 100
	nodes := make([]timer.Node, n)
	due := make([]timer.Time, n)
	w.do(func() {
		f.loop = w.l
		for i := range nodes {
			nodes[i].Key = uint64(i)
			due[i] = w.l.Now() + timer.Time(rand.Intn(60))
			w.l.SetTimer(&nodes[i], due[i])
		}
	})
	f.wait(n)
	for i, k := range f.keys {
		if f.at[i] < due[k] {
			t.Errorf("timer for %d fired at %d", due[k], f.at[i])
		}
		if i > 0 && due[k] < due[f.keys[i-1]] {
			t.Errorf("timer for %d fired after the one for %d", due[k], due[f.keys[i-1]])
		}
	}
}

func TestTimerMovesAndIsCancelled(t *testing.T) {
	f := newFired()
	w := newWorld(t, Config{HandleTimer: f.handle})
	a, b, c := timer.Node{Key: 1}, timer.Node{Key: 2}, timer.Node{Key: 3}
	w.do(func() {
		f.loop = w.l
		w.l.SetTimer(&a, w.l.Now()+1_000_000)
		w.l.SetTimer(&b, w.l.Now()+1)
		w.l.SetTimer(&c, w.l.Now()+20)
		w.l.CancelTimer(&b)
		w.l.CancelTimer(&b)
		w.l.SetTimer(&a, w.l.Now()+10) // earlier than everything that is set
	})
	f.wait(2)
	if f.keys[0] != 1 || f.keys[1] != 3 {
		t.Errorf("fired %v, want 1 and 3", f.keys)
	}
}

// The timer descriptor is set when the first moment moves forward or has passed, and not for every timer and message.
func TestClockIsRarelySet(t *testing.T) {
	sets, messages, counted := 0, 0, 0
	w := newFaultyWorld(t, Config{}, func(k *faultyKernel) { k.onTimer = func(int64) { sets++ } })
	fd, peer := pair(t)
	o := w.open(fd, func(o *owner) {
		o.onData = func(c *Conn, b []byte) int {
			switch messages++; messages {
			case 10: // what came before, the posting of this connection included, is over
				sets = 0
			case 110:
				counted = sets
			}
			c.SetDeadline(c.Now() + 60_000 + timer.Time(messages))
			return len(b)
		}
	})
	for range 110 {
		send(t, peer, "x")
		o.want("data x")
	}
	w.do(func() {
		if counted != 0 {
			t.Errorf("the clock was set %d times", counted)
		}
	})
}

func TestNowAdvances(t *testing.T) {
	w := newWorld(t, Config{})
	var first, later timer.Time
	w.do(func() { first = w.l.Now() })
	for later <= first {
		w.do(func() { later = w.l.Now() })
	}
	if first <= 0 {
		t.Errorf("now is %d", first)
	}
	w.do(func() {
		if d := time.Now().Unix() - w.l.WallSeconds(); d < 0 || d > 1 {
			t.Errorf("the calendar is %d s off", d)
		}
	})
}

// All loops of a machine have the same time: a connection may move with its deadline.
func TestLoopsShareTheirTime(t *testing.T) {
	a, _ := newLinux()
	for range 3 {
		b, _ := newLinux()
		if d := b.now() - a.now(); d > int64(time.Millisecond) || d < -int64(time.Millisecond) {
			t.Errorf("two loops are %v apart", time.Duration(d))
		}
	}
}

func TestDeadline(t *testing.T) {
	w := newWorld(t, Config{})
	fd, _ := pair(t)
	o := w.open(fd)
	var set timer.Time
	w.do(func() { set = w.l.Now(); o.conn.SetDeadline(set + 1_000_000) })
	w.do(func() { o.conn.SetDeadline(set + 20) })
	o.want("deadline")
	w.do(func() {
		if w.l.Now() < set+20 {
			t.Error("too early")
		}
		if o.conn.deadline != 0 || o.conn.node.Armed() {
			t.Error("a deadline is left")
		}
		o.conn.SetDeadline(w.l.Now() + 5)
		o.conn.SetDeadline(0) // never
	})
	w.do(func() { set = w.l.Now() })
	for now := set; now < set+20; {
		w.do(func() { now = w.l.Now() })
	}
	o.wantNone()
}

// Moving a deadline only stores it: the node stays, and moves when it fires too early.
func TestDeadlineMovesLazily(t *testing.T) {
	w := newWorld(t, Config{})
	fd, _ := pair(t)
	o := w.open(fd)
	w.do(func() {
		now := w.l.Now()
		o.conn.SetDeadline(now + 10)
		o.conn.SetDeadline(now + 60_000)
		if o.conn.node.Due() != now+10 {
			t.Error("the node was moved")
		}
	})
	for moved := false; !moved; {
		w.do(func() { moved = o.conn.node.Due() == o.conn.deadline })
	}
	o.wantNone()
}

func TestClosingTakesTheDeadlineAway(t *testing.T) {
	w := newWorld(t, Config{})
	fd, peer := tcpPair(t)
	o := w.open(fd)
	w.do(func() { o.conn.SetDeadline(w.l.Now() + 1); o.conn.CloseStaged() })
	receiveEnd(t, peer)
	var set timer.Time
	w.do(func() { set = w.l.Now() })
	for now := set; now < set+10; {
		w.do(func() { now = w.l.Now() })
	}
	peer.Close()
	o.want("close <nil>")
}

// Elapsed goes on while Now stands still.
func TestElapsed(t *testing.T) {
	w := newWorld(t, Config{})
	w.do(func() {
		now := w.l.Now()
		for was := w.l.Elapsed(); w.l.Elapsed() == was; {
		}
		if w.l.Now() != now {
			t.Error("the callback's time has moved")
		}
	})
}
