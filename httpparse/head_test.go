package httpparse

import (
	"strings"
	"testing"
)

// RFC 9112 §2.2 message parsing, §2.3 version, §3 request line.
var lineFaults = []fault{
	{"§2.2 five empty lines before", "\r\n\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
	{"§2.2 a bare LF before", "\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
	{"§2.2 a bare CR before", "\rGET / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
	{"§2.2 white space before", " GET / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
	{"§2.2 the request line ends with a bare LF", "GET / HTTP/1.1\nHost: h\r\n\r\n", 400},
	{"§2.2 the request line ends with a bare CR", "GET / HTTP/1.1\rHost: h\r\n\r\n", 400},
	{"§2.2 the head ends with a bare LF", "GET / HTTP/1.1\r\nHost: h\r\n\n", 400},
	{"§2.2 white space before the first field", "GET / HTTP/1.1\r\n Host: h\r\n\r\n", 400},
	{"§2.3 HTTP/0.9", "GET /\r\n\r\n", 400},
	{"§2.3 HTTP/0.9, said", "GET / HTTP/0.9\r\nHost: h\r\n\r\n", 505},
	{"§2.3 HTTP/2.0", "GET / HTTP/2.0\r\nHost: h\r\n\r\n", 505},
	{"§2.3 the HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
	{"§2.3 HTTP/3.0 with a target that is none", "GET x HTTP/3.0\r\nHost: h\r\n\r\n", 505},
	{"§2.3 lower case", "GET / http/1.1\r\nHost: h\r\n\r\n", 400},
	{"§2.3 no minor version", "GET / HTTP/1\r\nHost: h\r\n\r\n", 400},
	{"§2.3 two digits", "GET / HTTP/1.10\r\nHost: h\r\n\r\n", 400},
	{"§2.3 no digit", "GET / HTTP/1.x\r\nHost: h\r\n\r\n", 400},
	{"§2.3 a comma", "GET / HTTP/1,1\r\nHost: h\r\n\r\n", 400},
	{"§2.3 another protocol", "GET / ICAP/1.1\r\nHost: h\r\n\r\n", 400},
	{"§3 one word", "hello\r\n\r\n", 400},
	{"§3 an answer", "HTTP/1.1 200 OK\r\n\r\n", 400},
	{"§3 a TLS handshake, not even a line", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400},
	{"§3 no method", " / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
	{"§3 a method that is no token", "G(T / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
	{"§3 a method of 33 letters", strings.Repeat("A", 33) + " / HTTP/1.1\r\nHost: h\r\n\r\n", 501},
	{"§3 two spaces before the target", "GET  / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
	{"§3 two spaces behind the target", "GET /  HTTP/1.1\r\nHost: h\r\n\r\n", 400},
	{"§3 a tab for a space", "GET\t/ HTTP/1.1\r\nHost: h\r\n\r\n", 400},
	{"§3 white space at the end", "GET / HTTP/1.1 \r\nHost: h\r\n\r\n", 400},
	{"§3 no target", "GET HTTP/1.1\r\nHost: h\r\n\r\n", 400},
	{"§3 an empty target", "GET  HTTP/1.1\r\nHost: h\r\n\r\n", 400},
	{"§3.2 white space in the target", "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", 400},
}

func TestRequestLineFaults(t *testing.T) { testFaults(t, lineFaults) }

// RFC 9112 §5 field syntax.
var fieldFaults = []fault{
	{"§5 no colon", "GET / HTTP/1.1\r\nHost: h\r\nX\r\n\r\n", 400},
	{"§5 no name", "GET / HTTP/1.1\r\nHost: h\r\n: x\r\n\r\n", 400},
	{"§5 a name that is no token", "GET / HTTP/1.1\r\nHost: h\r\nX(: x\r\n\r\n", 400},
	{"§5 a name beyond ASCII", "GET / HTTP/1.1\r\nHost: h\r\nX\xe9: x\r\n\r\n", 400},
	{"§5.1 a space before the colon", "GET / HTTP/1.1\r\nHost: h\r\nX : x\r\n\r\n", 400},
	{"§5.1 a tab before the colon", "GET / HTTP/1.1\r\nHost: h\r\nX\t: x\r\n\r\n", 400},
	{"§5.2 a folded line", "GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n", 400},
	{"§5.2 a line folded with a tab", "GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n\tb\r\n\r\n", 400},
	{"§2.2 a bare CR in a value", "GET / HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n", 400},
	{"§2.2 a CR at the end of a value", "GET / HTTP/1.1\r\nHost: h\r\nX: a\r\r\n\r\n", 400},
	{"§2.2 a bare LF at the end of a line", "GET / HTTP/1.1\r\nHost: h\r\nX: a\nY: b\r\n\r\n", 400},
	{"9110 §5.5 a NUL in a value", "GET / HTTP/1.1\r\nHost: h\r\nX: a\x00b\r\n\r\n", 400},
	{"9110 §5.5 a NUL in a name", "GET / HTTP/1.1\r\nHost: h\r\nX\x00: a\r\n\r\n", 400},
	{"9110 §5.5 DEL in a value", "GET / HTTP/1.1\r\nHost: h\r\nX: a\x7fb\r\n\r\n", 400},
	{"9110 §5.5 ESC in a value", "GET / HTTP/1.1\r\nHost: h\r\nX: 1234567\x1bb\r\n\r\n", 400},
	{"a CR in the empty line", "GET / HTTP/1.1\r\nHost: h\r\n\rX: y\r\n\r\n", 400},
}

func TestFieldFaults(t *testing.T) { testFaults(t, fieldFaults) }

func TestRequestLine(t *testing.T) {
	for _, c := range []struct {
		raw    string
		method Method
		text   string
		minor  int
	}{
		{"GET / HTTP/1.1\r\nHost: h\r\n\r\n", GET, "GET", 1},
		{"HEAD / HTTP/1.0\r\n\r\n", HEAD, "HEAD", 0},
		{"POST / HTTP/1.1\r\nHost: h\r\n\r\n", POST, "POST", 1},
		{"PUT / HTTP/1.1\r\nHost: h\r\n\r\n", PUT, "PUT", 1},
		{"DELETE / HTTP/1.1\r\nHost: h\r\n\r\n", DELETE, "DELETE", 1},
		{"OPTIONS / HTTP/1.1\r\nHost: h\r\n\r\n", OPTIONS, "OPTIONS", 1},
		{"TRACE / HTTP/1.1\r\nHost: h\r\n\r\n", TRACE, "TRACE", 1},
		{"PATCH / HTTP/1.1\r\nHost: h\r\n\r\n", PATCH, "PATCH", 1},
		{"get / HTTP/1.1\r\nHost: h\r\n\r\n", Other, "get", 1}, // RFC 9110 §9.1: case-sensitive
		{"FROBNICATE / HTTP/1.1\r\nHost: h\r\n\r\n", Other, "FROBNICATE", 1},
		{"GET / HTTP/1.7\r\nHost: h\r\n\r\n", GET, "GET", 1},                 // RFC 9110 §2.5
		{"\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", GET, "GET", 1}, // RFC 9112 §2.2
	} {
		r := mustParse(t, c.raw)
		if r.Method != c.method || string(r.MethodText) != c.text || r.Minor != c.minor {
			t.Errorf("%q: %v %q, minor %d", c.raw, r.Method, r.MethodText, r.Minor)
		}
		if c.method != Other && c.method.String() != c.text {
			t.Errorf("%v is %q", c.text, c.method)
		}
	}
}

func TestFields(t *testing.T) {
	r := mustParse(t, "GET / HTTP/1.1\r\nHost: h\r\nEmpty:\r\nBlank: \t \r\nNone:x\r\nPadded: \t a \t b \t\r\nhigh: \xe9\x80\xff\r\n!#$%&'*+-.^_`|~09: odd\r\nX: 1\r\nx: 2\r\n\r\n")
	want := []string{"Host", "h", "Empty", "", "Blank", "", "None", "x", "Padded", "a \t b", "high", "\xe9\x80\xff", "!#$%&'*+-.^_`|~09", "odd", "X", "1", "x", "2"}
	if len(r.Fields) != len(want)/2 {
		t.Fatalf("%d fields", len(r.Fields))
	}
	for i, f := range r.Fields {
		if string(f.Name) != want[2*i] || string(f.Value) != want[2*i+1] {
			t.Errorf("field %d is %q: %q, want %q: %q", i, f.Name, f.Value, want[2*i], want[2*i+1])
		}
	}
}

// What was read before the fault is there for the answer (decisions.md 12).
func TestRefusedRequestTellsWhatIsKnown(t *testing.T) {
	for _, c := range []struct {
		raw    string
		status int
		method Method
		minor  int
		fields int
	}{
		{"\x16\x03", 400, Other, 1, 0},
		{"GET / HTTP/2.0\r\nHost: h\r\n\r\n", 505, GET, 1, 0},
		{"GET / HTTP/1.0\r\nA: b\r\nX : y\r\nC: d\r\n\r\n", 400, GET, 0, 1},
		{"POST / HTTP/1.1\r\nHost: h\r\nOrigin: o\r\nContent-Length: 100001\r\n\r\n", 413, POST, 1, 3},
		{"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nx", 0, Other, 0, 0},
		{"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nx\r\n", 400, POST, 1, 2},
		{"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nbad trailer\r\n", 400, POST, 1, 2},
		{"GET / HTTP/1.1\r\nHost: h\r\nX: " + strings.Repeat("a", DefaultLimits.HeadBytes), 431, GET, 1, 1},
	} {
		if o := parse(t, &DefaultLimits, c.raw); o.status != c.status {
			t.Errorf("%q: status %d, want %d", c.raw, o.status, c.status)
		}
		if c.status == 0 {
			continue
		}
		var p Parser
		r := Request{KeepAlive: true}
		p.Parse(&DefaultLimits, []byte(c.raw), &r)
		if r.Method != c.method || r.Minor != c.minor || len(r.Fields) != c.fields || r.KeepAlive || len(r.Body) > 0 {
			t.Errorf("%q: %+v", c.raw, r)
		}
	}
}
