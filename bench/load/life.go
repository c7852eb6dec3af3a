package load

import (
	"go-xmpp-bosh/bench/epoll"
	"go-xmpp-bosh/bench/wire"
)

// Open opens n more sessions, so many at once.
func (g *Generator) Open(n, inflight int) {
	g.wanted += n
	g.inflight = inflight
}

// Close closes all sessions properly, so many at once.
func (g *Generator) Close(inflight int) {
	g.Calm()
	g.inflight = inflight
	g.ending = append(g.ending, g.standing()...)
}

func (g *Generator) openSome() {
	for g.wanted > 0 && g.opening+g.closing < g.inflight {
		g.wanted--
		g.opening++
		g.number++
		s := &session{number: g.number, at: len(g.sessions)}
		g.sessions = append(g.sessions, s)
		l, err := g.connect(s, 0)
		if err == nil {
			err = g.whenUp(l, func() error { return g.speaker.begin(g, s) })
		}
		if err != nil {
			g.wanted = 0 // the next one would fare no better
			g.fail(s, err)
		}
	}
}

func (g *Generator) closeSome() {
	for len(g.ending) > 0 && g.closing < g.inflight {
		s := g.ending[0]
		g.ending = g.ending[1:]
		if s.phase != phaseReady {
			continue
		}
		g.setPhase(s, phaseClosing)
		if err := g.speaker.end(g, s); err != nil {
			g.fail(s, err)
		}
	}
}

// setPhase is the one writer of a session's phase, and keeps the counts that depend on it.
func (g *Generator) setPhase(s *session, to phase) {
	switch s.phase {
	case phaseOpening:
		g.opening--
	case phaseReady:
		g.count.Ready--
	case phaseClosing:
		g.closing--
	case phaseOver:
	}
	s.phase = to
	switch to {
	case phaseReady:
		g.count.Ready++
		g.count.Opened++
	case phaseClosing:
		g.closing++
	case phaseOpening, phaseOver:
	}
}

// ready: the session stands.
func (g *Generator) ready(s *session) error {
	s.step = wire.StepReady
	g.setPhase(s, phaseReady)
	if g.mode == Churn {
		s.due = epoll.Now()
	}
	return g.pump(s)
}

// endSoon ends a session at the end of the turn: it may be in the midst of its own input.
func (g *Generator) endSoon(s *session) {
	if !s.closing {
		s.closing = true
		g.ending = append(g.ending, s)
	}
}

// over: the session has ended as it should.
func (g *Generator) over(s *session) {
	if s.phase == phaseOver {
		return
	}
	g.count.Closed++
	g.forget(s)
	if g.mode == Churn {
		g.wanted++
	}
}

// fail: the session has ended as it should not.
func (g *Generator) fail(s *session, err error) {
	if s.phase == phaseOver {
		return
	}
	g.count.Failed++
	if g.count.FirstError == "" && err != nil {
		g.count.FirstError = err.Error()
	}
	g.forget(s)
}

func (g *Generator) forget(s *session) {
	g.setPhase(s, phaseOver)
	g.speaks(s)
	for _, l := range s.links {
		if l != nil {
			g.unlink(l)
		}
	}
	if s.awaited {
		g.count.Lost++
	}
	last := g.sessions[len(g.sessions)-1]
	g.sessions[s.at], last.at = last, s.at
	g.sessions = g.sessions[:len(g.sessions)-1]
}
