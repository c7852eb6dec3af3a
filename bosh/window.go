package bosh

import "go-xmpp-bosh/timer"

// keptRequest is one that came before its turn (XEP-0124 §14.2).
type keptRequest struct {
	rid    uint64
	handle Handle     // 0: its connection is dead; it takes effect all the same
	until  timer.Time // when it is given back to the client, if the one before it never comes
	doc    []byte     // owned: the whole document
}

// HandleRequest takes a request whose sid is this session's. The Parser that b is from may be used again before HandleRequest
// returns.
func (s *Session) HandleRequest(now timer.Time, h Handle, b *Body) {
	switch s.state {
	case stateNone:
		return
	case stateEnded:
		s.answerEnded(now, h, b.rid)
		return
	case stateOpen:
	}
	window := s.rid + uint64(s.requests)
	switch {
	case b.rid == 0: // decisions.md 1
		s.fail(now, h, CondBadRequest)
	case b.rid <= s.rid:
		s.repeat(now, h, b.rid)
	case b.rid == s.rid+1:
		s.take(now, h, b, true)
		s.takeKept(now)
	case b.rid <= window, b.rid == window+1 && b.isExtra():
		s.keep(now, h, b)
	case len(s.kept) > 0 && b.rid == s.kept[len(s.kept)-1].rid+1:
		// XEP-0124 §11: the one that is missing and those behind it are more than were granted.
		s.fail(now, h, CondPolicyViolation)
	default:
		s.fail(now, h, CondItemNotFound)
	}
	if s.state == stateOpen {
		s.settle(now)
	}
}

// isExtra: one request above the limit is allowed to pause or terminate (XEP-0124 §11).
func (b *Body) isExtra() bool { return b.attrs.pause != nil || b.isTerminate() }

// keep stores a request until the one before it has come.
func (s *Session) keep(now timer.Time, h Handle, b *Body) {
	s.pauseOver(b.rid)
	i := 0
	for i < len(s.kept) && s.kept[i].rid < b.rid {
		i++
	}
	until := now + s.keepTime()
	s.idleSince = now
	if i < len(s.kept) && s.kept[i].rid == b.rid {
		s.repeatHeld(now, h, &s.kept[i].handle)
		if s.state == stateOpen {
			s.kept[i].until = until
		}
		return
	}
	doc := append(s.env.Buffers.Get(len(b.raw)), b.raw...)
	s.kept = append(s.kept, keptRequest{})
	copy(s.kept[i+1:], s.kept[i:])
	s.kept[i] = keptRequest{rid: b.rid, handle: h, until: until, doc: doc}
}

// keepTime is for how long a request waits for the one before it: a little longer than wait, after which most clients send that one again.
// COMPAT: strophe.js does so at 1.1 times wait, and takes the error for an answer.
func (s *Session) keepTime() timer.Time { return timer.Time(s.wait + s.wait/4) }

// takeKept lets those take effect whose turn has come.
func (s *Session) takeKept(now timer.Time) {
	for s.state == stateOpen && len(s.kept) > 0 && s.kept[0].rid == s.rid+1 {
		s.settle(now) // so that the ring has room
		k := s.kept[0]
		s.popKept(0)
		if b, err := s.env.Parser.Parse(k.doc); err == nil {
			s.take(now, k.handle, b, false)
		} else { // it was parsed before
			s.fail(now, k.handle, CondInternalServerError)
		}
		s.env.Buffers.Put(k.doc)
	}
}

// popKept takes an entry out without its document.
func (s *Session) popKept(i int) {
	last := len(s.kept) - 1
	copy(s.kept[i:], s.kept[i+1:])
	s.kept[last] = keptRequest{}
	s.kept = s.kept[:last]
	if last == 0 {
		s.kept = nil
	}
}

// dropKept forgets a request that has not taken effect.
func (s *Session) dropKept(i int) {
	s.env.Buffers.Put(s.kept[i].doc)
	s.popKept(i)
}

// expireKept gives requests back that have waited for as long as the client allows: it is to repeat the one that never came, and
// them (XEP-0124 §17.3).
func (s *Session) expireKept(now timer.Time) {
	for i := 0; i < len(s.kept); {
		k := &s.kept[i]
		if k.handle == 0 || now < k.until {
			i++
			continue
		}
		h := k.handle
		s.dropKept(i)
		s.respondRecoverable(now, h)
	}
}
