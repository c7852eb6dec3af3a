package wsconn

import (
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/wsframe"
)

// HandleData takes what the client sent, what was not consumed before included, and says how much it consumed. The bytes are unmasked
// in place.
func (s *Session) HandleData(now timer.Time, b []byte) int {
	s.missed = 0 // whatever it is, somebody is there
	n := 0
	for s.state != stateFree && s.state != stateClosed {
		m := &s.env.message
		size, ev := s.reader.Next(b[n:], m)
		n += size
		switch ev {
		case wsframe.NeedMore:
			return n
		case wsframe.EventText:
			if s.state.isLive() {
				s.handleMessage(now, m.Data)
			}
		case wsframe.EventPing:
			s.handlePing(m.Data)
		case wsframe.EventPong:
		case wsframe.EventClose:
			s.handleClose(now, m.Code)
		case wsframe.EventBad:
			s.handleBadFrame(now, m.Code)
		}
	}
	return len(b)
}

// handleMessage takes one message. One of white space is nothing (decisions.md 18).
func (s *Session) handleMessage(now timer.Time, b []byte) {
	if isBlank(b) {
		return
	}
	switch s.framing {
	case framingRFC7395:
		s.handleFramed(now, b)
	case framingOlder:
		s.handleOlder(now, b)
	case framingUnknown:
		s.handleFirst(now, b)
	}
}

// handleFirst decides the framing. An XML declaration may come in a message of its own before an older header.
func (s *Session) handleFirst(now timer.Time, b []byte) {
	rest, cond := s.env.skipDeclaration(b)
	switch {
	case cond != CondNone:
		s.refuse(now, cond)
	case isBlank(rest):
	case isStreamTag(rest):
		s.beOlder()
		s.handlePart(now, rest)
	default:
		s.framing = framingRFC7395
		s.handleFramed(now, b)
	}
}

// handleClose takes the client's WebSocket close. Without a <close/> before it, the stream may be resumed (RFC 7395 §3.6).
func (s *Session) handleClose(now timer.Time, code wsframe.CloseCode) {
	if s.state != stateClosing {
		s.sendClose(code) // RFC 6455 §5.5.1: the same back
		s.leave(false)
	}
	s.closeSocket(now)
}

// handleBadFrame: the connection can't go on (RFC 6455 §7.1.7). A message that is too large is told of in XMPP as well (decisions.md 21).
func (s *Session) handleBadFrame(now timer.Time, code wsframe.CloseCode) {
	switch {
	case s.state == stateClosing:
		s.closeSocket(now)
	case code == wsframe.CloseTooBig:
		s.end(now, farewell{cond: CondPolicyViolation, code: code, deaf: true})
	default:
		s.end(now, farewell{cond: CondBadFrame, code: code, deaf: true, mute: true})
	}
}

// HandleEOF: the client writes no more, and has not said goodbye.
func (s *Session) HandleEOF(now timer.Time) {
	if s.state != stateFree && s.state != stateClosed {
		s.leave(false)
		s.closeSocket(now)
	}
}

// HandleGone: the socket is gone (decisions.md 31).
func (s *Session) HandleGone(timer.Time) {
	if s.state == stateFree {
		return
	}
	s.leave(false)
	s.become(stateFree)
}

// isBlank reports whether there is nothing but white space.
func isBlank(b []byte) bool { return len(trimSpace(b)) == 0 }

// trimSpace skips the white space that b begins with (XML 1.0 §2.3).
func trimSpace(b []byte) []byte {
	for i, c := range b {
		if c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			return b[i:]
		}
	}
	return nil
}
