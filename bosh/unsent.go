package bosh

import "go-xmpp-bosh/timer"

// HandleUnsent tells the session that the answer under h cannot have arrived: its connection ended before all of it was taken. If it is the newest one, and
// the only copy, then it was never given: its request is one whose connection died (decisions.md 32). What was inside goes out when that is repeated or, if
// a later one comes first, on that. Any other is kept for a repeat as it is: moved behind what was answered since, its stanzas would be out of order.
func (s *Session) HandleUnsent(now timer.Time, h Handle) {
	st := s.unsent(h)
	if st == nil {
		return
	}
	last := len(s.replay) - 1
	s.takeBack(&s.replay[last], st)
	s.replay = s.replay[:last]
	if last == 0 {
		s.env.putAnswers(s.replay)
		s.replay = nil
	}
	*s.at(s.answered) = open{until: now + timer.Time(s.wait) + 1}
	s.answered--
	s.idleSince = now
	if s.state == stateOpen {
		s.voidGone()
		s.settle(now)
		return
	}
	s.told = false
	s.setForgetAt(now)
	s.setDeadline()
}

// unsent is the stream whose elements are in the newest answer, if that was given under h alone and can be made anew; else nil.
func (s *Session) unsent(h Handle) *stream {
	n := len(s.replay)
	if s.state == stateNone || h == 0 || n == 0 {
		return nil
	}
	a := &s.replay[n-1]
	st := s.lookUp(a.stream)
	switch {
	case a.handle != h || a.rid != s.answered || a.inside == 0 || st == nil:
		return nil
	case s.state == stateOpen && (a.traits&traitEnds != 0 || st.ended):
		return nil
	case s.rid+1-s.answered > s.ringSize():
		return nil
	}
	return st
}

// takeBack puts the elements of an answer before those of its stream that are pending.
func (s *Session) takeBack(a *answer, st *stream) {
	pool := s.env.Buffers
	elements := a.buf[a.inside : len(a.buf)-len(bodyClose)]
	size := headRoom + len(elements) + len(st.pending) + len(bodyClose)
	buf := append(pool.Get(size)[:headRoom], elements...)
	if st.pending != nil {
		buf = append(buf, st.pending[headRoom:]...)
	}
	pool.Put(st.pending)
	pool.Put(a.buf)
	st.pending = buf
	st.traits |= a.traits &^ traitEnds
}
