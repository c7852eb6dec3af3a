package proxy

import (
	"context"
	"net"
	"testing"

	"go-xmpp-bosh/timer"
)

// inLoop runs f on the server's loop.
func inLoop(t *testing.T, s *Server, f func()) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if _, err := ask(ctx, s, func() bool { f(); return true }); err != nil {
		t.Fatal(err)
	}
}

// Samples are taken while there are sessions, and until one has none; then the loop sleeps.
func TestHistory(t *testing.T) {
	var l net.Listener
	s, addr := startServer(t, func(c *Config) { l = fakeBackend(t, c, "example.org") })
	inLoop(t, s, func() {
		if s.stats.history.Armed() {
			t.Error("an idle server takes samples")
		}
	})
	ts := openSession(t, addr, l)
	inLoop(t, s, func() {
		w := &s.stats.watch
		if !w.history.Armed() {
			t.Error("no samples are taken")
		}
		s.handleHistoryTimer()
		p := w.past(int64(s.now() / samplePeriod))[samples-1]
		if p.Sessions != [Transports]uint64{1, 0} || p.Streams != 1 || p.Stanzas.Out != 1 || p.Bytes.In == 0 {
			t.Errorf("%+v", p)
		}
		s.loop.CancelTimer(&w.history)
	})
	ts.poll.post(ts.next("type='terminate'", ""))
	ts.poll.body()
	ts.peer.Close()
	statsOf(t, s, func(st *Stats) bool { return st.Streams[TransportBOSH].Active() == 0 })
	inLoop(t, s, func() {
		s.handleHistoryTimer()
		if s.stats.history.Armed() {
			t.Error("samples are taken although nobody is there")
		}
	})
}

// What was slept through is zero, and what is older than ten minutes is gone.
func TestHistorySkips(t *testing.T) {
	var w watch
	w.number = 1000
	for i := range w.ring {
		w.ring[i].Requests = 7
	}
	w.skip(1010)
	past := w.past(1012)
	for i, p := range past {
		want := uint64(7)
		if i >= samples-12 {
			want = 0
		}
		if p.Requests != want {
			t.Fatalf("%d: %d, want %d", i, p.Requests, want)
		}
	}
	w.skip(5000)
	if w.past(5000) != ([samples]Sample{}) || w.number != 5000 {
		t.Error("something is left")
	}
	if w.past(9000) != ([samples]Sample{}) {
		t.Error("something comes back")
	}
}

// The lag is taken while somebody looks, and for a while after.
func TestLag(t *testing.T) {
	s, _ := startServer(t, nil)
	statsOf(t, s, func(*Stats) bool { return true })
	inLoop(t, s, func() {
		if s.stats.lag.Armed() {
			t.Error("the lag is taken although nobody looks")
		}
	})
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if _, err := s.Observe(ctx); err != nil {
		t.Fatal(err)
	}
	inLoop(t, s, func() {
		w := &s.stats.watch
		if !w.lag.Armed() {
			t.Error("nobody takes the lag")
		}
		s.loop.CancelTimer(&w.lag)
		w.lagDue = s.now() - 15
		s.handleLagTimer()
		if s.stats.Lag.Counts[4] != 1 || !w.lag.Armed() {
			t.Errorf("%+v", s.stats.Lag)
		}
		s.loop.CancelTimer(&w.lag)
		w.looked = s.now() - lookTime - timer.Second
		s.handleLagTimer()
		if w.lag.Armed() {
			t.Error("it goes on although nobody looks")
		}
	})
}

// Counting allocates nothing.
func TestCountingAllocatesNothing(t *testing.T) {
	var h Histogram
	var s stats
	if n := testing.AllocsPerRun(100, func() {
		h.observe(&HoldBounds, 700)
		s.hit(LimitBody)
		s.phase(phaseIdle, phaseHead)
		s.took(new(meter), 5)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
