package proxy

import (
	"net"
	"runtime/debug"
	"runtime/metrics"
	"testing"
	"time"
)

// After a burst its memory goes back to the system, without anybody asking for it.
func TestEbb(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // nothing is given back but by us
	var l net.Listener
	s, addr := startServer(t, func(c *Config) { l = fakeBackend(t, c, "example.org") })
	var sockets []*wsClient
	for range 8 {
		w, _ := openSocketSession(t, addr, l)
		sockets = append(sockets, w)
	}
	released := func() uint64 {
		m := []metrics.Sample{{Name: "/memory/classes/heap/released:bytes"}, {Name: "/gc/cycles/forced:gc-cycles"}}
		metrics.Read(m)
		return m[1].Value.Uint64()
	}
	before := released()
	for _, w := range sockets {
		w.Close()
	}
	deadline := time.Now().Add(patience)
	for {
		settled(s)
		due := false
		onLoop(s, func() {
			if s.live() == 0 && s.ebb.node.Armed() { // the time until then is not what is tested
				s.loop.CancelTimer(&s.ebb.node)
				s.ebb.since -= ebbDelay
				s.handleEbbTimer()
			}
			due = s.ebb.high == 0
		})
		if due && released() > before {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("no memory was given back")
		}
	}
}

// Who comes back in time finds everything in place, and a few more or less are nothing.
func TestEbbWaits(t *testing.T) {
	s, _ := startServer(t, nil)
	onLoop(s, func() {
		for range 4 {
			s.env.Counts.Opened++
			s.rise()
		}
		s.env.Counts.Ended = 2
		s.fall()
		if s.ebb.node.Armed() {
			t.Error("half of them are too many to give anything back")
		}
		s.env.Counts.Ended = 3
		s.fall()
		if !s.ebb.node.Armed() {
			t.Error("a quarter is not")
		}
		s.handleEbbTimer()
		if s.ebb.high != 4 || !s.ebb.node.Armed() {
			t.Error("given back at once, or never")
		}
		s.env.Counts.Ended = 1
		s.ebb.since -= ebbDelay
		s.handleEbbTimer()
		if s.ebb.high != 4 {
			t.Error("given back although they are here again")
		}
	})
}

// A crowd's log-ins leave garbage, which goes when nobody comes any more; a few do not count.
func TestEbbAfterLogIns(t *testing.T) {
	s, _ := startServer(t, nil)
	onLoop(s, func() {
		for range ebbLeast {
			s.env.Counts.Opened++
			s.rise()
		}
		if s.ebb.node.Armed() {
			t.Error("a few")
		}
		s.env.Counts.Opened++
		s.rise()
		if !s.ebb.node.Armed() {
			t.Error("a crowd")
		}
		s.env.Counts.Opened++
		s.rise()
		s.handleEbbTimer()
		if s.ebb.low != 0 {
			t.Error("given back while they come")
		}
		s.handleEbbTimer()
		if s.ebb.low != ebbLeast+2 {
			t.Errorf("low is %d", s.ebb.low)
		}
		looks := 0
		for ; s.ebb.node.Armed() && looks < 10; looks++ {
			s.loop.CancelTimer(&s.ebb.node)
			s.handleEbbTimer()
		}
		if looks != 3 {
			t.Errorf("%d looks behind a crowd, want 3", looks)
		}
	})
}

// Where sessions are short, many records linger beside the few that live. As long as both stay as they are, there is nothing to give back, however often that is
// looked; when the records have gone, there is.
func TestEbbOfWhatLingers(t *testing.T) {
	s, _ := startServer(t, nil)
	onLoop(s, func() {
		var slots []uint32
		for range 40 {
			slot, _ := s.sessions.alloc()
			slots = append(slots, slot)
			s.env.Counts.Opened++
			s.rise()
		}
		s.env.Counts.Ended = 30
		s.giveBack()
		s.env.Counts.Opened++
		s.rise()
		s.env.Counts.Ended++
		s.fall()
		if s.ebb.node.Armed() {
			t.Error("given back again, though nothing has gone")
		}
		for _, slot := range slots[:30] {
			s.sessions.free(slot)
			s.fall()
		}
		if !s.ebb.node.Armed() {
			t.Error("the records that have gone are not given back")
		}
		s.ebb.since -= ebbDelay
		s.loop.CancelTimer(&s.ebb.node)
		s.handleEbbTimer()
		s.env.Counts.Ended++
		s.fall()
		if s.ebb.node.Armed() {
			t.Error("given back twice")
		}
		for _, slot := range slots[30:] { // Close looks for sessions
			s.sessions.free(slot)
		}
		s.env.Counts.Ended = s.env.Counts.Opened
	})
}
