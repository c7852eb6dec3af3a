package wsframe

import (
	"strconv"

	"go-xmpp-bosh/httpparse"
)

// AppendResponse appends the head that answers the upgrade, with these fields beside its own (RFC 6455 §4.2.2). A control character in a value
// becomes a space, so no value can end its line.
func (h *Handshake) AppendResponse(dst []byte, fields ...httpparse.Field) []byte {
	dst = append(dst, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "...)
	dst = append(dst, h.Accept[:]...)
	dst = append(dst, "\r\n"...)
	if h.Subprotocol {
		dst = append(dst, "Sec-WebSocket-Protocol: "...)
		dst = append(dst, h.subprotocol...)
		dst = append(dst, "\r\n"...)
	}
	if h.Deflate.On {
		dst = h.appendExtension(dst)
	}
	for i := range fields {
		dst = appendField(dst, &fields[i])
	}
	return append(dst, "\r\n"...)
}

// appendExtension says what was agreed. Neither side keeps a context, offered or not: a server may say both on its own (RFC 7692 §7.1.1).
// client_max_window_bits is answered only if it was offered (§7.1.2.2).
func (h *Handshake) appendExtension(dst []byte) []byte {
	dst = append(dst, "Sec-WebSocket-Extensions: "+extension+"; "+serverNoContext+"; "+clientNoContext...)
	dst = appendBits(dst, serverBits, h.serverBits)
	dst = appendBits(dst, clientBits, h.clientBits)
	return append(dst, "\r\n"...)
}

func appendBits(dst []byte, name string, bits uint8) []byte {
	if bits == 0 {
		return dst
	}
	dst = append(dst, "; "...)
	dst = append(dst, name...)
	dst = append(dst, '=')
	return strconv.AppendUint(dst, uint64(bits), 10)
}

func appendField(dst []byte, f *httpparse.Field) []byte {
	dst = append(dst, f.Name...)
	dst = append(dst, ": "...)
	for _, c := range f.Value {
		if c < ' ' && c != '\t' || c == 0x7f {
			c = ' '
		}
		dst = append(dst, c)
	}
	return append(dst, "\r\n"...)
}
