package proxy

import (
	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/timer"
)

// session is a BOSH session with what the driver keeps for it. It is a slab record; its sid names its slot.
type session struct {
	bosh.Session
	timer timer.Node
	meter
	slot  uint32
	dirty bool // it was given stanzas since it was last flushed

	secure bool // it was created over HTTPS, and goes on over nothing else (XEP-0124 §19.1)
}

// handleSessionTimer lets a session whose deadline has come act on it. The deadline is only stored while messages move it
// later; the timer catches up here.
func (s *Server) handleSessionTimer(ss *session) {
	if due := ss.Deadline(); due > s.now() {
		s.loop.SetTimer(&ss.timer, due)
		return
	} else if due != 0 {
		ss.HandleTimeout(s.now())
	}
	s.armSession(ss)
}

// armSession sets a session's timer to its deadline, if that is earlier than what is set.
func (s *Server) armSession(ss *session) {
	due := ss.Deadline()
	if due == 0 {
		return // a timer that is set finds nothing to do
	}
	if !ss.timer.Armed() || due < ss.timer.Due() {
		s.loop.SetTimer(&ss.timer, due)
	}
}

// of is the record of a machine.
func (s *Server) of(m *bosh.Session) *session { return s.sessions.get(m.Slot() & slotMask) }
