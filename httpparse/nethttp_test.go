package httpparse

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httputil"
	"net/textproto"
	"strings"
	"testing"
)

// readNetHTTP reads one request with net/http. rest is what it left of raw.
func readNetHTTP(raw []byte) (req *http.Request, body []byte, rest int, err error) {
	from := bytes.NewReader(raw)
	buffered := bufio.NewReader(from)
	if req, err = http.ReadRequest(buffered); err != nil {
		return nil, nil, 0, err
	}
	defer req.Body.Close()
	body, err = io.ReadAll(req.Body)
	return req, body, buffered.Buffered() + from.Len(), err
}

// Where we say 200, net/http says the same about method, target, host, fields, body and length. It is stricter than we are with:
//
//   - targets that it can't parse: broken percent-encoding in the path, which is CleanPath's to refuse here; addresses in brackets that
//     are none, or a host with percent-encoding, in an absolute target, whose host we don't look up;
//   - a Trailer field that announces a forbidden name: we drop trailers whatever their names.
func FuzzNetHTTP(f *testing.F) {
	addSeeds(f, func(raw []byte) { f.Add(raw) })
	f.Fuzz(func(t *testing.T, raw []byte) {
		var p Parser
		var r Request
		n, status := p.Parse(&DefaultLimits, clip(raw), &r)
		if status != StatusOK {
			return
		}
		start, _ := skipEmptyLines(raw) // net/http leaves them to its server
		req, body, rest, err := readNetHTTP(raw[start:])
		if err != nil {
			if _, announces := r.Header("Trailer"); announces || isParseError(err) && (bytes.IndexByte(r.Target, '%') >= 0 || r.Target[0] != '/') {
				return
			}
			t.Fatalf("%q: we say 200, net/http %v", raw, err)
		}
		if req.Method != string(r.MethodText) || req.RequestURI != string(r.Target) || !bytes.Equal(body, r.Body) || len(raw)-rest != n {
			t.Errorf("%q: %s %q, body %q, %d bytes; net/http: %s %q, body %q, %d bytes", raw, r.MethodText, r.Target, r.Body, n, req.Method, req.RequestURI, body, len(raw)-rest)
		}
		if want := string(r.Host); req.Host != want {
			t.Errorf("%q: host %q; net/http: %q", raw, want, req.Host)
		}
		if req.ProtoMinor != r.Minor && r.Minor == 0 {
			t.Errorf("%q: minor version %d; net/http: %d", raw, r.Minor, req.ProtoMinor)
		}
		if req.Close && r.KeepAlive {
			t.Errorf("%q: net/http would close", raw)
		}
		sameFields(t, &r, req)
	})
}

// isParseError says whether net/http failed at the target.
func isParseError(err error) bool {
	return strings.HasPrefix(err.Error(), "parse ")
}

// sameFields compares but for what net/http takes out of the fields or adds to them.
func sameFields(t *testing.T, r *Request, req *http.Request) {
	t.Helper()
	own := http.Header{}
	for _, f := range r.Fields {
		name := textproto.CanonicalMIMEHeaderKey(string(f.Name))
		own[name] = append(own[name], string(f.Value))
	}
	for _, name := range []string{"Host", "Transfer-Encoding", "Content-Length", "Trailer", "Cache-Control"} {
		own.Del(name)
		req.Header.Del(name)
	}
	if len(own) != len(req.Header) {
		t.Errorf("fields %v; net/http: %v", own, req.Header)
	}
	for name, values := range own {
		if strings.Join(values, "\n") != strings.Join(req.Header[name], "\n") {
			t.Errorf("field %s %q; net/http: %q", name, values, req.Header[name])
		}
	}
}

// FuzzChunked compares with net/http's chunked reader, which leaves the trailers to others.
func FuzzChunked(f *testing.F) {
	for _, raw := range append(requests, chunkedHead+"1;a\r\n\r\r\n0\r\nA: b\r\n\r\n") {
		if _, wire, isChunked := strings.Cut(raw, "hunked\r\n\r\n"); isChunked {
			f.Add([]byte(wire))
		}
	}
	for _, fault := range chunkFaults {
		if len(fault.raw) < 1500 {
			f.Add([]byte(strings.TrimPrefix(fault.raw, chunkedHead)))
		}
	}
	f.Fuzz(func(t *testing.T, wire []byte) {
		raw := append([]byte(chunkedHead), wire...)
		var p Parser
		var r Request
		n, status := p.Parse(&DefaultLimits, clip(raw), &r)
		theirs, err := io.ReadAll(httputil.NewChunkedReader(bytes.NewReader(wire)))
		switch {
		case status == StatusOK && err != nil:
			t.Errorf("%q: we say 200, net/http %v", wire, err)
		case status == StatusOK && !bytes.Equal(theirs, r.Body):
			t.Errorf("%q: body %q; net/http: %q", wire, r.Body, theirs)
		case status == 0 && err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
			t.Logf("%q: we wait; net/http: %v", wire, err) // it sees a line's fault before the line ends
		case status == StatusOK && (n > len(raw) || n < len(chunkedHead)+len(r.Body)):
			t.Errorf("%q: %d bytes", wire, n)
		}
	})
}

// What net/http takes and we refuse. Each row is a way in which two servers may read one connection differently, or a limit.
var refusedAlone = []fault{
	{"bare LF for line ends", "GET / HTTP/1.1\nHost: h\n\n", 400},
	{"a bare LF after the fields", "GET / HTTP/1.1\r\nHost: h\r\n\n", 400},
	{"folded lines", "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n", 400},
	{"equal Content-Lengths", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx", 400},
	{"Transfer-Encoding and Content-Length", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
	{"Transfer-Encoding in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
	{"white space behind a chunk's size", chunkedHead + "1 \r\nx\r\n0\r\n\r\n", 400},
	{"no Host (its server refuses it)", "GET / HTTP/1.1\r\n\r\n", 400},
	{"a Host that is none (its server refuses it)", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
	{"a fragment", "GET /#a HTTP/1.1\r\nHost: h\r\n\r\n", 400},
	{"a user in the target", "GET http://u@h/ HTTP/1.1\r\nHost: h\r\n\r\n", 400},
	{"another scheme", "GET ftp://h/ HTTP/1.1\r\nHost: h\r\n\r\n", 400},
	{"an asterisk without OPTIONS", "GET * HTTP/1.1\r\nHost: h\r\n\r\n", 400},
	{"CONNECT", "CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n", 501},
	{"another version (its server refuses it)", "GET / HTTP/2.0\r\nHost: h\r\n\r\n", 505},
	{"an unknown expectation (its server refuses it)", "GET / HTTP/1.1\r\nHost: h\r\nExpect: x\r\n\r\n", 417},
	{"long methods", strings.Repeat("A", 40) + " / HTTP/1.1\r\nHost: h\r\n\r\n", 501},
	{"long request lines", "GET /" + strings.Repeat("a", 20000) + " HTTP/1.1\r\nHost: h\r\n\r\n", 414},
	{"many fields", "GET / HTTP/1.1\r\nHost: h\r\n" + strings.Repeat("A: b\r\n", 100) + "\r\n", 431},
	{"long bodies", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100001\r\n\r\n" + strings.Repeat("x", 100001), 413},
}

func TestStricterThanNetHTTP(t *testing.T) {
	testFaults(t, refusedAlone)
	for _, f := range refusedAlone {
		if _, _, _, err := readNetHTTP([]byte(f.raw)); err != nil {
			t.Errorf("%s: net/http refuses it too: %v", f.name, err)
		}
	}
}
