package proxy

import (
	"runtime/debug"

	"go-xmpp-bosh/timer"
)

// ebb gives a burst's memory back to the system: what the free lists hold, and what Go's runtime keeps for the next burst. A server that has half the
// sessions that it had has no use for it.
type ebb struct {
	peak int // sessions, since memory was last given back
	node timer.Node
}

// ebbDelay is how long after its sessions have halved a server is given, in milliseconds, in case they come back: clients do so within seconds.
const ebbDelay = 3_000

// boshLive is how many BOSH sessions there are. The record of one that has ended stays for a while, to say why, but nothing else of it does.
func (s *Server) boshLive() int { return int(s.env.Counts.Opened - s.env.Counts.Ended) }

// live is how many sessions there are.
func (s *Server) live() int { return s.boshLive() + s.sockets.live }

// rise notes a new session.
func (s *Server) rise() { s.ebb.peak = max(s.ebb.peak, s.live()) }

// fall notes the end of one.
func (s *Server) fall() {
	if e := &s.ebb; 2*s.live() < e.peak && !e.node.Armed() {
		e.node.Key = uint64(keyEbb) << 32
		s.loop.SetTimer(&e.node, s.now()+ebbDelay)
	}
}

// handleEbbTimer gives back what is not in use. Collecting takes its time, so it is not done on the loop.
func (s *Server) handleEbbTimer() {
	if 2*s.live() >= s.ebb.peak {
		return
	}
	s.ebb.peak = s.live() + s.sessions.live - s.boshLive() // what lingers has its turn when it has gone
	s.loop.Trim()
	s.env.Trim()
	s.socketEnv.Frames.Trim()
	go debug.FreeOSMemory()
}
