package load

import (
	"errors"

	"go-xmpp-bosh/bench/wire"
)

// raw speaks XMPP over TCP, through a relay that doesn't look inside.
type raw struct {
	open []byte
}

func newRaw(t *Target) *raw { return &raw{[]byte(wire.StreamHeader(t.Domain, ""))} }

func (r *raw) begin(g *Generator, s *session) error   { return g.send(s.links[0], r.open) }
func (r *raw) restart(g *Generator, s *session) error { return g.send(s.links[0], r.open) }

func (r *raw) say(g *Generator, s *session, payload []byte) error { return g.send(s.links[0], payload) }

func (r *raw) canSay(*Generator, *session) bool   { return true }
func (r *raw) settle(*Generator, *session) error  { return nil }
func (r *raw) end(g *Generator, s *session) error { return g.send(s.links[0], []byte(wire.StreamEnd)) }

func (r *raw) receive(g *Generator, l *link, in []byte) (int, error) {
	if l.s.phase != phaseReady {
		if l.s.phase == phaseClosing && wire.EndsStream(in) {
			g.over(l.s)
			return len(in), nil
		}
		// What a step awaits comes last in what it awaits, but for its end tags: those are skipped with the next step.
		before := l.s.step
		if err := g.payload(l.s, in); err != nil || l.s.step == before {
			return 0, err
		}
		return len(in), nil
	}
	n := wire.CompleteMessages(in)
	if n == 0 {
		return 0, nil
	}
	return n, g.payload(l.s, in[:n])
}

func (r *raw) linkEnded(g *Generator, l *link) error {
	if l.s.phase != phaseClosing {
		return errors.New("connection closed")
	}
	g.over(l.s)
	return nil
}

// static speaks no XMPP: each message is a POST, and any 200 is its echo.
type static struct {
	post *wire.Poster
}

func newStatic(t *Target) *static { return &static{wire.NewPoster(t.Path, t.Domain)} }

func (st *static) begin(g *Generator, s *session) error {
	s.jid = "nobody@localhost/nowhere"
	return g.ready(s)
}

func (st *static) restart(*Generator, *session) error { return nil }

func (st *static) say(g *Generator, s *session, payload []byte) error {
	s.links[0].busy = true
	g.scratch = st.post.Append(g.scratch[:0], payload)
	return g.send(s.links[0], g.scratch)
}

func (st *static) canSay(_ *Generator, s *session) bool { return !s.links[0].busy }
func (st *static) settle(*Generator, *session) error    { return nil }

func (st *static) end(g *Generator, s *session) error {
	g.over(s)
	return nil
}

func (st *static) receive(g *Generator, l *link, in []byte) (int, error) {
	a, err := wire.CutAnswer(in)
	if err != nil || a.Bytes == 0 {
		return 0, err
	}
	if a.Status != 200 || !l.busy {
		return a.Bytes, errors.New("not one 200 for each POST")
	}
	l.busy = false
	g.took(l.s, wire.Mark{Kind: wire.KindEcho, Seq: l.s.sent, Time: l.s.sentAt})
	return a.Bytes, g.pump(l.s)
}

func (st *static) linkEnded(_ *Generator, l *link) error {
	return errors.New("connection closed")
}
