package httpparse

import (
	"encoding/binary"
	"math/bits"
)

// The classes of bytes, as bits of the table chars.
const (
	charToken  = 1 << iota // tchar: field names and methods (RFC 9110 §5.6.2)
	charTarget             // a request target
	charHost               // a host name or IPv4 address (reg-name, RFC 3986 §3.2.2)
	charIP6                // what stands between the brackets of an IPv6 address
)

var chars = classify()

func classify() (t [256]uint8) {
	// A target is what is neither a control character nor white space nor the start of a fragment, which is never sent (RFC 9112 §3.2).
	// COMPAT: old browsers send bytes above ASCII, and today's "{|}", as they are, where RFC 3986 wants them percent-encoded.
	for c := '!'; c <= 0xff; c++ {
		if c != 0x7f && c != '#' {
			t[c] |= charTarget
		}
	}
	for c := '0'; c <= '9'; c++ {
		t[c] |= charToken | charHost | charIP6
	}
	for c := 'a'; c <= 'z'; c++ {
		t[c] |= charToken | charHost
		t[c-0x20] |= charToken | charHost
	}
	for c := 'a'; c <= 'f'; c++ {
		t[c] |= charIP6
		t[c-0x20] |= charIP6
	}
	mark(&t, "!#$%&'*+-.^_`|~", charToken)
	mark(&t, "-._~%!$&'()*+,;=", charHost)
	mark(&t, ":.", charIP6)
	return t
}

func mark(t *[256]uint8, set string, class uint8) {
	for i := range len(set) {
		t[set[i]] |= class
	}
}

// skip is the index of the first byte at or after i that is not of the class.
func skip(b []byte, i int, class uint8) int {
	for i < len(b) && chars[b[i]]&class != 0 {
		i++
	}
	return i
}

// Eight bytes at once: one in each, the highest bit of each.
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// skipText is the index of the first control character other than a tab at or after i: bytes above ASCII are text
// (obs-text, RFC 9110 §5.5).
func skipText(b []byte, i int) int {
	for len(b)-i >= 8 {
		x := binary.LittleEndian.Uint64(b[i:])
		y := x ^ 0x7f*ones
		// A byte below 0x20, or one that is 0x7f, borrows from its highest bit. Bytes above a hit may be hits by
		// mistake; the lowest is a true one.
		hit := (x-0x20*ones)&^x&highs | (y-ones)&^y&highs
		if hit == 0 {
			i += 8
			continue
		}
		i += bits.TrailingZeros64(hit) / 8
		if b[i] != '\t' {
			return i
		}
		i++
	}
	for i < len(b) && isText(b[i]) {
		i++
	}
	return i
}

func isText(c byte) bool { return c >= 0x20 && c != 0x7f || c == '\t' }
