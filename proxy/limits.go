package proxy

import (
	"math"

	"go-xmpp-bosh/httpparse"
	"go-xmpp-bosh/loop"
)

// Descriptors: what a session takes at most, with the one to its server, and what the process keeps for itself.
const (
	descriptorsPerSession = 3 // a BOSH client has two connections
	descriptorsPerSocket  = 2
	descriptorsSpare      = 64
)

// limitSessions settles how many sessions there may be, and says what follows from the machine, once for all loops.
func (s *Server) limitSessions() {
	all := loop.DescriptorsMax()
	if all == 0 {
		s.descriptors = math.MaxInt
		return
	}
	s.descriptors = max(all-descriptorsSpare*max(1, s.cfg.loops), descriptorsPerSession)
	if s.index > 0 {
		return
	}
	carried := s.descriptors / descriptorsPerSession
	if s.cfg.MaxSessions > carried {
		s.log.Warn("--max-sessions is more than the file descriptors carry over BOSH; raise their limit (ulimit -n, LimitNOFILE=)",
			"max-sessions", s.cfg.MaxSessions, "bosh", carried, "websocket", s.descriptors/descriptorsPerSocket, "descriptors", all)
		return
	}
	s.log.Info("sessions that the file descriptors carry", "bosh", carried, "websocket", s.descriptors/descriptorsPerSocket, "descriptors", all)
}

// isFull reports whether a new session has to be refused, and tells the operator.
func (s *Server) isFull() bool {
	sessions, taken, conns := s.others()
	sessions += s.live()
	switch {
	case s.drain.begun:
	case s.cfg.MaxSessions > 0 && sessions >= s.cfg.MaxSessions:
		s.stats.hit(LimitSessions)
		s.complain.warn(s.log, s.now(), "new sessions are refused with 503: there are as many as --max-sessions allows", "sessions", sessions)
	case taken+s.descriptorsTaken() > s.descriptors-descriptorsPerSession:
		s.stats.hit(LimitDescriptors)
		s.complain.warn(s.log, s.now(), "new sessions are refused with 503: more would need more file descriptors; raise their limit (ulimit -n, LimitNOFILE=)",
			"sessions", sessions)
	case s.cfg.MemoryMax > 0 && s.admission.memory.inUse(s.now(), conns+s.loop.Conns()) > s.cfg.MemoryMax:
		s.stats.hit(LimitMemory)
		s.complain.warn(s.log, s.now(), "new sessions are refused with 503: the process has as much memory as --max-memory allows", "sessions", sessions)
	default:
		return false
	}
	return true
}

// descriptorsTaken is how many descriptors this loop's sessions may come to take. A stream outlives its session until its server has closed it too, and a
// BOSH session may have several.
func (s *Server) descriptorsTaken() int {
	sessions, sockets := s.boshLive(), s.sockets.live
	return sessions*(descriptorsPerSession-1) + sockets*(descriptorsPerSocket-1) + max(s.backends.live, sessions+sockets)
}

// respondBusy asks a client to come again later. Clients give up on 4xx, and try again after 5xx (clients.md).
func (c *client) respondBusy(i int) {
	c.respond(i, c.srv.headsFor(&c.queue[i]).busy, statusText(httpparse.StatusServiceUnavailable))
}

// retryAfter is for how long, in seconds, a client that was refused should stay away.
const retryAfter = "5"
