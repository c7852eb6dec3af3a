package load

import (
	"errors"
	"fmt"

	"go-xmpp-bosh/bench/wire"
)

// bosh speaks XEP-0124 as browsers' clients do.
type bosh struct {
	target *Target
	single bool // one connection
	post   *wire.Poster
	extra  string // attributes of the creation
	body   []byte
}

func newBOSH(t *Target) *bosh {
	b := &bosh{target: t, single: t.Transport == BOSH1, post: wire.NewPoster(t.Path, t.Domain)}
	if t.Route != "" {
		b.extra = " route='xmpp:" + t.Route + "'"
	}
	return b
}

// firstRID is the first request's; any number would do, the same for all makes runs alike.
const firstRID = 1_000_000

func (b *bosh) begin(g *Generator, s *session) error {
	s.rid = firstRID
	b.body = wire.AppendCreation(b.body[:0], s.rid, b.target.Domain, b.extra)
	return b.request(g, s.links[0])
}

func (b *bosh) restart(g *Generator, s *session) error {
	s.rid++
	b.body = wire.AppendRestart(b.body[:0], s.rid, s.sid, b.target.Domain)
	return b.send(g, s)
}

func (b *bosh) say(g *Generator, s *session, payload []byte) error {
	s.rid++
	b.body = wire.AppendBody(b.body[:0], s.rid, s.sid, payload)
	return b.send(g, s)
}

// canSay: strophe.js, with two connections, sends beside the request that is held, so there has to be one; with one connection a held request is in
// the way only when a quiet session begins to talk, which then needs a second connection for a moment.
func (b *bosh) canSay(_ *Generator, s *session) bool {
	busy := busyLinks(s)
	if b.single {
		return busy <= 1
	}
	return busy == 1
}

// settle polls when nothing is held, but with one connection only if no message is about to be the next request. A message that was
// answered with nothing is fetched by a poll.
func (b *bosh) settle(g *Generator, s *session) error {
	if busyLinks(s) > 0 || s.phase == phaseClosing || s.sid == "" {
		return nil
	}
	if s.phase == phaseReady && b.target.Unheld && !s.awaited {
		return nil
	}
	if s.phase == phaseReady && b.single && g.talks(s) && !s.awaited {
		return nil
	}
	s.rid++
	b.body = wire.AppendBody(b.body[:0], s.rid, s.sid, nil)
	return b.send(g, s)
}

func (b *bosh) end(g *Generator, s *session) error {
	s.rid++
	b.body = wire.AppendTerminate(b.body[:0], s.rid, s.sid)
	return b.send(g, s)
}

func busyLinks(s *session) (n int) {
	for _, l := range s.links {
		if l != nil && l.busy {
			n++
		}
	}
	return n
}

// send puts the request that is made on a free connection, a new one if need be.
func (b *bosh) send(g *Generator, s *session) error {
	for side, l := range s.links {
		if l == nil {
			made, err := g.connect(s, side)
			if err != nil {
				return err
			}
			made.busy = true
			// The body buffer serves the next session before this connection stands.
			request := b.post.Append(nil, b.body)
			return g.whenUp(made, func() error { return g.send(made, request) })
		}
		if !l.busy {
			return b.request(g, l)
		}
	}
	return errors.New("both connections are busy")
}

func (b *bosh) request(g *Generator, l *link) error {
	l.busy = true
	g.scratch = b.post.Append(g.scratch[:0], b.body)
	return g.send(l, g.scratch)
}

func (b *bosh) receive(g *Generator, l *link, in []byte) (consumed int, err error) {
	for consumed < len(in) {
		a, err := wire.CutAnswer(in[consumed:])
		if err != nil {
			return consumed, err
		}
		if a.Bytes == 0 {
			return consumed, nil
		}
		consumed += a.Bytes
		if !l.busy {
			return consumed, errors.New("an answer that nobody asked for")
		}
		l.busy = false
		if a.Status != 200 {
			return consumed, fmt.Errorf("status %d", a.Status)
		}
		if err := b.answer(g, l, a.Body); err != nil || l.s.phase == phaseOver {
			return consumed, err
		}
	}
	return consumed, nil
}

func (b *bosh) answer(g *Generator, l *link, body []byte) error {
	s := l.s
	condition, over := wire.BodyTerminates(body)
	switch {
	case over && s.phase == phaseClosing:
	case over:
		return fmt.Errorf("session ended by the server while %s: condition %q", s.phase, condition)
	case s.sid == "":
		sid, ok := wire.BodySID(body)
		if !ok {
			return fmt.Errorf("no sid in the first answer")
		}
		s.sid = string(sid)
	}
	if err := g.payload(s, body); err != nil {
		return err
	}
	switch {
	case s.phase == phaseClosing && busyLinks(s) == 0:
		g.over(s)
	case b.single && l.side == 1 && !l.busy && s.links[1] == l && s.phase == phaseReady:
		g.unlink(l) // it was needed for a moment
	}
	return nil
}

// linkEnded: a server may close an idle connection, as HTTP has it.
func (b *bosh) linkEnded(g *Generator, l *link) error {
	if l.busy && l.s.phase != phaseClosing {
		return errors.New("connection closed under a request")
	}
	g.unlink(l)
	if l.s.phase == phaseClosing && busyLinks(l.s) == 0 {
		g.over(l.s)
	}
	return nil
}
