package load

import (
	"errors"
	"fmt"

	"go-xmpp-bosh/bench/wire"
)

// websocket speaks RFC 7395, or the framing before it.
type websocket struct {
	upgrade []byte
	open    []byte
	close   []byte
}

func newWebSocket(t *Target) *websocket {
	w := &websocket{upgrade: wire.Upgrade(t.Path, t.Domain)}
	if t.Transport == Framed {
		route := ""
		if t.Route != "" {
			route = "xmpp:" + t.Route
		}
		w.open, w.close = []byte(wire.StreamHeader(t.Domain, route)), []byte(wire.StreamEnd)
	} else {
		w.open, w.close = []byte(wire.FramedOpen(t.Domain)), []byte(wire.FramedClose)
	}
	return w
}

func (w *websocket) begin(g *Generator, s *session) error {
	return g.send(s.links[0], w.upgrade)
}

func (w *websocket) restart(g *Generator, s *session) error { return w.say(g, s, w.open) }

func (w *websocket) say(g *Generator, s *session, payload []byte) error {
	g.scratch = wire.AppendFrame(g.scratch[:0], wire.OpText, payload)
	return g.send(s.links[0], g.scratch)
}

func (w *websocket) canSay(*Generator, *session) bool { return true }

func (w *websocket) settle(*Generator, *session) error { return nil }

func (w *websocket) end(g *Generator, s *session) error { return w.say(g, s, w.close) }

func (w *websocket) receive(g *Generator, l *link, in []byte) (consumed int, err error) {
	if !l.upgraded {
		a, err := wire.CutAnswer(in)
		if err != nil || a.Bytes == 0 {
			return 0, err
		}
		if a.Status != 101 {
			return 0, fmt.Errorf("WebSocket refused: status %d", a.Status)
		}
		l.upgraded = true
		consumed = a.Bytes
		if err := w.say(g, l.s, w.open); err != nil {
			return consumed, err
		}
	}
	for consumed < len(in) {
		f, err := wire.CutFrame(in[consumed:])
		if err != nil || f.Bytes == 0 {
			return consumed, err
		}
		consumed += f.Bytes
		if err := w.frame(g, l, f); err != nil || l.s.phase == phaseOver {
			return consumed, err
		}
	}
	return consumed, nil
}

func (w *websocket) frame(g *Generator, l *link, f wire.Frame) error {
	switch f.Op {
	case wire.OpText:
		if !f.Fin {
			return errors.New("a message in fragments, which the harness doesn't read")
		}
		if l.s.phase == phaseClosing && wire.EndsStream(f.Payload) {
			// RFC 7395 §3.6: once both have said so, the connection is closed too.
			return g.send(l, wire.AppendFrame(nil, wire.OpClose, []byte{0x03, 0xe8}))
		}
		if l.s.phase == phaseReady && (wire.EndsStream(f.Payload) || wire.Refused(f.Payload)) {
			return fmt.Errorf("stream ended by the server: %.200q", f.Payload)
		}
		return g.payload(l.s, f.Payload)
	case wire.OpPing:
		return g.send(l, wire.AppendFrame(nil, wire.OpPong, f.Payload))
	case wire.OpPong:
		return nil
	case wire.OpClose:
		if l.s.phase != phaseClosing {
			return fmt.Errorf("closed by the server while %s: % x", l.s.phase, f.Payload)
		}
		g.over(l.s)
		return nil
	case wire.OpContinuation, wire.OpBinary:
	}
	return fmt.Errorf("unexpected %s frame", f.Op)
}

func (w *websocket) linkEnded(g *Generator, l *link) error {
	if l.s.phase != phaseClosing {
		return errors.New("connection closed")
	}
	g.over(l.s)
	return nil
}
