package httpparse

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// outcome is what Parse said about some bytes, in a form that can be compared.
type outcome struct {
	n, status int
	request   string
}

func outcomeOf(n, status int, r *Request) outcome {
	if status == 0 {
		return outcome{}
	}
	return outcome{n, status, render(r)}
}

// render writes out everything that a Request holds.
func render(r *Request) string {
	var s strings.Builder
	fmt.Fprintf(&s, "%v %q %q path=%q query=%q host=%q minor=%d keep=%v continue=%v upgrade=%v head=%d\n", r.Method, r.MethodText, r.Target, r.Path, r.Query,
		r.Host, r.Minor, r.KeepAlive, r.Expect100, r.Upgrade, r.HeadBytes)
	for _, f := range r.Fields {
		fmt.Fprintf(&s, "%q: %q\n", f.Name, f.Value)
	}
	fmt.Fprintf(&s, "%q", r.Body)
	return s.String()
}

// clip copies b so that an access beyond its end panics.
func clip(b []byte) []byte {
	c := make([]byte, len(b))
	copy(c, b)
	return c[:len(b):len(b)]
}

// parseOnce offers all bytes at once.
func parseOnce(lim *Limits, raw []byte) outcome {
	var p Parser
	var r Request
	n, status := p.Parse(lim, clip(raw), &r)
	return outcomeOf(n, status, &r)
}

// parsePieces offers the bytes in pieces that end at the cuts, which ascend, and stops at the first answer. The Request serves
// another connection between the pieces, as it does in life.
func parsePieces(lim *Limits, raw []byte, cuts func(yield func(int) bool)) outcome {
	var p Parser
	var r Request
	var o outcome
	for cut := range cuts {
		n, status := p.Parse(lim, clip(raw[:cut]), &r)
		if o = outcomeOf(n, status, &r); status != 0 {
			break
		}
		if n != 0 {
			panic("an incomplete request, and bytes of it consumed")
		}
		var other Parser
		other.Parse(&DefaultLimits, []byte("GET /other HTTP/1.0\r\nX: y\r\n\r\n"), &r)
	}
	return o
}

// everyCut is the arrival of n bytes one by one. Of long inputs only the first bytes come so: each piece is copied, and TestLinear
// has the rest.
func everyCut(n int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for i := 0; i < n; i++ {
			if i > 1000 {
				i = min(i+n/1000, n-1)
			}
			if !yield(i) {
				return
			}
		}
		yield(n)
	}
}

// parse parses at once and byte by byte, and insists on the same answer.
func parse(t *testing.T, lim *Limits, raw string) outcome {
	t.Helper()
	once := parseOnce(lim, []byte(raw))
	if slow := parsePieces(lim, []byte(raw), everyCut(len(raw))); slow != once {
		t.Errorf("byte by byte: %+v\nat once: %+v", slow, once)
	}
	return once
}

// mustParse returns a whole, acceptable request without another byte behind it.
func mustParse(t *testing.T, raw string) *Request {
	t.Helper()
	if o := parse(t, &DefaultLimits, raw); o.status != StatusOK || o.n != len(raw) {
		t.Fatalf("%q: status %d and %d of %d bytes", raw, o.status, o.n, len(raw))
	}
	var p Parser
	var r Request
	p.Parse(&DefaultLimits, []byte(raw), &r)
	return &r
}

// fault is a request and the status that answers it.
type fault struct {
	name   string
	raw    string
	status int
}

// faults are all faulty requests of the tables, for those tests that hold for every one.
var faults = func() (all []fault) {
	for _, table := range [][]fault{lineFaults, targetFaults, fieldFaults, framingFaults, chunkFaults, expectFaults} {
		all = append(all, table...)
	}
	return all
}()

func testFaults(t *testing.T, table []fault) {
	for _, f := range table {
		t.Run(f.name, func(t *testing.T) {
			if o := parse(t, &DefaultLimits, f.raw); o.status != f.status || o.n != 0 {
				t.Errorf("%q: status %d, %d bytes; want %d, 0", f.raw, o.status, o.n, f.status)
			}
		})
	}
}

// requests are acceptable requests of many kinds, for those tests that hold for every one.
var requests = []string{
	"GET / HTTP/1.1\r\nHost: h\r\n\r\n",
	"GET / HTTP/1.0\r\n\r\n",
	"\r\n\r\nGET /a?b=c HTTP/1.1\r\nHost: h:80\r\nA:\r\nB: \t b c \t\r\n\r\n",
	"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n",
	"POST http://h:5280/http-bind/ HTTP/1.1\r\nHost: other\r\nContent-Length: 5\r\n\r\nhello",
	"POST /x HTTP/1.1\r\nhost: [::1]:5280\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
	"POST /x HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 11\r\n\r\n\r\n\r\n\r\nabc\r\n",
	"POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	"POST /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n01;a=\"b\"\r\n \r\n05\r\nworld\r\n000;c\r\n\r\n",
	"POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nA\r\n\r\n0\r\n\r\n\r\n0\r\n0\r\nTrailer: x\r\nContent-Length: 3\r\n\r\n",
	"GET /ws HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\n",
	stropheRequest,
}

// stropheRequest is what strophe.js in Chromium sends.
var stropheRequest = "POST /http-bind/ HTTP/1.1\r\n" +
	"Host: chat.example.org:5280\r\n" +
	"Connection: keep-alive\r\n" +
	"Content-Length: 200\r\n" +
	"sec-ch-ua-platform: \"Linux\"\r\n" +
	"User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36\r\n" +
	"sec-ch-ua: \"Not)A;Brand\";v=\"8\", \"Chromium\";v=\"138\"\r\n" +
	"Content-Type: text/xml; charset=utf-8\r\n" +
	"Accept: */*\r\n" +
	"Origin: https://www.example.org\r\n" +
	"Referer: https://www.example.org/\r\n" +
	"Accept-Encoding: gzip, deflate, br, zstd\r\n" +
	"Accept-Language: en-US,en;q=0.9\r\n" +
	"\r\n" + fill200("<body rid='1001' sid='s' xmlns='http://jabber.org/protocol/httpbind'><message xmlns='jabber:client'><body>", "</body></message></body>")

func fill200(start, end string) string {
	return start + strings.Repeat("x", 200-len(start)-len(end)) + end
}

// sameBytes fails unless b is still what it was.
func sameBytes(t *testing.T, what string, b, was []byte) {
	t.Helper()
	if !bytes.Equal(b, was) {
		t.Errorf("%s changed to %q, were %q", what, b, was)
	}
}
