package wsframe

import "bytes"

// The names of RFC 7692. They are compared in any letter case, and sent as here.
const (
	extension       = "permessage-deflate"
	serverNoContext = "server_no_context_takeover"
	clientNoContext = "client_no_context_takeover"
	serverBits      = "server_max_window_bits"
	clientBits      = "client_max_window_bits"
)

// offer is one offer of permessage-deflate.
type offer struct {
	seen       [4]bool // which parameters it has: by their order above
	serverBits uint8   // 0 = not asked for
	clientBits uint8   // 0 = not offered
}

// negotiate reads one field of offers, in the client's order of preference (RFC 7692 §5.1), and takes the first that it understands, unless one
// has been taken. It is false if the field breaks the grammar: then the handshake has to fail (RFC 6455 §9.1).
func (h *Handshake) negotiate(field []byte) bool {
	l := list{b: field}
	for l.next() {
		isOurs := isFold(l.token(), extension)
		var o offer
		for l.take(';') {
			// An unknown, repeated or invalid parameter declines its offer (RFC 7692 §7.1).
			if !o.readParameter(&l) {
				isOurs = false
			}
		}
		l.end()
		if isOurs && !l.isBad && !h.Deflate.On {
			h.accept(&o)
		}
	}
	return !l.isBad
}

// readParameter reads one parameter. It is false if the offer cannot be taken.
func (o *offer) readParameter(l *list) bool {
	name := l.token()
	hasValue := l.take('=')
	bits := uint8(0)
	if hasValue {
		var v [2]byte
		n := l.value(&v)
		bits = windowBits(v, n)
	}
	which := 0
	switch {
	case isFold(name, serverNoContext):
		if hasValue {
			return false
		}
	case isFold(name, clientNoContext):
		if which = 1; hasValue {
			return false
		}
	case isFold(name, serverBits):
		if which = 2; bits == 0 {
			return false // RFC 7692 §7.1.2.1
		}
		o.serverBits = bits
	case isFold(name, clientBits):
		if which = 3; hasValue && bits == 0 {
			return false
		}
		if !hasValue { // RFC 7692 §7.1.2.2: any size is meant
			bits = windowBitsMax
		}
		o.clientBits = bits
	default:
		return false
	}
	isFirst := !o.seen[which]
	o.seen[which] = true
	return isFirst
}

// windowBits is what a value of n characters means: 8 to 15, without leading zeros; else 0.
func windowBits(v [2]byte, n int) uint8 {
	switch {
	case n == 1 && v[0] >= '8' && v[0] <= '9':
		return v[0] - '0'
	case n == 2 && v[0] == '1' && v[1] >= '0' && v[1] <= '5':
		return 10 + v[1] - '0'
	}
	return 0
}

// accept takes an offer.
func (h *Handshake) accept(o *offer) {
	h.Deflate = Deflate{On: true, WindowBits: windowBitsMax}
	if o.serverBits > 0 {
		h.Deflate.WindowBits = o.serverBits
	}
	h.serverBits, h.clientBits = o.serverBits, o.clientBits
}

// isFold compares a token in any letter case: tokens are ASCII, where Unicode's rules are the same as its.
func isFold(token []byte, s string) bool {
	return len(token) == len(s) && bytes.EqualFold(token, []byte(s))
}
