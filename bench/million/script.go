package million

import (
	"encoding/binary"
	"errors"
	"fmt"

	"go-xmpp-bosh/bench/wire"
	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/wsframe"
)

const (
	domain   = "localhost"
	firstRID = 1_000_000

	header        = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='localhost' version='1.0' id='x'>"
	offerSASL     = header + "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>"
	success       = "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"
	offerBind     = header + "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>"
	bound         = "<iq type='result' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>u@localhost/bench</jid></bind></iq>"
	messageLength = 256
)

var (
	message = wire.AppendMessage(nil, "u@localhost/bench", wire.Mark{Kind: wire.KindEcho, Seq: 1}, messageLength)
	auth    = []byte(wire.Plain("u"))
	bind    = []byte(wire.BindRequest)
	opening = []byte(wire.FramedOpen(domain))
)

var errScript = errors.New("a session did not follow the script")

// Open opens n more sessions: each logs in, sends a message that comes back, and then waits.
func (w *World) Open(n int) error {
	if w.kind == BOSH {
		w.bosh.grow(w.open + n)
	} else {
		w.ws.grow(w.open + n)
	}
	for range n {
		slot := uint32(w.open)
		w.open++
		l := w.link(slot)
		l.timer.Key, l.streamTimer.Key = uint64(slot)<<1, uint64(slot)<<1|streamKey
		if err := w.logIn(slot); err != nil {
			return fmt.Errorf("session %d: %w", slot, err)
		}
	}
	return nil
}

// create makes the session, as far as its stream's header.
func (w *World) create(slot uint32) error {
	var random [16]byte
	binary.BigEndian.PutUint64(random[:], uint64(slot)+1)
	if w.kind == WebSocket {
		w.ws.at(slot).Create(w.now, &w.socketEnv, slot, wsframe.Deflate{}, random)
		w.say(slot, opening)
	} else {
		w.request = wire.AppendCreation(w.request[:0], firstRID, domain, "")
		b, err := w.parser.Parse(w.request)
		if err != nil {
			return err
		}
		w.bosh.at(slot).Create(w.now, &w.env, slot, random, random, bosh.Handle(slot)+1, b)
	}
	w.link(slot).stream.HandleConnect(w.now)
	w.hear(slot, offerSASL)
	if w.kind == WebSocket {
		return nil
	}
	sid, ok := wire.BodySID(w.answer)
	c := &w.clients[slot]
	if !ok || len(sid) > len(c.sid) {
		return fmt.Errorf("%w: %s", errScript, w.answer)
	}
	c.n = uint8(copy(c.sid[:], sid))
	return nil
}

func (w *World) logIn(slot uint32) error {
	if err := w.create(slot); err != nil {
		return err
	}
	w.say(slot, auth)
	w.hear(slot, success)
	w.restart(slot)
	w.hear(slot, offerBind)
	w.say(slot, bind)
	w.hear(slot, bound)
	w.Echo(slot)
	w.poll(slot)
	if w.ended > 0 {
		return errScript
	}
	return nil
}

// Echo is a message of a session's that comes back.
func (w *World) Echo(slot uint32) {
	w.say(slot, message)
	l := w.link(slot)
	l.stream.HandleData(w.now, message)
	w.flush(slot)
}

// say brings a client's element: in the next request, or in a frame.
func (w *World) say(slot uint32, el []byte) {
	if w.kind == WebSocket {
		w.request = wire.AppendFrame(w.request[:0], wire.OpText, el)
		w.ws.at(slot).HandleData(w.now, w.request)
		return
	}
	c := &w.clients[slot]
	c.rid++
	w.request = appendBody(w.request[:0], c, el)
	w.bring(slot)
}

func (w *World) restart(slot uint32) {
	if w.kind == WebSocket {
		w.say(slot, opening)
		return
	}
	c := &w.clients[slot]
	c.rid++
	w.request = wire.AppendRestart(w.request[:0], firstRID+uint64(c.rid), string(c.sid[:c.n]), domain)
	w.bring(slot)
}

// poll brings an empty request, which is held.
func (w *World) poll(slot uint32) {
	if w.kind == BOSH {
		w.say(slot, nil)
	}
}

// pong answers a ping.
func (w *World) pong(slot uint32) {
	w.request = wire.AppendFrame(w.request[:0], wire.OpPong, nil)
	w.ws.at(slot).HandleData(w.now, w.request)
}

// appendBody is wire.AppendBody without a string for the sid.
func appendBody(dst []byte, c *client, el []byte) []byte {
	return wire.AppendBodyBytes(dst, firstRID+uint64(c.rid), c.sid[:c.n], el)
}

// bring brings the request that is made. One that isn't understood leaves the script behind, which shows in what follows.
func (w *World) bring(slot uint32) {
	b, err := w.parser.Parse(w.request)
	if err != nil {
		w.ended++
		return
	}
	w.bosh.at(slot).HandleRequest(w.now, bosh.Handle(slot)+1, b)
}

// hear brings what the server says.
func (w *World) hear(slot uint32, xml string) {
	w.link(slot).stream.HandleData(w.now, []byte(xml))
	w.flush(slot)
}

// flush ends a turn, as the driver's settling does.
func (w *World) flush(slot uint32) {
	if w.kind == BOSH {
		w.bosh.at(slot).Flush(w.now)
	}
}
