package wsconn

import (
	"bytes"
	"encoding/hex"

	"go-xmpp-bosh/xmlstream"
)

// What the messages of our own begin with. COMPAT: strophe.js knows an <open/>, a <close/> and an older header by exactly these
// beginnings, and an orderly close by its whole text.
const (
	openStart   = `<open xmlns="` + xmlstream.NSFraming + `"`
	closeStart  = `<close xmlns="` + xmlstream.NSFraming + `"`
	emptyEnd    = ` />`
	streamStart = `<stream:stream xmlns="` + xmlstream.NSClient + `" xmlns:stream="` + xmlstream.NSStreams + `"`
	streamEnd   = `</stream:stream>`
)

// version is what strophe.js demands, and what is spoken here whatever the server says of itself (RFC 6120 §4.7.5).
var version = []byte("1.0")

// appendHeader writes our side's header, in the client's framing.
func (s *Session) appendHeader(dst []byte, h *StreamHeader) []byte {
	to, from, _ := bytes.Cut(s.hello, []byte{0})
	id := h.ID
	if len(id) == 0 {
		id = s.nextID()
	}
	if len(h.From) > 0 {
		to = h.From
	}
	start := openStart
	if s.framing == framingOlder {
		start = streamStart
	}
	dst = append(dst, start...)
	dst = appendAttr(dst, "from", to)
	dst = appendAttr(dst, "to", from)
	dst = appendAttr(dst, "id", id)
	dst = appendAttr(dst, "version", version)
	dst = appendAttr(dst, "xml:lang", h.Lang)
	switch {
	case s.framing != framingOlder:
		return append(dst, emptyEnd...)
	case s.older.selfClosed:
		return append(dst, "/>"...) // as the client writes its own
	}
	return append(dst, '>')
}

// nextID makes an id of what the driver gave.
func (s *Session) nextID() []byte {
	id := hex.AppendEncode(make([]byte, 0, 2*len(s.random)), s.random[:])
	s.random[0]++
	return id
}

// appendStreamClose writes the end of our side's stream. uri is where to go instead; the older framing has no words for that.
func (s *Session) appendStreamClose(dst []byte, uri string) []byte {
	if s.framing == framingOlder {
		return append(dst, streamEnd...)
	}
	dst = append(dst, closeStart...)
	dst = appendAttr(dst, "see-other-uri", []byte(uri))
	return append(dst, emptyEnd...)
}

// appendError writes a stream error that is a document of its own (RFC 7395 §3.5). It has no text: what could be said of the offending
// input is not repeated (decisions.md 24).
func appendError(dst []byte, c Condition) []byte {
	dst = append(dst, "<stream:error xmlns:stream='"+xmlstream.NSStreams+"'><"...)
	dst = append(dst, c.onWire().String()...)
	return append(dst, " xmlns='"+xmlstream.NSStreamErrors+"'/></stream:error>"...)
}

// appendAttr writes an attribute, if it has a value.
func appendAttr(dst []byte, name string, value []byte) []byte {
	if len(value) == 0 {
		return dst
	}
	dst = append(dst, ' ')
	dst = append(dst, name...)
	dst = append(dst, `="`...)
	dst = xmlstream.AppendEscaped(dst, value)
	return append(dst, '"')
}
