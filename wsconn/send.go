package wsconn

import (
	"go-xmpp-bosh/wsframe"
	"go-xmpp-bosh/xmlstream"
)

// headerRoom is the largest head of a frame that a server sends (RFC 6455 §5.2).
const headerRoom = 10

// send is where everything leaves.
func (s *Session) send(b []byte) {
	if s.pressed {
		s.over += uint32(len(b))
	}
	s.env.Out.Send(s, b)
}

// sendElement sends an element from the server as a message. In both framings it is a document of its own: RFC 7395 §3.3.3 demands that,
// and of the older framing's clients some read a message alone, some behind the header, which is the same then.
func (s *Session) sendElement(el *xmlstream.Element, space []byte) {
	switch string(space) {
	case xmlstream.NSStreams:
		s.sendStreamElement(el)
		return
	case xmlstream.NSSASL, xmlstream.NSSASL2: // never compressed: the size of a secret is told by nothing
		s.sendPlain(el)
		return
	}
	if !s.deflate.On {
		s.sendPlain(el)
		return
	}
	env := s.env
	env.text = el.AppendTo(env.text[:0], "")
	s.sendText(env.text)
}

// sendPlain sends an element uncompressed: only its start tag, which declarations are put into, is copied.
func (s *Session) sendPlain(el *xmlstream.Element) {
	env := s.env
	tag := *el
	tag.Raw = el.StartTag()
	rest := el.Raw[len(tag.Raw):]
	var room [headerRoom]byte
	env.frame = tag.AppendTo(append(env.frame[:0], room[:]...), "")
	head := wsframe.AppendHeader(room[:0], wsframe.OpText, len(env.frame)-headerRoom+len(rest), false)
	at := headerRoom - len(head)
	copy(env.frame[at:], head)
	s.send(env.frame[at:])
	if len(rest) > 0 {
		s.send(rest)
	}
	env.trim()
}

// sendStreamElement sends features, or a stream error, under the prefix that clients look for (decisions.md 8).
func (s *Session) sendStreamElement(el *xmlstream.Element) {
	env := s.env
	env.text = el.AppendStreamTo(env.text[:0], "", true)
	s.sendText(env.text)
}

func (s *Session) sendHeader(h *StreamHeader) {
	env := s.env
	env.text = s.appendHeader(env.text[:0], h)
	s.sendText(env.text)
}

func (s *Session) sendError(c Condition) {
	env := s.env
	env.text = appendError(env.text[:0], c)
	s.sendText(env.text)
}

func (s *Session) sendStreamClose(uri string) {
	env := s.env
	env.text = s.appendStreamClose(env.text[:0], uri)
	s.sendText(env.text)
}

// sendText sends one message.
func (s *Session) sendText(text []byte) {
	env := s.env
	if s.deflate.On {
		env.frame = env.Frames.AppendText(env.frame[:0], s.deflate, text)
	} else {
		env.frame = append(wsframe.AppendHeader(env.frame[:0], wsframe.OpText, len(text), false), text...)
	}
	s.send(env.frame)
	env.trim()
}

// sendClose sends the WebSocket close. Nothing comes behind it (RFC 6455 §5.5.1).
func (s *Session) sendClose(code wsframe.CloseCode) {
	s.env.frame = wsframe.AppendClose(s.env.frame[:0], code, "")
	s.send(s.env.frame)
}
