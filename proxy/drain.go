package proxy

import (
	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/timer"
)

// Of a shutdown, in milliseconds: how long answers and stream ends may take to leave unless Config says otherwise, and how often it is
// looked whether they have.
const (
	drainTimeout = 5000
	drainTick    = 20
)

// drainGrace is for how long, in milliseconds, a connection between two requests is kept when there are sessions, on this loop or another: a reverse proxy may be
// about to use it, and would have to tell its client of an error. Clients poll again within a round trip.
const drainGrace = 500

// drain is the state of a shutdown under way.
type drain struct {
	begun bool
	told  bool // the sessions, those apart that are waited for
	until timer.Time
	grace timer.Time // until then connections between two requests are kept; 0: no longer
	wait  timer.Time // drainGrace
	node  timer.Node
}

// Shutdown ends every session, with where to go instead (Config.RedirectBOSH, RedirectWebSocket) or with system-shutdown, lets what is queued leave, and makes Run return nil: at once when the
// server is idle, after Config.DrainTimeout at the latest. It may be called from any goroutine, and more than once.
func (s *Server) Shutdown() { s.loop.Post(s.drainNow) }

func (s *Server) drainNow() {
	if s.drain.begun {
		return
	}
	s.enter()
	s.drain.begun = true
	s.drain.until = s.now() + max(s.cfg.DrainTimeout, 0)
	for _, l := range s.listeners {
		l.Close()
	}
	if elsewhere, _, _ := s.others(); s.live()+elsewhere > 0 {
		s.drain.grace = s.now() + s.drain.wait
	} else {
		s.closeIdle()
	}
	first := timer.Time(1)
	if s.live() > 0 {
		first = drainTick
	}
	s.drain.node.Key = uint64(keyServer) << 32
	s.loop.SetTimer(&s.drain.node, s.now()+first)
	s.settle()
}

// tell ends the sessions that need not be waited for. It is a tick after the begin: what their servers had sent by then lies in the kernel, which the loop may not have asked since, and
// would be lost with the streams.
func (s *Server) tell() {
	s.drain.told = true
	s.clients.each(func(_ uint32, c *client) {
		for i := range c.queue {
			c.queue[i].keepAlive, c.queue[i].staged = false, true
		}
	})
	waits := s.drain.grace < s.drain.until && (s.clients.live > 0 || len(s.peers) > 1)
	s.sessions.each(func(_ uint32, ss *session) {
		if a := ss.Activity(); !waits || a == bosh.ActivityHeld || a == bosh.ActivityCreating {
			s.dismiss(ss)
		}
	})
	s.sockets.each(func(_ uint32, w *socket) {
		w.HandleShutdown(s.now(), s.cfg.RedirectWebSocket)
	})
}

// dismiss ends a session because of the shutdown. One that holds a request is dismissed at once. One that holds none can't be told before its client's next request, and that can come over
// no new connection: so it is given drainGrace, if there is any connection at all, and its stanzas go with the answer; afterwards they go back to their senders.
func (s *Server) dismiss(ss *session) {
	if to := s.cfg.RedirectBOSH; to != "" {
		ss.HandleShutdown(s.now(), bosh.CondSeeOtherURI, []byte(to))
		return
	}
	ss.HandleShutdown(s.now(), bosh.CondSystemShutdown, nil)
}

// welcomed is called for a request that comes for a session while the server drains: if it is one that was waited for, its connection goes on, since its answer may be stanzas, and the last
// word comes with the next.
func (c *client) welcomed(ss *session, e *exchange) {
	if c.srv.drain.grace != 0 && c.srv.request.KeepAlive && ss.Activity() != bosh.ActivityEnded {
		e.keepAlive, e.staged, c.ending = true, false, false
	}
}

// dismissed ends the session once a request of it is held.
func (c *client) dismissed(ss *session) {
	if !c.srv.drain.told || ss.Activity() != bosh.ActivityHeld {
		return
	}
	c.ending = true
	for i := range c.queue {
		c.queue[i].keepAlive, c.queue[i].staged = false, true
	}
	c.srv.dismiss(ss)
}

// closeIdle closes the connections that are between two requests.
func (s *Server) closeIdle() {
	s.drain.grace = 0
	s.clients.each(func(_ uint32, c *client) {
		if len(c.queue) == 0 && !c.ending {
			c.end(true)
		}
	})
}

// handleDrainTimer ends the loop as soon as nothing is left to leave.
func (s *Server) handleDrainTimer() {
	if !s.drain.told {
		s.tell()
	}
	if g := s.drain.grace; g != 0 && s.now() >= g {
		s.sessions.each(func(_ uint32, ss *session) { s.dismiss(ss) })
		s.closeIdle()
	}
	if s.loop.Conns() == 0 || s.now() >= s.drain.until {
		s.loop.Stop()
		return
	}
	s.loop.SetTimer(&s.drain.node, s.now()+drainTick)
}
