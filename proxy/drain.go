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

// drainGrace is for how long, in milliseconds, a connection between two requests is kept when there are sessions: a reverse proxy may be about to use it, and
// would have to tell its client of an error.
const drainGrace = 500

// drain is the state of a shutdown under way.
type drain struct {
	begun bool
	until timer.Time
	grace timer.Time // until then connections between two requests are kept
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
	s.clients.each(func(_ uint32, c *client) {
		for i := range c.queue {
			c.queue[i].keepAlive, c.queue[i].staged = false, true
		}
	})
	if s.live() > 0 {
		s.drain.grace = s.now() + drainGrace
	} else {
		s.closeIdle()
	}
	cond, uri := bosh.CondSystemShutdown, []byte(nil)
	if to := s.cfg.RedirectBOSH; to != "" {
		cond, uri = bosh.CondSeeOtherURI, []byte(to)
	}
	s.sessions.each(func(_ uint32, ss *session) {
		ss.HandleShutdown(s.now(), cond, uri)
	})
	s.sockets.each(func(_ uint32, w *socket) {
		w.HandleShutdown(s.now(), s.cfg.RedirectWebSocket)
	})
	s.drain.node.Key = uint64(keyServer) << 32
	s.loop.SetTimer(&s.drain.node, s.now()+1)
	s.settle()
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
	if g := s.drain.grace; g != 0 && s.now() >= g {
		s.closeIdle()
	}
	if s.loop.Conns() == 0 || s.now() >= s.drain.until {
		s.loop.Stop()
		return
	}
	s.loop.SetTimer(&s.drain.node, s.now()+drainTick)
}
