package bosh

import "go-xmpp-bosh/timer"

// take lets the next request in rid order take effect. onTime: it comes right from the wire.
func (s *Session) take(now timer.Time, h Handle, b *Body, onTime bool) {
	if !s.verifyKey(b) { // XEP-0124 §15.4: must not be processed
		s.fail(now, h, CondItemNotFound)
		return
	}
	s.rid++
	*s.at(s.rid) = open{handle: h, until: now + timer.Time(s.wait)}
	s.voidGone()
	s.repeats, s.pause = 0, 0
	s.takeAck(now, b)

	add := s.isStreamAdd(b)
	poll := b.isPoll() && !add
	if poll && onTime && s.isHasty(now) {
		s.fail(now, h, CondPolicyViolation)
		return
	}
	s.arrived, s.polled, s.bare = now, poll, false
	if !poll {
		s.yield(now)
	}
	switch {
	case b.isTerminate():
		s.takeTerminate(now, h, b)
	case b.isRestart():
		s.takeRestart(now, h, b)
	case add:
		s.takeStreamAdd(now, b)
	default:
		s.forward(now, b)
	}
	if b.attrs.pause != nil && s.state == stateOpen {
		s.takePause(now, h, b)
	}
}

// takeTerminate ends a stream or the session for the client (XEP-0124 §13 and §16.5), after what it sends with it.
func (s *Session) takeTerminate(now timer.Time, h Handle, b *Body) {
	id, st := s.named(b)
	switch {
	case st == nil && b.attrs.stream != nil:
		s.refuseStream(now, b)
	case st != nil && st.ended: // closed already (§16.4)
	case st != nil && s.openStreams() > 1: // decisions.md 7
		s.nodes(id, b)
		st.close(CondNone)
		s.env.Out.StreamTerminate(s, id, true)
	default:
		s.forward(now, b)
		s.end(now, CondNone, endedByClient, h, nil)
	}
}

// takeRestart opens a stream anew (XEP-0206 §5). A payload beside it is ignored.
func (s *Session) takeRestart(now timer.Time, h Handle, b *Body) {
	id, st := s.named(b)
	switch {
	case st == nil && b.attrs.stream != nil:
		s.refuseStream(now, b)
		return
	case st == nil && s.openStreams() > 1: // which one?
		s.fail(now, h, CondBadRequest)
		return
	case st == nil:
		id, st = s.onlyOpen()
	}
	if st != nil && !st.ended {
		s.env.Out.StreamRestart(s, id, b)
	}
}

// forward sends the payload on: to the stream that the body names, or to all (XEP-0124 §16.4).
func (s *Session) forward(now timer.Time, b *Body) {
	if len(b.elements) == 0 {
		return // §16.4: whatever stream it names
	}
	s.sentPayload = true
	if b.attrs.sid != nil && b.attrs.to != nil {
		s.addressed = true
	}
	id, st := s.named(b)
	switch {
	case st != nil && st.ended: // §16.4: it has only just been closed
	case st != nil:
		s.nodes(id, b)
	case b.attrs.stream != nil && b.attrs.sid != nil:
		s.refuseStream(now, b)
	default:
		for i := range s.streams() {
			if !s.stream(StreamID(i)).ended {
				s.nodes(StreamID(i), b)
			}
		}
	}
}

func (s *Session) nodes(id StreamID, b *Body) {
	for i := range b.elements {
		s.env.Out.Nodes(s, id, &b.elements[i])
	}
}
