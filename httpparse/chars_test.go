package httpparse

import (
	"strings"
	"testing"
)

func TestCharacterClasses(t *testing.T) {
	const alpha = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	for name, c := range map[string]struct {
		class uint8
		set   string
	}{
		"token (RFC 9110 §5.6.2)":   {charToken, alpha + "!#$%&'*+-.^_`|~"},
		"host (RFC 3986 §3.2.2)":    {charHost, alpha + "-._~!$&'()*+,;=%"},
		"address (RFC 3986 §3.2.2)": {charIP6, "0123456789abcdefABCDEF:."},
	} {
		for b := range 256 {
			if got, want := chars[b]&c.class != 0, b < 0x80 && strings.IndexByte(c.set, byte(b)) >= 0; got != want {
				t.Errorf("%s: %q is in it: %v", name, byte(b), got)
			}
		}
	}
	for b := range 256 {
		if got, want := chars[b]&charTarget != 0, b > 0x20 && b != 0x7f && b != '#'; got != want {
			t.Errorf("target: %q is in it: %v", byte(b), got)
		}
	}
}

// skipText looks at eight bytes at once: every byte in every place, with every neighbour that could confuse it.
func TestSkipText(t *testing.T) {
	naive := func(b []byte, i int) int {
		for i < len(b) && (b[i] >= 0x20 && b[i] != 0x7f || b[i] == '\t') {
			i++
		}
		return i
	}
	b := make([]byte, 19)
	for place := range b {
		for c := range 256 {
			for _, fill := range []byte{' ', 'x', '\t', 0x80, 0x9f, 0xff, 0x7e, 0x21, 0xa0} {
				for _, neighbour := range []byte{fill, '\r', 0x7f, 0x00, 0x20, 0x80} {
					for i := range b {
						b[i] = fill
					}
					if place+1 < len(b) {
						b[place+1] = neighbour
					}
					b[place] = byte(c)
					for start := range 3 {
						if got, want := skipText(b[:len(b):len(b)], start), naive(b, start); got != want {
							t.Fatalf("%q from %d: %d, want %d", b, start, got, want)
						}
					}
				}
			}
		}
	}
}
