package wsconn

import (
	"bytes"

	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmlstream"
)

// handleFramed takes one message of RFC 7395: one element that is a document (§3.3.3).
func (s *Session) handleFramed(now timer.Time, b []byte) {
	env := s.env
	cond := env.scanMessage(b)
	if cond != CondNone {
		s.refuse(now, cond)
		return
	}
	el := &env.el
	switch {
	case string(el.Space()) == xmlstream.NSFraming:
		s.handleFraming(now, el)
	case s.state == stateNew:
		s.refuse(now, CondInvalidNamespace) // RFC 7395 §3.3.2
	default:
		s.handleElement(now, el)
	}
}

// handleFraming takes an element of the framing namespace.
func (s *Session) handleFraming(now timer.Time, el *xmlstream.Element) {
	switch string(el.Local()) {
	case "open":
		s.handleOpen(now, s.env.readOpen(el, false))
	case "close":
		s.end(now, farewell{clean: true}) // RFC 7395 §3.6
	default:
		s.refuse(now, CondPolicyViolation)
	}
}

// handleElement takes a top-level element of a stream, in either framing. None of the stream's own reaches the server (decisions.md 37).
func (s *Session) handleElement(now timer.Time, el *xmlstream.Element) {
	switch string(el.Space()) {
	case xmlstream.NSStreams:
		if string(el.Local()) == "error" { // RFC 6120 §4.9.1.1: the client's last word
			s.end(now, farewell{})
			return
		}
		s.refuse(now, CondPolicyViolation)
	case xmlstream.NSFraming:
		s.refuse(now, CondPolicyViolation)
	default:
		s.silent = false
		s.env.Out.Nodes(s, el)
	}
}

// handleOpen takes a client's header: the first, or one that restarts the stream without closing it (RFC 7395 §3.7).
func (s *Session) handleOpen(now timer.Time, o *Open) {
	s.keepHello(o)
	s.owed = true
	defer s.env.trim()
	if s.state == stateOpen {
		s.fresh = s.silent
		s.env.Out.StreamRestart(s, o)
		return
	}
	if !o.isAddressed() {
		s.refuse(now, CondImproperAddressing)
		return
	}
	s.become(stateOpen)
	s.streaming = true
	s.setDeadline()
	s.env.Out.StreamAdd(s, o)
	if s.pressed {
		s.env.Out.PauseStream(s)
	}
}

// scanMessage reads one document, which is one element, into env.el.
func (env *Env) scanMessage(b []byte) Condition {
	scan := &env.scan
	scan.Reset(env.Scan, xmlstream.ModeMessage, xmlstream.DefaultLimits)
	n, ev := scan.Next(b, &env.el)
	switch ev {
	case xmlstream.Child:
		if isBlank(b[n:]) { // decisions.md 20: one element a message
			return CondNone
		}
	case xmlstream.Bad:
		return conditionOf(scan.Err())
	case xmlstream.NeedMore, xmlstream.Header, xmlstream.End: // half a document, or none
	}
	scan.Reset(env.Scan, xmlstream.ModeMessage, xmlstream.DefaultLimits)
	return CondNotWellFormed
}

// skipDeclaration gives what stands behind a message's byte order mark and XML declaration, if it has them (decisions.md 19).
func (env *Env) skipDeclaration(b []byte) (rest []byte, cond Condition) {
	const mark, start, end = "\xEF\xBB\xBF", "<?xml", "?>"
	b = bytes.TrimPrefix(b, []byte(mark))
	if !bytes.HasPrefix(b, []byte(start)) {
		return b, CondNone
	}
	size := bytes.Index(b, []byte(end)) + len(end)
	if size < len(end) {
		return nil, CondNotWellFormed
	}
	scan := &env.scan
	scan.Reset(env.Scan, xmlstream.ModeStream, xmlstream.DefaultLimits)
	n, ev := scan.Next(b[:size], &env.el)
	switch {
	case ev == xmlstream.Bad:
		return nil, conditionOf(scan.Err())
	case n < size:
		return nil, CondNotWellFormed
	}
	return b[size:], CondNone
}
