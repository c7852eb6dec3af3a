package bosh

import "go-xmpp-bosh/timer"

// open is a request that has taken effect and isn't answered.
type open struct {
	handle Handle     // 0: its connection is dead
	until  timer.Time // when its wait runs out; 0: nothing will go out on it any more, its answer is the empty body
}

// isGone: its connection died, and the client may still ask again (decisions.md 32).
func (o *open) isGone() bool { return o.handle == 0 && o.until != 0 }

// isVoid: its connection died, and the client went on to a later request: this one counts as answered with the empty body.
func (o *open) isVoid() bool { return o.handle == 0 && o.until == 0 }

// nearMax is the ring of usual windows: one more than a window of 3, since a request is taken before another is let go.
const nearMax = 4

// openRing makes room for the open requests.
func (s *Session) openRing() {
	if n := int(s.requests) + 1; n > nearMax {
		s.own().wide = make([]open, n)
	}
}

// ringSize is how many requests can be open.
func (s *Session) ringSize() uint64 {
	if wide := s.few().wide; wide != nil {
		return uint64(len(wide))
	}
	return nearMax
}

// at is the place of an open request.
func (s *Session) at(rid uint64) *open {
	if s.rare != nil && s.rare.wide != nil {
		return &s.rare.wide[rid%uint64(len(s.rare.wide))]
	}
	return &s.near[rid%nearMax]
}

// front is the oldest open request; nil: there is none.
func (s *Session) front() *open {
	if s.answered == s.rid {
		return nil
	}
	return s.at(s.answered + 1)
}

// held counts the open requests whose connections live (decisions.md 32: the others don't count).
func (s *Session) held() int {
	n := 0
	for rid := s.answered + 1; rid <= s.rid; rid++ {
		if s.at(rid).handle != 0 {
			n++
		}
	}
	return n
}

// voidGone: a later request has taken effect, so nobody asks for those again whose connections died before it.
func (s *Session) voidGone() {
	for rid := s.answered + 1; rid < s.rid; rid++ {
		if o := s.at(rid); o.handle == 0 {
			o.until = 0
		}
	}
}

// yieldTime is how long the oldest of several held requests stays when a newer one had something to say.
//
// COMPAT: stanza 12 asks for hold='2' and has two connections: while both are held it cannot speak. Whoever speaks has one
// back after this time; polls are held side by side for as long as they ask for.
const yieldTime = 1 * timer.Second

// yield bounds how long the oldest request is held now that a request with a payload is held beside it.
func (s *Session) yield(now timer.Time) {
	if o := s.front(); o != nil && o.handle != 0 && s.held() > 1 {
		o.until = min(o.until, now+yieldTime)
	}
}

// settle answers what is due, in rid order, and sets the deadline. Every input ends here, unless it ended the session.
func (s *Session) settle(now timer.Time) {
	s.settleUpTo(now, s.rid)
	if s.state == stateOpen {
		s.relieve()
		s.setDeadline()
	}
}

// settleUpTo answers what is due among the open requests up to last.
func (s *Session) settleUpTo(now timer.Time, last uint64) {
	for s.answered < last {
		rid := s.answered + 1
		o := s.at(rid)
		switch {
		case o.isVoid():
			s.retain(answer{rid: rid, at: now})
		case o.isGone() || !s.isDue(now, rid, o):
			return
		default:
			r := reply{rid: rid, handle: o.handle, stream: s.payloadFor(rid)}
			s.respond(now, &r)
		}
	}
}

// isDue reports whether the oldest open request is to be answered now.
func (s *Session) isDue(now timer.Time, rid uint64, o *open) bool {
	switch {
	case now >= o.until, rid <= s.release:
		return true
	case s.rid-s.answered > uint64(s.requests): // dead ones in between don't make room
		return true
	case s.held() > int(s.hold): // XEP-0124 §8
		return true
	}
	return s.hasPending()
}

// payloadFor chooses the stream whose payload the answer to rid carries; nil: none.
func (s *Session) payloadFor(rid uint64) *stream {
	if s.pause > 0 && rid == s.rid {
		return nil // XEP-0124 §10: the answer to a pause has none
	}
	return s.nextPending()
}

// HandleGone tells the session that the connection under an unanswered request has died.
func (s *Session) HandleGone(now timer.Time, h Handle) {
	if s.state != stateOpen || h == 0 {
		return
	}
	for i := range s.kept {
		if s.kept[i].handle == h {
			s.kept[i].handle = 0 // it takes effect when its turn comes
			s.setDeadline()
			return
		}
	}
	o := s.find(h)
	if o == nil {
		return
	}
	o.handle = 0
	s.idleSince = now
	s.voidGone()
	if s.creating && s.held() == 0 { // nobody knows the sid: nobody can come back
		s.fade(now)
		return
	}
	s.settle(now)
}

// find is the open request of a handle; nil: there is none.
func (s *Session) find(h Handle) *open {
	for rid := s.answered + 1; rid <= s.rid; rid++ {
		if o := s.at(rid); o.handle == h {
			return o
		}
	}
	return nil
}

// HandleRelease asks for an answer now: one that was made waits behind this request on its connection (decisions.md 33). Those
// before it are answered too, since answers are made in rid order.
func (s *Session) HandleRelease(now timer.Time, h Handle) {
	if s.state != stateOpen || h == 0 {
		return
	}
	for i := range s.kept {
		if s.kept[i].handle == h {
			// The one before it is missing, so it can't be answered for good: the client is to repeat both (XEP-0124 §17.3).
			s.dropKept(i)
			s.respondRecoverable(now, h)
			s.settle(now)
			return
		}
	}
	for rid := s.answered + 1; rid <= s.rid; rid++ {
		if s.at(rid).handle == h {
			s.release = max(s.release, rid)
			s.settle(now)
			return
		}
	}
}
