package proxy

import (
	"runtime/debug"
	"runtime/metrics"

	"go-xmpp-bosh/timer"
)

// ebb gives memory back to the system that a burst has left behind: what the free lists hold, and what Go's runtime keeps for the next burst. A server that has
// half the sessions that it had has no use for it; nor has one that has a quarter more, and the garbage of their log-ins. What those say first leaves some too, so
// there a few more looks follow.
type ebb struct {
	high, low int        // the most and the fewest sessions since memory was last given back
	records   int        // the most records since then: those of sessions that have ended linger
	came      int        // sessions since it was last looked
	since     timer.Time // when it began to be worth it
	pause     timer.Time // of the look that follows, behind a crowd; 0: none does
	node      timer.Node

	samples   []metrics.Sample
	allocated uint64 // by all of the process, when memory was last given back
}

// ebbDelay is how long a server is given, in milliseconds, until memory goes back: clients come in crowds, and come back within seconds. Behind a crowd that has
// come it goes sooner: as soon as nobody came for as long as ebbPause. The looks behind that come after twice the time each, up to ebbDelay.
const (
	ebbDelay = 3_000
	ebbPause = 500
)

// ebbLeast is how many sessions more are worth the trouble.
const ebbLeast = 64

// boshLive is how many BOSH sessions there are. The record of one that has ended stays for a while, to say why, but nothing else of it does.
func (s *Server) boshLive() int { return int(s.env.Counts.Opened - s.env.Counts.Ended) }

// live is how many sessions there are.
func (s *Server) live() int { return s.boshLive() + s.sockets.live }

// records is how many there are, and have not been forgotten.
func (s *Server) records() int { return s.sessions.live + s.sockets.live }

// rise notes a new session.
func (s *Server) rise() {
	s.ebb.came++
	s.ebb.high, s.ebb.records = max(s.ebb.high, s.live()), max(s.ebb.records, s.records())
	s.expectEbb()
}

// fall notes the end of one.
func (s *Server) fall() {
	s.ebb.low = min(s.ebb.low, s.live())
	s.expectEbb()
}

func (s *Server) hasRisen() bool { return s.live() > s.ebb.low+s.ebb.low/4+ebbLeast }

// hasFallen: what lingers has its turn when it has gone.
func (s *Server) hasFallen() bool { return 2*s.live() < s.ebb.high || 2*s.records() < s.ebb.records }

func (s *Server) expectEbb() {
	if e := &s.ebb; (!e.node.Armed() || e.pause > 0) && (s.hasFallen() || s.hasRisen()) {
		e.since, e.pause = s.now(), 0
		s.lookAgain(ebbPause)
	}
}

func (s *Server) lookAgain(after timer.Time) {
	s.ebb.came = 0
	s.ebb.node.Key = uint64(keyEbb) << 32
	s.loop.SetTimer(&s.ebb.node, s.now()+after)
}

// handleEbbTimer looks whether it is time.
func (s *Server) handleEbbTimer() {
	e := &s.ebb
	risen, fallen := s.hasRisen(), s.hasFallen()
	switch {
	case !risen && !fallen && e.pause == 0:
		return
	case !risen && !fallen:
		if s.hasAllocated() {
			s.giveBack()
		}
		e.pause *= 2
	case s.now() < e.since+ebbDelay && (!risen || e.came > 0):
		s.lookAgain(ebbPause)
		return
	default:
		s.giveBack()
		e.pause = 0
		if risen {
			e.pause = ebbPause
		}
	}
	if e.pause > ebbDelay {
		e.pause = 0
	}
	if e.pause > 0 {
		s.lookAgain(e.pause)
	}
}

// giveBack gives back what is not in use. Collecting takes its time, so it is not done on the loop.
func (s *Server) giveBack() {
	s.ebb.low, s.ebb.high, s.ebb.records = s.live(), s.live(), s.records()
	s.ebb.allocated, _ = s.ebb.read()
	s.loop.Trim()
	s.env.Trim()
	s.socketEnv.Frames.Trim()
	go debug.FreeOSMemory()
}

// hasAllocated: since memory was last given back, a sixteenth of what is in use was allocated.
func (s *Server) hasAllocated() bool {
	allocated, inUse := s.ebb.read()
	return allocated-s.ebb.allocated > inUse/16
}

// read gives how many bytes the process has allocated in its life, and how many of its heap are taken, garbage included.
func (e *ebb) read() (allocated, inUse uint64) {
	if e.samples == nil {
		e.samples = []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}, {Name: "/memory/classes/heap/objects:bytes"}}
	}
	metrics.Read(e.samples)
	return e.samples[0].Value.Uint64(), e.samples[1].Value.Uint64()
}
