package bosh

import "go-xmpp-bosh/timer"

// idleDeadline is when a client that has nothing held counts as gone (XEP-0124 §10); 0: something is held, or it may take its time.
func (s *Session) idleDeadline() timer.Time {
	limit := s.inactivity
	if s.pause > 0 {
		limit = s.pause
	}
	if limit == 0 || s.held() > 0 {
		return 0
	}
	return s.idleSince + timer.Time(limit)
}

// isPoll reports whether the body asks for nothing but payloads. One that pauses or restarts does more.
func (b *Body) isPoll() bool {
	return len(b.elements) == 0 && b.attrs.pause == nil && !b.isTerminate() && !b.isRestart()
}

// isHasty reports whether the poll that has just been taken comes too soon after the one before it (XEP-0124 §11 and §12). Polls
// that kept the interval and were brought closer together by the network are let be.
//
// Deviates from §11: the request before has to be a poll as well, because clients that hold several (stanza.js) send a poll right after a
// message, and as many as they were granted.
func (s *Session) isHasty(now timer.Time) bool {
	interval := s.env.Config.Polling
	if interval == 0 || !s.polled || now-s.arrived >= interval-interval/4 {
		return false
	}
	if s.polls {
		return s.bare
	}
	return s.held() >= int(s.requests)
}

// takePause lets the client be silent for longer, once (XEP-0124 §10).
func (s *Session) takePause(now timer.Time, h Handle, b *Body) {
	n, ok := parseCount(b.attrs.pause)
	length := timer.Time(max(n, 1)) * timer.Second
	switch {
	case !ok:
		s.fail(now, h, CondBadRequest)
	case length > s.env.Config.PauseMax: // decisions.md 5
		s.fail(now, h, CondPolicyViolation)
	default:
		s.pause = uint32(length)
		s.release = s.rid
	}
}

// pauseOver: another request has come, so the usual limit is in force again. The repeat of the pause itself is none.
func (s *Session) pauseOver(rid uint64) {
	if rid != s.rid {
		s.pause = 0
	}
}
