package httpparse

import "testing"

// Every strict prefix of a request is incomplete, and nothing of it is consumed or written to.
func TestEveryPrefixIsIncomplete(t *testing.T) {
	for _, raw := range requests {
		for i := range len(raw) {
			var p Parser
			var r Request
			b := clip([]byte(raw[:i]))
			if n, status := p.Parse(&DefaultLimits, b, &r); n != 0 || status != 0 {
				t.Fatalf("%q: %d, %d", b, n, status)
			}
			sameBytes(t, "an incomplete request", b, []byte(raw[:i]))
		}
	}
}

// In two pieces, wherever the cut is: the same as at once. The tables' tests do it byte by byte.
func TestTwoPieces(t *testing.T) {
	for _, raw := range requests {
		once := parseOnce(&DefaultLimits, []byte(raw))
		for i := range len(raw) {
			cuts := func(yield func(int) bool) { _ = yield(i) && yield(len(raw)) }
			if o := parsePieces(&DefaultLimits, []byte(raw), cuts); o != once {
				t.Fatalf("%q cut at %d: %+v\nat once: %+v", raw, i, o, once)
			}
		}
	}
	for _, f := range faults {
		if len(f.raw) > 4096 {
			continue
		}
		for i := range len(f.raw) {
			cuts := func(yield func(int) bool) { _ = yield(i) && yield(len(f.raw)) }
			if o := parsePieces(&DefaultLimits, []byte(f.raw), cuts); o.status != f.status {
				t.Fatalf("%s, cut at %d: status %d, want %d", f.name, i, o.status, f.status)
			}
		}
	}
}

// What follows a request changes neither it nor itself.
func TestTrailingBytesAreUntouched(t *testing.T) {
	for _, next := range []string{"\r\n", "\x00\xff", "GET / HTTP/1.1\r\n", "5\r\nhello\r\n0\r\n\r\n"} {
		for _, raw := range requests {
			var p Parser
			var r Request
			b := clip([]byte(raw + next))
			n, status := p.Parse(&DefaultLimits, b, &r)
			if got, want := outcomeOf(n, status, &r), parseOnce(&DefaultLimits, []byte(raw)); got != want {
				t.Errorf("%q before %q: %+v", raw, next, got)
			}
			sameBytes(t, "bytes behind a request", b[len(raw):], []byte(next))
		}
	}
}
