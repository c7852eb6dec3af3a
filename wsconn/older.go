package wsconn

import (
	"bytes"

	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmlstream"
)

// older is what the messages of the older framing have in common: they are parts of one document, whose root was opened by the header.
type older struct {
	scan       xmlstream.Scanner // between elements; it knows what the header declares
	selfClosed bool              // how the client writes its header, and wants ours
}

func (s *Session) beOlder() {
	s.framing = framingOlder
	s.older = new(older)
}

// isStreamTag reports whether a message begins with a start tag of that local name, whatever its namespace.
func isStreamTag(b []byte) bool {
	b = trimSpace(b)
	if len(b) == 0 || b[0] != '<' {
		return false
	}
	name := b[1:]
	if end := bytes.IndexAny(name, " \t\r\n/>"); end >= 0 {
		name = name[:end]
	}
	if colon := bytes.IndexByte(name, ':'); colon >= 0 {
		name = name[colon+1:]
	}
	return string(name) == "stream"
}

// handleOlder takes one message of the older framing: perhaps an XML declaration, then a part of the stream, or nothing.
func (s *Session) handleOlder(now timer.Time, b []byte) {
	part, cond := s.env.skipDeclaration(b)
	switch {
	case cond != CondNone:
		s.refuse(now, cond)
	case !isBlank(part):
		s.handlePart(now, part)
	}
}

// handlePart takes a header, an element or the end tag.
func (s *Session) handlePart(now timer.Time, b []byte) {
	var header bool
	cond := CondNone
	if isStreamTag(b) {
		header, cond = s.readHeader(b)
	}
	switch {
	case cond != CondNone:
		s.refuse(now, cond)
	case header:
		s.handleOpen(now, s.env.readOpen(&s.env.el, true))
	case s.state == stateNew:
		s.refuse(now, CondInvalidNamespace)
	default:
		s.handleInside(now, b)
	}
}

// readHeader reads a message that may be a header into env.el. header false and no condition: it is some other element.
func (s *Session) readHeader(b []byte) (header bool, cond Condition) {
	env := s.env
	scan := &env.scan
	scan.Reset(env.Scan, xmlstream.ModeBody, xmlstream.DefaultLimits)
	defer scan.Reset(env.Scan, xmlstream.ModeBody, xmlstream.DefaultLimits)
	n, ev := scan.Next(b, &env.el)
	switch {
	case ev == xmlstream.Bad:
		return false, conditionOf(scan.Err())
	case ev != xmlstream.Header:
		return false, CondNotWellFormed
	case !env.el.Is(xmlstream.NSStreams, "stream"):
		return false, CondNone
	case !isBlank(b[n:]):
		return false, CondNotWellFormed // decisions.md 20
	}
	// A header that closes itself opens the stream all the same; the scanner that goes on behind it must not see that.
	o := s.older
	o.selfClosed = env.el.SelfClosed
	env.header = append(env.header[:0], env.el.Raw...)
	if o.selfClosed {
		env.header[len(env.header)-len("/>")] = ' '
	}
	o.scan.Reset(env.Scan, xmlstream.ModeBody, xmlstream.DefaultLimits)
	if _, ev = o.scan.Next(env.header, &env.el); ev != xmlstream.Header {
		return false, CondNotWellFormed
	}
	return true, CondNone
}

// handleInside takes an element or the end tag.
func (s *Session) handleInside(now timer.Time, b []byte) {
	env := s.env
	scan := &s.older.scan
	n, ev := scan.Next(b, &env.el)
	cond := CondNotWellFormed
	switch ev {
	case xmlstream.Child:
		if isBlank(b[n:]) { // decisions.md 20: one element a message
			s.handleElement(now, &env.el)
			return
		}
	case xmlstream.End:
		if isBlank(b[n:]) {
			s.end(now, farewell{clean: true})
			return
		}
	case xmlstream.Bad:
		cond = conditionOf(scan.Err())
	case xmlstream.NeedMore, xmlstream.Header: // half an element
	}
	scan.Reset(env.Scan, xmlstream.ModeBody, xmlstream.DefaultLimits)
	s.refuse(now, cond)
}
