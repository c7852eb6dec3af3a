package load

import (
	"errors"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"go-xmpp-bosh/bench/epoll"
)

// Mode is what the sessions do once they stand.
type Mode string

// The modes.
const (
	Quiet Mode = "quiet" // wait for what the server pushes
	Echo  Mode = "echo"  // the next message when the last has come back
	Paced Mode = "paced" // one message in each interval
	Churn Mode = "churn" // one message, then the session ends and another begins
)

func (m Mode) String() string { return string(m) }

// Generator runs the sessions of one process at one target. All but Do and Stop belong to the goroutine that calls Run, or to a function given to Do.
type Generator struct {
	target  Target
	speaker speaker
	poll    *epoll.Poller
	links   []*link // by descriptor
	tasks   chan func()
	stopped bool
	buf     []byte
	scratch []byte // one request on its way out
	message []byte

	sessions []*session // that stand, or are being opened
	number   int        // of the last one
	wanted   int        // sessions that are yet to be opened
	opening  int
	ending   []*session // that are yet to be closed
	closing  int
	inflight int // bounds opening and closing

	mode    Mode
	pace    pace
	arrived epoll.Counter
	fresh   uint64 // arrived pushes that arrived doesn't know yet
	latency *hdrhistogram.Histogram
	count   Count
}

// Latency is recorded from a microsecond to a minute with three digits.
const (
	latencyMin = 1_000
	latencyMax = 60_000_000_000
	digits     = 3
)

// New makes a generator. arrived is told of pushed messages.
func New(t Target, arrived epoll.Counter) (*Generator, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	poll, err := epoll.NewPoller()
	if err != nil {
		return nil, err
	}
	return &Generator{
		target: t, speaker: speakerFor(&t), poll: poll, arrived: arrived, mode: Quiet,
		tasks: make(chan func(), 1024), buf: make([]byte, 64<<10),
		latency: hdrhistogram.New(latencyMin, latencyMax, digits),
	}, nil
}

// Do runs f between two events and returns when it has run.
func (g *Generator) Do(f func()) {
	done := make(chan struct{})
	g.post(func() { f(); close(done) })
	<-done
}

func (g *Generator) post(f func()) {
	g.tasks <- f
	g.poll.Wake()
}

// Stop ends Run, whatever the sessions do.
func (g *Generator) Stop() { g.Do(func() { g.stopped = true }) }

// Run serves the sessions until Stop.
func (g *Generator) Run() error {
	for !g.stopped {
		events, err := g.poll.Wait(g.pace.patience())
		if err != nil {
			return err
		}
		for _, e := range events {
			g.handle(e)
		}
		g.runTasks()
		g.paceSome()
		g.openSome()
		g.closeSome()
		if g.fresh > 0 {
			g.arrived.Add(g.fresh)
			g.fresh = 0
		}
	}
	for _, l := range g.links {
		if l != nil {
			g.unlink(l)
		}
	}
	g.poll.Close()
	return nil
}

func (g *Generator) runTasks() {
	for {
		select {
		case f := <-g.tasks:
			f()
		default:
			return
		}
	}
}

func (g *Generator) handle(e epoll.Event) {
	if e.FD >= len(g.links) || g.links[e.FD] == nil {
		return
	}
	l := g.links[e.FD]
	if e.Writable {
		if err := l.out.Flush(g.poll, l.fd); err != nil {
			g.broken(l, err)
			return
		}
	}
	if e.Readable {
		g.read(l)
	}
}

// broken is what becomes of a connection that can't be used any more.
func (g *Generator) broken(l *link, cause error) {
	if err := g.speaker.linkEnded(g, l); err != nil {
		g.fail(l.s, errors.Join(err, cause))
	}
}

// pace is the clockwork of paced traffic: message k of all is due at start + k × step.
type pace struct {
	on    bool
	start int64
	step  float64
	next  int
}

func (p *pace) patience() time.Duration {
	if !p.on {
		return -1
	}
	return max(0, time.Duration(p.due()-epoll.Now()))
}

func (p *pace) due() int64 { return p.start + int64(float64(p.next)*p.step) }

// paceSome makes messages due. A session whose last one is still under way sends late, but is measured from when it should have.
func (g *Generator) paceSome() {
	if !g.pace.on || len(g.sessions) == 0 {
		return
	}
	for now := epoll.Now(); g.pace.due() <= now; g.pace.next++ {
		s := g.sessions[g.pace.next%len(g.sessions)]
		if s.phase != phaseReady || s.due != 0 {
			g.count.Late++
			continue
		}
		s.due = g.pace.due()
		if err := g.pump(s); err != nil {
			g.fail(s, err)
		}
	}
}
