package load

import (
	"testing"
	"time"

	"go-xmpp-bosh/bench/epoll"
	"go-xmpp-bosh/bench/null"
)

// The load generator against the null backend itself, over TCP: nothing in between that could be at fault.

type rig struct {
	*testing.T
	g *Generator
	s *null.Server
}

func newRig(t *testing.T, transport Transport) *rig {
	t.Helper()
	counter := epoll.LocalCounter()
	s, err := null.New(counter)
	if err != nil {
		t.Fatal(err)
	}
	g, err := New(Target{Addr: s.Addr(), Transport: transport, Domain: "localhost", Path: "/", MessageBytes: 256}, counter)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 2)
	go func() { done <- s.Run() }()
	go func() { done <- g.Run() }()
	t.Cleanup(func() {
		g.Stop()
		s.Stop()
		for range 2 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	})
	return &rig{t, g, s}
}

// until waits for a state of the generator.
func (r *rig) until(what string, reached func(c Count, settled bool) bool) (c Count) {
	r.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
		var settled bool
		r.g.Do(func() { c, settled = r.g.Counts(), r.g.Settled() })
		if reached(c, settled) {
			return c
		}
	}
	r.Fatalf("not %s: %+v", what, c)
	return c
}

func (r *rig) open(n int) {
	r.Helper()
	r.g.Do(func() { r.g.Open(n, 8) })
	if c := r.until("open", func(c Count, settled bool) bool { return settled || c.Failed > 0 }); c.Ready != n {
		r.Fatalf("%+v", c)
	}
}

func TestEcho(t *testing.T) {
	r := newRig(t, Raw)
	r.open(20)
	r.g.Do(func() { r.g.StartEcho(All) })
	r.until("echoed", func(c Count, _ bool) bool { return c.Echoed > 1000 })
	r.g.Do(r.g.Calm)
	c := r.until("calm", func(_ Count, settled bool) bool { return settled })
	if c.Sent != c.Echoed || c.Trouble() != "" {
		t.Errorf("%+v", c)
	}
	r.g.Do(func() { r.g.Close(8) })
	if c = r.until("closed", func(_ Count, settled bool) bool { return settled }); c.Closed != 20 || c.Ready != 0 || c.Trouble() != "" {
		t.Errorf("%+v", c)
	}
}

func TestPush(t *testing.T) {
	r := newRig(t, Raw)
	r.open(20)
	r.s.Do(func() {
		if n := r.s.StartPush(10, 256); n != 20 {
			t.Errorf("%d sessions", n)
		}
	})
	r.until("pushed", func(c Count, _ bool) bool { return c.Pushed > 1000 })
	var sent uint64
	r.s.Do(func() { sent = r.s.StopPush() })
	if c := r.until("arrived", func(c Count, _ bool) bool { return c.Pushed == sent }); c.Trouble() != "" {
		t.Errorf("%+v", c)
	}
}

func TestPacedAndLatency(t *testing.T) {
	r := newRig(t, Raw)
	r.open(10)
	r.g.Do(func() { r.g.StartPaced(int64(20 * time.Millisecond)) })
	r.until("paced", func(c Count, _ bool) bool { return c.Echoed >= 50 })
	r.g.Do(r.g.Calm)
	r.until("calm", func(_ Count, settled bool) bool { return settled })
	r.g.Do(func() {
		if n := r.g.latency.TotalCount(); n < 50 {
			t.Errorf("%d latencies", n)
		}
		if b, err := r.g.TakeLatency(); err != nil || len(b) == 0 || r.g.latency.TotalCount() != 0 {
			t.Errorf("%d bytes, %v", len(b), err)
		}
	})
}

func TestChurn(t *testing.T) {
	r := newRig(t, Raw)
	r.g.Do(func() { r.g.StartChurn(4) })
	r.until("churned", func(c Count, _ bool) bool { return c.Closed >= 50 })
	r.g.Do(r.g.Calm)
	r.until("calm", func(c Count, settled bool) bool { return settled && c.Awaited == 0 }) // those that are being opened included
	r.g.Do(func() { r.g.Close(4) })
	if c := r.until("closed", func(_ Count, settled bool) bool { return settled }); c.Opened != c.Closed || c.Trouble() != "" {
		t.Errorf("%+v", c)
	}
}

// A server that ends is trouble, and is counted.
func TestBrokenConnectionsAreCounted(t *testing.T) {
	r := newRig(t, BOSH1) // the null backend speaks no HTTP
	r.g.Do(func() { r.g.Open(3, 8) })
	if c := r.until("failed", func(c Count, _ bool) bool { return c.Failed == 3 }); c.Trouble() == "" || c.FirstError == "" {
		t.Errorf("%+v", c)
	}
}

func TestUnknownTransport(t *testing.T) {
	if _, err := New(Target{Transport: "pigeon"}, epoll.LocalCounter()); err == nil {
		t.Error("taken")
	}
}
