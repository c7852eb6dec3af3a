package websocket

import (
	"encoding/binary"

	"go-xmpp-bosh/wsframe/wscases"
)

// What stands around a text that is a stanza's body.
const (
	before = "<message xmlns='jabber:client'><body><![CDATA["
	after  = "]]></body></message>"
)

// wrap puts each text of a case into a stanza: a fragment more before its first frame, and one behind its last. The frames themselves stay as they
// are, but for their opcodes and FIN bits. Not ok: there is no text, or the stanzas would be larger than a message may be.
func wrap(c *wscases.Case) (w wscases.Case, ok bool) {
	w = *c
	w.Send, w.KnownAt = nil, 0
	texts := 0 // messages to be wrapped
	for _, e := range c.Want {
		if e.Kind == wscases.Text {
			texts++
			if len(before)+len(e.Data)+len(after) > wscases.MessageBytesMax {
				return w, false
			}
		}
	}
	if texts == 0 {
		return w, false
	}
	compressed := false
	for at := 0; at < len(c.Send) && texts > 0; {
		first := c.Send[at]
		n := frameBytes(c.Send[at:])
		f := append([]byte(nil), c.Send[at:at+n]...)
		if first&0x0f == opText {
			compressed = first&rsv1 != 0
			w.Send = append(w.Send, frame(first&rsv1|opText, block(before, compressed, true))...)
			f[0] &^= rsv1 | 0x0f
		}
		last := first&0x0f <= opText && first&fin != 0
		if last {
			f[0] &^= fin
		}
		w.Send = append(w.Send, f...)
		if last {
			w.Send = append(w.Send, frame(fin|opContinuation, block(after, compressed, false))...)
			texts--
		}
		at += n
		if at <= c.KnownAt {
			w.KnownAt = len(w.Send)
		}
		if texts == 0 {
			w.KnownAt = max(w.KnownAt, len(w.Send)) + max(0, c.KnownAt-at)
			w.Send = append(w.Send, c.Send[at:]...)
		}
	}
	return w, true
}

// block is text as a part of a compressed message: in stored blocks (RFC 1951 §3.2.4), between the empty ones that RFC 7692 §7.2.1 has cut off.
func block(text string, compressed, isFirst bool) string {
	if !compressed {
		return text
	}
	var b []byte
	if !isFirst {
		b = append(b, 0, 0, 0xff, 0xff)
	}
	b = append(b, 0)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(text)))
	b = binary.LittleEndian.AppendUint16(b, ^uint16(len(text)))
	b = append(b, text...)
	if !isFirst {
		b = append(b, 0)
	}
	return string(b)
}

// frameBytes is the length of the client's frame that b begins with.
func frameBytes(b []byte) int {
	const mask = 4
	switch n := int(b[1] &^ 0x80); n {
	case 126:
		return 2 + 2 + mask + int(binary.BigEndian.Uint16(b[2:]))
	case 127:
		return 2 + 8 + mask + int(binary.BigEndian.Uint64(b[2:]))
	default:
		return 2 + mask + n
	}
}
