package wsframe

import (
	"testing"
	"unicode/utf8"
)

// FuzzText: the same answer as the standard library's, in whatever pieces; and no is said at the first byte that leaves no hope.
func FuzzText(f *testing.F) {
	for _, s := range []string{"", "a", "κόσμε", "\xf4\x8f\xbf\xbf", "\xed\xa0\x80", "\xe2\x82", "abc\xf0\x9d\x84\x9e", "\xc0\x80", "\x80\x80\x80\x80", "€€€\xff"} {
		f.Add([]byte(s), []byte{1, 2})
	}
	f.Fuzz(func(t *testing.T, b, steps []byte) {
		want := utf8.Valid(b)
		var whole text
		if got := whole.feed(b) && whole.isWhole(); got != want {
			t.Errorf("at once: %v, want %v", got, want)
		}
		var pieces text
		ok, start := true, 0
		bySteps(len(b), steps)(func(cut int) bool {
			ok = pieces.feed(b[start:cut])
			start = cut
			return ok
		})
		if got := ok && pieces.isWhole(); got != want {
			t.Errorf("in pieces: %v, want %v", got, want)
		}
		var slow text
		for i := range b {
			if got := slow.feed(b[i : i+1]); got != hasHope(b[:i+1]) {
				t.Fatalf("byte %d of %x: %v", i, b, got)
			} else if !got {
				break
			}
		}
	})
}

// hasHope says whether something can follow b that makes it valid. It asks the standard library: a cut character is a prefix of one.
func hasHope(b []byte) bool {
	if utf8.Valid(b) {
		return true
	}
	for _, end := range []string{"\x80", "\x80\x80", "\x80\x80\x80", "\x90\x80\x80", "\xa0\x80"} {
		if utf8.Valid(append(b[:len(b):len(b)], end...)) {
			return true
		}
	}
	return false
}

// TestTextOfEveryPair: every two bytes, at once and apart.
func TestTextOfEveryPair(t *testing.T) {
	for i := range 1 << 16 {
		b := []byte{byte(i >> 8), byte(i)}
		var whole, apart text
		got := whole.feed(b)
		if also := apart.feed(b[:1]) && apart.feed(b[1:]); got != also || got != hasHope(b) {
			t.Fatalf("%x: at once %v, apart %v, want %v", b, got, also, hasHope(b))
		}
	}
}
