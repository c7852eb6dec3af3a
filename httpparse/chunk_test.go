package httpparse

import (
	"fmt"
	"strings"
	"testing"
)

const chunkedHead = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"

// RFC 9112 §7.1 chunked coding.
var chunkFaults = []fault{
	{"§7.1 no size", chunkedHead + "\r\n", 400},
	{"§7.1 a size that is no number", chunkedHead + "xyz\r\n", 400},
	{"§7.1 a prefix", chunkedHead + "0x5\r\nhello\r\n", 400},
	{"§7.1 a plus sign", chunkedHead + "+5\r\nhello\r\n", 400},
	{"§7.1 a minus sign", chunkedHead + "-5\r\nhello\r\n", 400},
	{"§7.1 a space before the size", chunkedHead + " 5\r\nhello\r\n", 400},
	{"§7.1 a space behind the size", chunkedHead + "5 \r\nhello\r\n", 400},
	{"§7.1 a size in underscores", chunkedHead + "1_0\r\n", 400},
	{"§7.1 seventeen digits", chunkedHead + "00000000000000005\r\nhello\r\n", 400},
	{"§7.1 a chunk longer than its size", chunkedHead + "2\r\nabcd\r\n0\r\n\r\n", 400},
	{"§7.1 a chunk shorter than its size", chunkedHead + "6\r\nabcd\r\n0\r\n\r\n", 400},
	{"errata 7633: a bare LF behind the size", chunkedHead + "2\nab\r\n0\r\n\r\n", 400},
	{"errata 7633: a bare LF behind the data", chunkedHead + "2\r\nab\n0\r\n\r\n", 400},
	{"errata 7633: a bare LF behind the last size", chunkedHead + "2\r\nab\r\n0\n\r\n", 400},
	{"errata 7633: a bare LF for the last line", chunkedHead + "2\r\nab\r\n0\r\n\n", 400},
	{"§2.2 a bare CR behind the size", chunkedHead + "2\rab\r\n0\r\n\r\n", 400},
	{"§7.1.1 a bare LF behind an extension", chunkedHead + "2;x\nab\r\n0\r\n\r\n", 400},
	{"§7.1.1 a bare CR in an extension", chunkedHead + "2;x\r2\r\nab\r\n0\r\n\r\n", 400},
	{"§7.1.1 a NUL in an extension", chunkedHead + "2;x\x00\r\nab\r\n0\r\n\r\n", 400},
	{"§7.1.1 white space before an extension", chunkedHead + "2 ;x\r\nab\r\n0\r\n\r\n", 400},
	{"§7.1.1 a long extension", chunkedHead + "2;" + strings.Repeat("x", 1100), 400},
	{"§7.1.1 many extensions", chunkedHead + strings.Repeat("2;"+strings.Repeat("x", 100)+"\r\nab\r\n", 11), 400},
	{"§7.1.2 a trailer without a colon", chunkedHead + "0\r\nx\r\n\r\n", 400},
	{"§7.1.2 a folded trailer", chunkedHead + "0\r\nA: b\r\n c\r\n\r\n", 400},
	{"§7.1.2 trailers over the limit", chunkedHead + "0\r\nA: " + strings.Repeat("b", 17000), 431},
	{"§7.1.2 too many trailers", chunkedHead + "0\r\n" + strings.Repeat("A: b\r\n", 101) + "\r\n", 431},
	{"a chunk over the limit", chunkedHead + "186a1\r\n", 413},
	{"a chunk of 2^64+2", chunkedHead + "10000000000000002\r\n", 400},
	{"a chunk of 2^60", chunkedHead + "1000000000000000\r\n", 413},
	{"chunks that add up to more than the limit", chunkedHead + strings.Repeat("100\r\n"+strings.Repeat("x", 256)+"\r\n", 400), 413},
	{"chunks of a byte, many times their content", chunkedHead + strings.Repeat("1\r\nx\r\n", 40000), 413},
	{"sizes of many digits", chunkedHead + strings.Repeat("0000000000000001\r\nx\r\n", 11000), 413},
}

func TestChunkFaults(t *testing.T) { testFaults(t, chunkFaults) }

func TestChunked(t *testing.T) {
	for _, c := range []struct{ wire, body string }{
		{"0\r\n\r\n", ""},
		{"0000000000000000\r\n\r\n", ""},
		{"5\r\nhello\r\n0\r\n\r\n", "hello"},
		{"5\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\n\r\n", "hello world"},
		{"0a\r\n0123456789\r\nA\r\nabcdefghij\r\n00\r\n\r\n", "0123456789abcdefghij"},
		{"5\r\n\r\n0\r\n\r\n6\r\n\n\n\n\n\r\r\r\n0\r\n\r\n", "\r\n0\r\n\n\n\n\n\r\r"},
		{"5;\r\nhello\r\n0;a;b=c;d=\"e;f\"\r\n\r\n", "hello"},
		{"5;a = b\r\nhello\r\n0\r\n\r\n", "hello"},
		{"5\r\nhello\r\n0\r\nA: b\r\nContent-Length: 7\r\nTransfer-Encoding: x\r\nHost: y\r\n\r\n", "hello"}, // RFC 9110 §6.5.1: dropped
		{strings.Repeat("1\r\nx\r\n", 2000) + "0\r\n\r\n", strings.Repeat("x", 2000)},
		{"186a0\r\n" + strings.Repeat("x", 100000) + "\r\n0\r\n\r\n", strings.Repeat("x", 100000)},
		{"2;" + strings.Repeat("x", 1000) + "\r\nab\r\n0\r\n\r\n", "ab"},
	} {
		r := mustParse(t, chunkedHead+c.wire)
		if string(r.Body) != c.body || len(r.Fields) != 2 {
			t.Errorf("%.80q: %d fields, body %q", c.wire, len(r.Fields), r.Body)
		}
		if cap(r.Body) != len(r.Body) {
			t.Errorf("%.80q: appending to the body would overwrite what follows", c.wire)
		}
	}
}

// Whatever way a body is cut into chunks, it comes out whole, and what follows it is untouched.
func TestChunksAreJoinedInPlace(t *testing.T) {
	const body = "0123456789abcdefghijklmnopqrstuvwxyz"
	for size := 1; size <= len(body); size++ {
		var wire strings.Builder
		wire.WriteString(chunkedHead)
		for rest := body; rest != ""; {
			n := min(size, len(rest))
			fmt.Fprintf(&wire, "%x\r\n%s\r\n", n, rest[:n])
			rest = rest[n:]
		}
		wire.WriteString("0\r\n\r\n")
		whole := wire.Len()
		wire.WriteString("POST /next")
		b := []byte(wire.String())
		var p Parser
		var r Request
		n, status := p.Parse(&DefaultLimits, b, &r)
		if n != whole || status != StatusOK || string(r.Body) != body {
			t.Fatalf("chunks of %d: %d of %d bytes, status %d, body %q", size, n, whole, status, r.Body)
		}
		sameBytes(t, "bytes behind the request", b[n:], []byte("POST /next"))
		sameBytes(t, "the head", b[:len(chunkedHead)], []byte(chunkedHead))
	}
}
