package bosh

import "testing"

// checkSession holds of every session between inputs: what its fields promise, and the bounds of its memory.
func checkSession(t testing.TB, s *Session) {
	t.Helper()
	if s.state == stateNone {
		return
	}
	cfg := s.env.Config
	if s.answered > s.rid || s.rid-s.answered > uint64(s.requests) {
		t.Fatalf("rid %d, answered %d: more than %d are open", s.rid, s.answered, s.requests)
	}
	for rid := s.answered + 1; rid <= s.rid; rid++ {
		if o := s.at(rid); o.isGone() && rid != s.rid {
			t.Fatalf("%d is dead and undecided, though %d has taken effect", rid, s.rid)
		}
	}
	if s.state == stateOpen && s.held() > int(s.hold) {
		t.Fatalf("%d are held, granted are %d", s.held(), s.hold)
	}
	if s.state == stateOpen && s.held() > 0 && s.hasPending() {
		t.Fatalf("something is pending while a request is held")
	}
	if len(s.kept) > int(s.requests) {
		t.Fatalf("%d requests are kept, the window is %d", len(s.kept), s.requests)
	}
	last := s.rid + 1
	for i := range s.kept {
		if s.kept[i].rid <= last || s.kept[i].rid > s.rid+uint64(s.requests)+1 {
			t.Fatalf("%d is kept behind %d with the window at %d", s.kept[i].rid, last, s.rid)
		}
		last = s.kept[i].rid
	}
	if limit := replayFactor * int(s.requests); len(s.replay) > limit {
		t.Fatalf("%d answers are retained, at most %d should", len(s.replay), limit)
	}
	for i := range s.replay {
		if r := s.replay[i].rid; r < s.floor || r > s.answered || i > 0 && r <= s.replay[i-1].rid {
			t.Fatalf("the answer to %d is retained, the floor being %d, answered %d", r, s.floor, s.answered)
		}
	}
	if s.answered >= s.floor && s.answered-s.floor+1 > uint64(replayFactor)*uint64(s.requests) {
		t.Fatalf("answers from %d to %d are retained", s.floor, s.answered)
	}
	if s.openStreams() > cfg.streams() || s.streams() > 2*streamsMax {
		t.Fatalf("%d streams are open, of %d", s.openStreams(), s.streams())
	}
	if s.state == stateOpen && s.openStreams() == 0 {
		t.Fatal("a session goes on without a stream")
	}
	pressed := s.undelivered() > cfg.PendingHighBytes
	for i := range s.streams() {
		if st := s.stream(StreamID(i)); s.state == stateOpen && !s.acks && pressed && !st.ended && !st.paused && i == 0 {
			t.Fatalf("stream %d is read although %d bytes are undelivered", i, s.undelivered())
		}
		if st := s.stream(StreamID(i)); s.state == stateOpen && s.undelivered() <= cfg.PendingLowBytes && st.paused {
			t.Fatalf("stream %d is not read although only %d bytes are undelivered", i, s.undelivered())
		}
	}
}
