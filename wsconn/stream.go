package wsconn

import (
	"bytes"

	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmlstream"
)

// keepHello keeps what an answer to the header may need.
func (s *Session) keepHello(o *Open) {
	pool := s.env.Buffers
	to, from := o.To[:min(len(o.To), domainBytesMax)], bareJID(o.From)
	hello := append(pool.Get(len(to)+1+len(from)), to...)
	hello = append(hello, 0)
	pool.Put(s.hello)
	s.hello = append(hello, from...)
}

// jidBytesMax bounds the address that is given back (RFC 7622 §3.1).
const jidBytesMax = 3071

// bareJID is a client's address as an answer to its header names it (RFC 6120 §4.7.2).
func bareJID(from []byte) []byte {
	bare, _, _ := bytes.Cut(from, []byte{'/'})
	if len(bare) > jidBytesMax {
		return nil
	}
	return bare
}

// HandleStreamAdded: the server has opened the stream. Its features follow.
func (s *Session) HandleStreamAdded(_ timer.Time, h StreamHeader) {
	if s.state == stateOpen && s.owed {
		s.answer(&h)
	}
}

// HandleStreamRestarted: the server has opened the stream anew. Its features follow.
func (s *Session) HandleStreamRestarted(_ timer.Time, h StreamHeader) {
	if s.state == stateOpen {
		s.answer(&h)
	}
}

// answer gives the client the header of the server's side (RFC 7395 §3.4). What the server left out is ours to say.
func (s *Session) answer(h *StreamHeader) {
	s.sendHeader(h)
	s.env.Buffers.Put(s.hello)
	s.hello = nil
	s.owed, s.fresh = false, false
	s.headed, s.silent = true, true
}

// HandleStanza takes an element from the server: a stanza, features, what belongs to a negotiation. It is a message.
func (s *Session) HandleStanza(now timer.Time, el *xmlstream.Element) {
	switch {
	case s.state == stateFree:
		return
	case s.state != stateOpen:
		s.noClient(el)
		return
	}
	if s.overflows() {
		s.noClient(el)
		s.refuse(now, CondPolicyViolation)
		return
	}
	space := el.Space()
	if s.owed && (!s.headed || s.fresh && string(space) == xmlstream.NSStreams) {
		// No header comes, or not in time: who asks for a restart of a stream on which it has said nothing is only given the features
		// again, and an element that we refuse may be answered before the server is there.
		s.answer(&StreamHeader{})
	}
	s.sendElement(el, space)
}

// HandleStreamEnd: the server, or the way to it, has ended the stream. el is the server's stream error, or nil.
func (s *Session) HandleStreamEnd(now timer.Time, c Condition, el *xmlstream.Element) {
	if !s.streaming {
		return
	}
	s.streaming = false
	s.end(now, farewell{cond: c, el: el})
}

// noClient reports an element that can't be delivered. Features and stream errors are nobody's.
func (s *Session) noClient(el *xmlstream.Element) {
	if space := string(el.Space()); space == xmlstream.NSStreams || space == xmlstream.NSFraming {
		return
	}
	pool := s.env.Buffers
	buf := el.AppendTo(pool.Get(len(el.Raw)+el.AppendSize()), "")
	s.env.Out.NoClient(s, buf)
	pool.Put(buf)
}
