package httpparse

import (
	"strings"
	"testing"
)

func TestHeadLimits(t *testing.T) {
	lim := Limits{HeadBytes: 64, BodyBytes: 16, Fields: 3}
	const start, end = "GET / HTTP/1.1\r\nHost: h\r\nX: ", "\r\n\r\n"
	exact := start + strings.Repeat("a", lim.HeadBytes-len(start)-len(end)) + end
	for _, c := range []struct {
		name, raw string
		status    int
	}{
		{"a head of the limit", exact, 200},
		{"a head of the limit and a body", strings.Replace(exact, "X: "+strings.Repeat("a", 32), "Content-Length: "+strings.Repeat("0", 17)+"16", 1) + "0123456789abcdef", 200},
		{"a byte more", start + "a" + exact[len(start):], 431},
		{"a head that never ends", start + strings.Repeat("a", 64), 431},
		{"an end at the limit, but not of the head", exact[:60] + "aa\r\n", 431},
		{"a request line that never ends", "GET /" + strings.Repeat("a", 64), 414},
		{"a request line over the limit", "GET /" + strings.Repeat("a", 64) + " HTTP/1.1\r\nHost: h\r\n\r\n", 414},
		{"not HTTP, over the limit", strings.Repeat("(", 100), 400},
		{"a fault before the limit", "GET / HTTP/1.1\r\nHost : h\r\nX: " + strings.Repeat("a", 64), 400},
		{"a fault in the line that the limit cuts", "GET / HTTP/1.1\r\nHost: h\r\nX : " + strings.Repeat("a", 64) + "\r\n", 431},
		{"empty lines count", "\r\n" + exact, 431},
		{"fields of the limit", "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\nA: b\r\n\r\n", 200},
		{"a field more", "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\nA: b\r\nA: b\r\n\r\n", 431},
		{"a field more, then a fault", "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\nA: b\r\nA: b\r\nB\r\n\r\n", 431},
	} {
		t.Run(c.name, func(t *testing.T) {
			if o := parse(t, &lim, c.raw); o.status != c.status {
				t.Errorf("status %d, want %d", o.status, c.status)
			}
		})
	}
}

// Limits that make no sense refuse, and are no reason to panic.
func TestOddLimits(t *testing.T) {
	for _, lim := range []Limits{
		{},
		{HeadBytes: -1, BodyBytes: -1, Fields: -1},
		{HeadBytes: 1, BodyBytes: 1, Fields: 1},
		{HeadBytes: 1 << 62, BodyBytes: 1 << 62, Fields: 1 << 62},
	} {
		for _, raw := range append(requests, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9999999999\r\n\r\n", chunkedHead+"fffffffffff\r\n") {
			once := parseOnce(&lim, []byte(raw))
			if slow := parsePieces(&lim, []byte(raw), everyCut(len(raw))); slow != once {
				t.Errorf("%+v %q: %+v, byte by byte %+v", lim, raw, once, slow)
			}
		}
	}
}

func TestTrailerLimits(t *testing.T) {
	lim := Limits{HeadBytes: 64, BodyBytes: 16, Fields: 2}
	head := strings.Replace(chunkedHead, "Host: h", "Host:", 1)
	for _, c := range []struct {
		name, raw string
		status    int
	}{
		{"trailers of the limit", "0\r\nA: b\r\nA: b\r\n\r\n", 200},
		{"a trailer more", "0\r\nA: b\r\nA: b\r\nA: b\r\n\r\n", 431},
		{"bytes of the limit", "0\r\nA: " + strings.Repeat("b", 64-7) + "\r\n\r\n", 200},
		{"a byte more", "0\r\nA: " + strings.Repeat("b", 64-6) + "\r\n\r\n", 431},
		{"a body before it does not count", "10\r\n0123456789abcdef\r\n0\r\nA: " + strings.Repeat("b", 64-7) + "\r\n\r\n", 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			if o := parse(t, &lim, head+c.raw); o.status != c.status {
				t.Errorf("status %d, want %d", o.status, c.status)
			}
		})
	}
}
