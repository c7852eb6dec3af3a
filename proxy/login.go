package proxy

import (
	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmlstream"
)

// logins are the sessions that have still to log in, in the order of their creation, which is that of their deadlines too.
type logins struct {
	queue []login
	node  timer.Node
}

type login struct {
	holder
	since timer.Time // tells the session from a later one in its slot
}

// awaitLogin bounds the time of a session that has just been created.
func (s *Server) awaitLogin(h holder, since timer.Time) {
	l := &s.admission.logins
	l.queue = append(l.queue, login{h, since})
	if !l.node.Armed() {
		l.node.Key = uint64(keyLogins) << 32
		s.loop.SetTimer(&l.node, since+s.cfg.LoginTimeout)
	}
}

// handleLoginTimer ends the sessions whose time for log-in is over.
func (s *Server) handleLoginTimer() {
	l := &s.admission.logins
	for len(l.queue) > 0 && l.queue[0].since+s.cfg.LoginTimeout <= s.now() {
		s.checkLogin(l.queue[0])
		l.queue = l.queue[1:]
	}
	if len(l.queue) == 0 {
		l.queue = nil
		return
	}
	s.loop.SetTimer(&l.node, l.queue[0].since+s.cfg.LoginTimeout)
}

// checkLogin ends a session that has not logged in.
func (s *Server) checkLogin(w login) {
	switch w.kind {
	case slotSession:
		ss := s.sessions.get(w.slot)
		if ss == nil || ss.since != w.since || ss.Activity() == bosh.ActivityEnded || s.hasLoggedIn(ss) {
			return
		}
		s.tooLate()
		ss.HandleShutdown(s.now(), bosh.CondPolicyViolation, nil)
	case slotSocket:
		k := s.sockets.get(w.slot)
		if k == nil || k.since != w.since {
			return
		}
		if be := s.backendOf(k); be != nil && !be.loggedIn { // without a stream it is about to be over, or to time out
			s.tooLate()
			k.refuse()
		}
	case slotClient, slotBackend:
	}
}

// hasLoggedIn reports whether a client has logged in on one of its session's streams.
func (s *Server) hasLoggedIn(ss *session) bool {
	for st := range ss.Streams() {
		if be := s.backend(&ss.Session, st); be != nil && be.loggedIn {
			return true
		}
	}
	return false
}

func (s *Server) tooLate() {
	s.stats.hit(LimitLogin)
	s.complain.warn(s.log, s.now(), "sessions were ended that had not logged in within --login-timeout")
}

// noteLogin looks for signs of a log-in: the server's success, or, for what was used before SASL, the first stanza that is no iq.
func (b *backend) noteLogin(el *xmlstream.Element) {
	switch string(el.Space()) {
	case xmlstream.NSClient:
		b.loggedIn = string(el.Local()) != "iq"
	case xmlstream.NSSASL, xmlstream.NSSASL2:
		b.loggedIn = string(el.Local()) == "success"
	}
}
