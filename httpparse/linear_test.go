package httpparse

import (
	"fmt"
	"strings"
	"testing"
)

// TestLinear shows that bytes which come one by one are not looked at over and over. It counts by contradiction: before each call, everything
// that the parser has no business looking at again is overwritten with what would be a fault, or an end. Allowed are:
//
//   - the bytes that are new;
//   - when a line becomes complete, that line;
//   - the method, at most 32 bytes, until the request line is complete;
//   - when the head or the request becomes complete, everything, once.
//
// So the work for n bytes is at most a constant times n.
func TestLinear(t *testing.T) {
	var chunks strings.Builder
	chunks.WriteString("POST /" + strings.Repeat("p", 3000) + " HTTP/1.1\r\nHost: h\r\nX: " + strings.Repeat("x", 3000) + "\r\nTransfer-Encoding: chunked\r\n\r\n")
	for size := 1; size < 440; size++ {
		fmt.Fprintf(&chunks, "%x\r\n%s\r\n", size, strings.Repeat("\n", size))
	}
	chunks.WriteString("1;" + strings.Repeat("e", 1000) + "\r\n\n\r\n0\r\n" + strings.Repeat("T: "+strings.Repeat("t", 100)+"\r\n", 90) + "\r\n")
	for name, raw := range map[string]string{
		"many chunks":    chunks.String(),
		"one chunk":      chunkedHead + "186a0\r\n" + strings.Repeat("\n\r", 50000) + "\r\n0\r\n\r\n",
		"small chunks":   chunkedHead + strings.Repeat("5\r\n\n\n\n\n\n\r\n", 20000) + "0\r\n\r\n",
		"Content-Length": "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n" + strings.Repeat("\n\r", 50000),
		"many fields":    "GET / HTTP/1.1\r\nHost: h\r\n" + strings.Repeat("A: "+strings.Repeat("x", 150)+"\r\n", 99) + "\r\n",
	} {
		for _, poison := range []byte{'\n', 0} {
			t.Run(fmt.Sprintf("%s, poison %#x", name, poison), func(t *testing.T) { testLinear(t, raw, poison) })
		}
	}
}

func testLinear(t *testing.T, raw string, poison byte) {
	var p Parser
	var r Request
	head := strings.Index(raw, "\r\n\r\n") + 4
	b := []byte(raw)
	from, poisoned := 0, 0 // b[from:poisoned] is overwritten
	spoil := func(start, end int) {
		if start != from {
			copy(b[from:poisoned], raw[from:poisoned])
			from, poisoned = start, start
		}
		if end < poisoned {
			copy(b[end:poisoned], raw[end:poisoned])
			poisoned = end
		}
		for ; poisoned < end; poisoned++ {
			b[poisoned] = poison
		}
	}
	line := 0 // where the line starts that byte i-1 is in
	for i := 0; i <= len(raw); i++ {
		completesLine := i > 0 && raw[i-1] == '\n'
		switch {
		case i == 0, i == head, i == len(raw):
			spoil(0, 0)
		case p.state == stateChunk && i == int(p.next)+2:
			spoil(0, i-2) // the line end behind a chunk's data
		case completesLine && p.state != stateLength && p.state != stateChunk:
			spoil(0, line)
		case line == 0:
			spoil(methodBytesMax+1, max(methodBytesMax+1, i-1))
		default:
			spoil(0, i-1)
		}
		if completesLine {
			line = i
		}
		r.HeadBytes = -1
		n, status := p.Parse(&DefaultLimits, b[:i:i], &r)
		if i > head && i < len(raw) && r.HeadBytes != -1 {
			t.Fatalf("byte %d of %d: the head was read again", i, len(raw))
		}
		if want := min(1, i/len(raw)) * StatusOK; status != want {
			t.Fatalf("byte %d of %d: status %d, %d bytes, %v", i, len(raw), status, n, p.state)
		}
	}
}
