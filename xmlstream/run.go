package xmlstream

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// Eight bytes are looked at at once: a byte's top bit is set in the sum below where the byte ends the run. x-n*ones borrows
// out of a byte below n, so bits above the lowest one may be wrong; only the lowest counts. Bytes with the top bit set end
// every run, so that none of the tests needs to be right for them.
const (
	ones uint64 = 0x0101010101010101
	tops uint64 = 0x8080808080808080
)

// textRun gives the index of the first byte from i on that ends a run of character data: see classText.
func textRun(b []byte, i int) int {
	for ; i+8 <= len(b); i += 8 {
		x := binary.LittleEndian.Uint64(b[i:])
		angle := (x | ones*('<'^'>')) ^ ones*'>'
		if hit := (x | (x - ones*0x20) | (angle - ones) | ((x ^ ones*'&') - ones)) & tops; hit != 0 {
			return i + bits.TrailingZeros64(hit)/8
		}
	}
	for i < len(b) && class[b[i]]&classText == 0 {
		i++
	}
	return i
}

// valueRun gives the index of the first byte from i on that ends a run inside quotes: see classValue; the other quote doesn't.
func valueRun(b []byte, i int, quote byte) int {
	quotes := ones * uint64(quote)
	for ; i+8 <= len(b); i += 8 {
		x := binary.LittleEndian.Uint64(b[i:])
		if hit := (x | (x - ones*0x20) | ((x ^ ones*'<') - ones) | ((x ^ ones*'&') - ones) | ((x ^ quotes) - ones)) & tops; hit != 0 {
			return i + bits.TrailingZeros64(hit)/8
		}
	}
	for i < len(b) && (class[b[i]]&classValue == 0 || b[i] == '\''^'"'^quote) {
		i++
	}
	return i
}

// highRun checks characters beyond ASCII from i on, with single others between them that end no run, up to the first that is
// something else or isn't all there; more says that the latter was met.
func highRun(b []byte, i int) (end int, more bool, err Error) {
	for i < len(b) {
		if c := b[i]; c < utf8.RuneSelf {
			if i+1 == len(b) || b[i+1] < utf8.RuneSelf || class[c]&(classText|classValue) != 0 {
				break
			}
			i++ // the space between two words
			continue
		}
		// Two and three bytes, the bulk of all text, by hand; what isn't plainly right goes to the library.
		if c := b[i]; i+2 < len(b) && b[i+1]&0xC0 == 0x80 {
			if c >= 0xC2 && c < 0xE0 {
				i += 2
				continue
			}
			if c > 0xE0 && c < 0xED && b[i+2]&0xC0 == 0x80 {
				i += 3
				continue
			}
		}
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			if !utf8.FullRune(b[i:]) {
				return i, true, ErrNone
			}
			return i, false, ErrEncoding
		}
		if r == 0xFFFE || r == 0xFFFF { // XML 1.0 §2.2
			return i, false, ErrNotWellFormed
		}
		i += size
	}
	return i, false, ErrNone
}
