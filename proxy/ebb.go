package proxy

import (
	"runtime/debug"

	"go-xmpp-bosh/timer"
)

// ebb gives memory back to the system that a burst has left behind: what the free lists hold, and what Go's runtime keeps for the next burst. A server that has
// half the sessions that it had has no use for it; nor has one that has a quarter more, and the garbage of their log-ins.
type ebb struct {
	high, low int // the most and the fewest sessions since memory was last given back
	node      timer.Node
}

// ebbDelay is how long a server is given, in milliseconds, until it is looked whether it is still so: clients come in crowds, and come back within seconds.
const ebbDelay = 3_000

// ebbLeast is how many sessions more are worth the trouble.
const ebbLeast = 64

// boshLive is how many BOSH sessions there are. The record of one that has ended stays for a while, to say why, but nothing else of it does.
func (s *Server) boshLive() int { return int(s.env.Counts.Opened - s.env.Counts.Ended) }

// live is how many sessions there are.
func (s *Server) live() int { return s.boshLive() + s.sockets.live }

// rise notes a new session.
func (s *Server) rise() {
	s.ebb.high = max(s.ebb.high, s.live())
	s.expectEbb()
}

// fall notes the end of one.
func (s *Server) fall() {
	s.ebb.low = min(s.ebb.low, s.live())
	s.expectEbb()
}

func (s *Server) hasRisen() bool  { return s.live() > s.ebb.low+s.ebb.low/4+ebbLeast }
func (s *Server) hasFallen() bool { return 2*s.live() < s.ebb.high }

func (s *Server) expectEbb() {
	if e := &s.ebb; !e.node.Armed() && (s.hasFallen() || s.hasRisen()) {
		e.node.Key = uint64(keyEbb) << 32
		s.loop.SetTimer(&e.node, s.now()+ebbDelay)
	}
}

// handleEbbTimer gives back what is not in use. Collecting takes its time, so it is not done on the loop.
func (s *Server) handleEbbTimer() {
	if !s.hasFallen() && !s.hasRisen() {
		return
	}
	s.ebb.low = s.live()
	s.ebb.high = s.live() + s.sessions.live - s.boshLive() // what lingers has its turn when it has gone
	s.loop.Trim()
	s.env.Trim()
	s.socketEnv.Frames.Trim()
	go debug.FreeOSMemory()
}
