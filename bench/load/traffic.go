package load

import (
	"errors"
	"fmt"

	"go-xmpp-bosh/bench/epoll"
	"go-xmpp-bosh/bench/wire"
)

// errRefused is a log-in that ended in failure.
var errRefused = errors.New("the server refused the log-in")

// payload takes what the server said to a session, and goes on from there.
func (g *Generator) payload(s *session, b []byte) error {
	if s.phase == phaseOpening {
		return g.advance(s, b)
	}
	wire.EachMark(b, func(m wire.Mark) { g.took(s, m) })
	if s.phase == phaseOver {
		return nil
	}
	return g.pump(s)
}

// advance takes the log-in one step further.
func (g *Generator) advance(s *session, b []byte) error {
	if !s.step.Reached(b) {
		if wire.Refused(b) {
			return fmt.Errorf("%w while waiting for %s: %.200q", errRefused, s.step, b)
		}
		return g.speaker.settle(g, s)
	}
	switch s.step {
	case wire.StepMechanisms:
		s.step = wire.StepSuccess
		return g.speaker.say(g, s, []byte(g.target.auth(s.number)))
	case wire.StepSuccess:
		s.step = wire.StepBind
		return g.speaker.restart(g, s)
	case wire.StepBind:
		s.step = wire.StepBound
		return g.speaker.say(g, s, []byte(wire.BindRequest))
	case wire.StepBound:
		jid, ok := wire.BoundJID(b)
		if !ok {
			return g.speaker.settle(g, s)
		}
		s.jid = string(jid)
		return g.ready(s)
	case wire.StepReady:
	}
	return nil
}

// talks says whether a session is about to send.
func (g *Generator) talks(s *session) bool {
	return s.due != 0 || g.mode == Echo || g.mode == Churn || g.mode == Paced && s.sent > 0
}

// pump does what a session can do now: poll, and send what is due.
func (g *Generator) pump(s *session) error {
	if s.phase != phaseReady {
		return nil
	}
	if err := g.speaker.settle(g, s); err != nil {
		return err
	}
	if s.due == 0 || s.awaited || !g.speaker.canSay(g, s) {
		return nil
	}
	s.sent++
	s.sentAt, s.due, s.awaited = s.due, 0, true
	g.count.Sent++
	g.message = wire.AppendMessage(g.message[:0], s.jid, wire.Mark{Kind: wire.KindEcho, Seq: s.sent, Time: s.sentAt}, g.target.MessageBytes)
	return g.speaker.say(g, s, g.message)
}

// took counts one message, checks its number, and in a closed loop makes the next one due.
func (g *Generator) took(s *session, m wire.Mark) {
	now := epoll.Now()
	last := &s.echoed
	switch m.Kind {
	case wire.KindEcho:
		g.count.Echoed++
		s.awaited = false
		g.speaks(s)
	case wire.KindPush:
		last = &s.pushed
		g.count.Pushed++
		g.fresh++
	default:
		g.count.Strange++
		return
	}
	switch {
	case m.Seq == *last+1:
		*last = m.Seq
	case m.Seq <= *last:
		g.count.Doubled++
	default:
		g.count.Skipped += uint64(m.Seq - *last - 1)
		*last = m.Seq
	}
	if err := g.latency.RecordValue(min(max(now-m.Time, latencyMin), latencyMax)); err != nil {
		g.count.Strange++
	}
	switch {
	case m.Kind == wire.KindPush:
	case g.mode == Echo:
		s.due = now
	case g.mode == Churn:
		g.endSoon(s)
	}
}

// speaks: the session is no longer, or not any more, one whose first echo is waited for.
func (g *Generator) speaks(s *session) {
	if s.silent {
		s.silent = false
		g.count.Silent--
	}
}

// All stands for every session.
const All = -1

// StartEcho makes so many of the sessions send in closed loops.
func (g *Generator) StartEcho(busy int) {
	g.mode = Echo
	all := g.standing()
	if busy != All {
		all = all[:min(busy, len(all))]
	}
	for _, s := range all {
		s.due, s.silent = epoll.Now(), true
		g.count.Silent++
		if err := g.pump(s); err != nil {
			g.fail(s, err)
		}
	}
}

// SendOnce makes each session send one message, which has a client of two connections open its second.
func (g *Generator) SendOnce() {
	for _, s := range g.standing() {
		if s.sent > 0 {
			continue
		}
		s.due = epoll.Now()
		if err := g.pump(s); err != nil {
			g.fail(s, err)
		}
	}
}

// StartPaced makes each session send one message in each interval, evenly spread.
func (g *Generator) StartPaced(intervalNanoseconds int64) {
	g.mode = Paced
	g.pace = pace{on: len(g.sessions) > 0, start: epoll.Now() + 1_000_000, step: float64(intervalNanoseconds) / float64(max(1, len(g.sessions)))}
}

// StartChurn keeps so many sessions under way that each end after one message.
func (g *Generator) StartChurn(width int) {
	g.mode = Churn
	g.inflight = width
	g.wanted = width
}

// Calm ends whatever the sessions do: no message is sent any more, and what is under way comes back.
func (g *Generator) Calm() {
	g.mode = Quiet
	g.pace.on = false
	g.wanted = 0
	for _, s := range g.standing() {
		s.due = 0
		if err := g.pump(s); err != nil {
			g.fail(s, err)
		}
	}
}

func (g *Generator) standing() []*session {
	all := make([]*session, 0, len(g.sessions))
	for _, s := range g.sessions {
		if s.phase == phaseReady {
			all = append(all, s)
		}
	}
	return all
}
