package wsframe

import "unicode/utf8"

// text checks UTF-8 that comes in pieces (RFC 3629 §4). The zero value is between two characters.
type text struct {
	need      uint8 // continuation bytes that the current character still wants
	low, high uint8 // valid while need > 0: the range of the next one
}

// feed says whether b may follow what was fed before. After false the state means nothing.
func (t *text) feed(b []byte) bool {
	for t.need > 0 {
		if len(b) == 0 {
			return true
		}
		if !t.step(b[0]) {
			return false
		}
		b = b[1:]
	}
	whole := len(b) - cutBytes(b)
	if !utf8.Valid(b[:whole]) {
		return false
	}
	for _, c := range b[whole:] {
		if !t.step(c) {
			return false
		}
	}
	return true
}

// isWhole says whether the text may end here.
func (t *text) isWhole() bool { return t.need == 0 }

// step takes one byte. The second byte of a character has a narrower range after some first bytes: that excludes overlong forms, surrogates and what
// is above U+10FFFF, at the earliest byte that shows them.
func (t *text) step(c uint8) bool {
	if t.need > 0 {
		if c < t.low || c > t.high {
			return false
		}
		t.need, t.low, t.high = t.need-1, 0x80, 0xbf
		return true
	}
	t.low, t.high = 0x80, 0xbf
	switch {
	case c < 0x80:
		return true
	case c < 0xc2: // a continuation, or an overlong form of ASCII
		return false
	case c < 0xe0:
		t.need = 1
		return true
	case c < 0xf0:
		t.need = 2
	case c < 0xf5:
		t.need = 3
	default:
		return false
	}
	switch c {
	case 0xe0:
		t.low = 0xa0
	case 0xed:
		t.high = 0x9f
	case 0xf0:
		t.low = 0x90
	case 0xf4:
		t.high = 0x8f
	}
	return true
}

// cutBytes is the number of bytes at the end of b that begin a character without ending it.
func cutBytes(b []byte) int {
	for i := 1; i <= min(3, len(b)); i++ {
		switch c := b[len(b)-i]; {
		case c < 0x80:
			return 0
		case c >= 0xf0:
			return i
		case c >= 0xe0 && i < 3, c >= 0xc0 && i < 2:
			return i
		case c >= 0xc0:
			return 0
		}
	}
	return 0
}
