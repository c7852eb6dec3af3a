//go:build integration && linux

package integration

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// malformedRequests are whole requests, %s standing for the path, and the statuses that answer them. Every one
// is answered and the connection closed: what follows on it can't be trusted (RFC 9112 §9.6, §11.2).
var malformedRequests = []struct {
	name string
	raw  string
	want []int
}{
	{"no request line", "hello\r\n\r\n", []int{400}},
	{"binary", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", []int{400}},
	{"four words in the request line", "POST %s x HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n", []int{400}},
	{"no Host", "POST %s HTTP/1.1\r\nContent-Length: 0\r\n\r\n", []int{400}},
	{"two Hosts", "POST %s HTTP/1.1\r\nHost: a\r\nHost: a\r\nContent-Length: 0\r\n\r\n", []int{400}},
	{"HTTP/2.0", "POST %s HTTP/2.0\r\nHost: h\r\nContent-Length: 0\r\n\r\n", []int{505}},
	{"HTTP/1.x", "POST %s HTTP/1.x\r\nHost: h\r\nContent-Length: 0\r\n\r\n", []int{400, 505}},
	{"lower-case http", "POST %s http/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n", []int{400, 505}},
	{"Content-Length and Transfer-Encoding", "POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", []int{400}},
	{"two Content-Lengths", "POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx", []int{400}},
	{"two equal Content-Lengths", "POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nxx", []int{400}},
	{"a list of Content-Lengths", "POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: 2, 2\r\n\r\nxx", []int{400}},
	{"Content-Length with a sign", "POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: +2\r\n\r\nxx", []int{400}},
	{"negative Content-Length", "POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: -2\r\n\r\nxx", []int{400}},
	{"hexadecimal Content-Length", "POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: 0x2\r\n\r\nxx", []int{400}},
	{"Content-Length beyond 64 bits", "POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: 18446744073709551618\r\n\r\nxx", []int{400, 413}},
	{"Content-Length over the limit", "POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: 100001\r\n\r\n", []int{413}},
	{"chunks over the limit", "POST %s HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n186a1\r\n", []int{413}},
	{"a chunk size that is no number", "POST %s HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", []int{400}},
	{"a chunk longer than its size", "POST %s HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabcd\r\n0\r\n\r\n", []int{400}},
	{"a bare LF in chunk framing", "POST %s HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\nab\n0\n\n", []int{400}},
	{"an unknown transfer coding", "POST %s HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", []int{400, 501}},
	{"chunked not last", "POST %s HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", []int{400, 501}},
	{"chunked twice", "POST %s HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", []int{400, 501}},
	{"chunked in HTTP/1.0", "POST %s HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", []int{400}},
	{"a folded field", "POST %s HTTP/1.1\r\nHost: h\r\nX-A: a\r\n b\r\nContent-Length: 0\r\n\r\n", []int{400}},
	{"a space before the colon", "POST %s HTTP/1.1\r\nHost: h\r\nContent-Length : 0\r\n\r\n", []int{400}},
	{"a field without a colon", "POST %s HTTP/1.1\r\nHost: h\r\nContent-Length\r\n\r\n", []int{400}},
	{"an empty field name", "POST %s HTTP/1.1\r\nHost: h\r\n: 0\r\n\r\n", []int{400}},
	{"a bare CR in a field", "POST %s HTTP/1.1\r\nHost: h\r\nX-A: a\rb\r\nContent-Length: 0\r\n\r\n", []int{400}},
	{"a NUL in a field", "POST %s HTTP/1.1\r\nHost: h\r\nX-A: a\x00b\r\nContent-Length: 0\r\n\r\n", []int{400}},
	{"a head over the limit", "POST %s HTTP/1.1\r\nHost: h\r\nX-A: " + strings.Repeat("a", 17000) + "\r\n\r\n", []int{431}},
	{"too many fields", "POST %s HTTP/1.1\r\nHost: h\r\n" + strings.Repeat("X-A: a\r\n", 150) + "\r\n", []int{431}},
	{"an endless request line", "POST /" + strings.Repeat("a", 20000), []int{400, 414, 431}},
	{"an expectation that nobody knows", "POST %s HTTP/1.1\r\nHost: h\r\nExpect: miracles\r\nContent-Length: 0\r\n\r\n", []int{417}},
}

func TestMalformedHTTP(t *testing.T) {
	t.Parallel()
	s := startServer(t, startBackend(t, "example.test").flag())
	for _, test := range malformedRequests {
		t.Run(test.name, func(t *testing.T) {
			c := s.dial(t)
			c.send(t, strings.Replace(test.raw, "%s", s.path, 1))
			wantErrorAndClose(t, c, test.want...)
		})
	}
	wantAlive(t, s)
}

func wantErrorAndClose(t *testing.T, c *httpConn, want ...int) {
	t.Helper()
	r := c.read(t)
	if !slices.Contains(want, r.status) {
		t.Errorf("status %d (%q), want %v", r.status, r.line, want)
	}
	if got := r.header.Get("Connection"); !strings.EqualFold(got, "close") {
		t.Errorf("Connection %q, want close", got)
	}
	if r.header.Get("Content-Length") != fmt.Sprint(len(r.body)) {
		t.Errorf("Content-Length %q for a body of %d bytes", r.header.Get("Content-Length"), len(r.body))
	}
	c.wantClosed(t)
}

// wantAlive checks that the server still answers.
func wantAlive(t *testing.T, s *server) {
	t.Helper()
	wantTerminate(t, s.exchange(t, "<body rid='2' sid='none' xmlns='"+nsBOSH+"'/>"), "item-not-found")
}

// TestStagedClose sends on after the error. A server that closes with input unread resets the connection, and
// the client loses the answer (RFC 9112 §9.6).
func TestStagedClose(t *testing.T) {
	t.Parallel()
	s := startServer(t, startBackend(t, "example.test").flag())
	for _, kilobytes := range []int{1, 64, 600} {
		t.Run(fmt.Sprintf("%d KB unread", kilobytes), func(t *testing.T) {
			c := s.dial(t)
			c.send(t, "POST "+s.path+" HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\n\r\n"+strings.Repeat("x", kilobytes<<10))
			wantErrorAndClose(t, c, 413)
		})
	}
	t.Run("a client that never stops", func(t *testing.T) {
		c := s.dial(t)
		c.send(t, "POST "+s.path+" HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\n\r\n")
		if r := c.read(t); r.status != http.StatusRequestEntityTooLarge {
			t.Errorf("status %d, want 413", r.status)
		}
		wantCutOff(t, c)
	})
	t.Run("a client that never closes", func(t *testing.T) {
		c := s.dial(t)
		c.send(t, "hello\r\n\r\n")
		wantErrorAndClose(t, c, 400)
		wantCutOff(t, c)
	})
	wantAlive(t, s)
}

// wantCutOff keeps sending until the connection breaks: a staged close reads on only so long, and so much.
func wantCutOff(t *testing.T, c *httpConn) {
	t.Helper()
	block := []byte(strings.Repeat("x", 16<<10))
	for sent := 0; sent < 64<<20; sent += len(block) {
		if _, err := c.Write(block); err != nil {
			return
		}
	}
	t.Error("64 MB were taken after the error answer: the connection should have been cut off")
}

// TestMethodsAndPaths: what is well-formed but not for us keeps the connection and is answered as decisions.md 13 says.
func TestMethodsAndPaths(t *testing.T) {
	t.Parallel()
	s := startServer(t, startBackend(t, "example.test").flag())
	tests := []struct {
		method, path string
		want         []int
	}{
		{"POST", "/", []int{404}},
		{"POST", "/nowhere", []int{404}},
		{"GET", "/nowhere/", []int{404}},
		{"POST", strings.TrimSuffix(s.path, "/") + "x", []int{404}},
		{"POST", s.path + "../nowhere", []int{404}},
		{"POST", s.path + "%2e%2e/nowhere", []int{404}},
		{"PUT", s.path, []int{405}},
		{"DELETE", s.path, []int{405}},
		{"FROBNICATE", s.path, []int{405, 501}},
		{"OPTIONS", s.path, []int{200, 204}},
		{"POST", s.path, []int{200}},
		{"POST", strings.TrimSuffix(s.path, "/"), []int{200}},
		{"POST", "/nowhere/.." + s.path, []int{200}},
		{"POST", s.path + "?a=b", []int{200}},
		{"POST", "http://" + s.addr + s.path, []int{200}},
	}
	c := s.dial(t) // one connection, as long as the answers leave it open
	for _, test := range tests {
		t.Run(test.method+" "+test.path, func(t *testing.T) {
			const empty = "<body rid='2' sid='none' xmlns='" + nsBOSH + "'/>"
			body := ""
			if test.method == "POST" || test.method == "PUT" {
				body = empty
			}
			c.send(t, fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\nOrigin: http://elsewhere.test\r\nAccess-Control-Request-Headers: X-Requested-With, X-Other\r\nContent-Length: %d\r\n\r\n%s",
				test.method, test.path, s.addr, len(body), body))
			r, err := c.tryRead(test.method, patience)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Contains(test.want, r.status) {
				t.Errorf("status %d, want %v", r.status, test.want)
			}
			if strings.EqualFold(r.header.Get("Connection"), "close") {
				c.wantClosed(t)
				c = s.dial(t)
			}
			if r.status == http.StatusMethodNotAllowed && !strings.Contains(r.header.Get("Allow"), "POST") {
				t.Errorf("405 with Allow %q, want POST among others (RFC 9110 §15.5.6)", r.header.Get("Allow"))
			}
			if test.method == "OPTIONS" {
				wantPreflight(t, r)
			}
		})
	}
}

// wantPreflight checks the answer to a browser that asks before it posts (decisions.md 15).
func wantPreflight(t *testing.T, r response) {
	t.Helper()
	if r.header.Get("Access-Control-Allow-Origin") == "" {
		t.Error("no Access-Control-Allow-Origin")
	}
	if got := r.header.Get("Access-Control-Allow-Methods"); !strings.Contains(got, "POST") {
		t.Errorf("Access-Control-Allow-Methods %q, want POST among others", got)
	}
	got := strings.ToLower(r.header.Get("Access-Control-Allow-Headers"))
	for _, want := range []string{"x-requested-with", "x-other"} {
		if !strings.Contains(got, want) {
			t.Errorf("Access-Control-Allow-Headers %q lacks %s", got, want)
		}
	}
}

// TestHTTPVariants: ways of sending the same request that all have to work.
func TestHTTPVariants(t *testing.T) {
	t.Parallel()
	s := startServer(t, startBackend(t, "example.test").flag())
	const empty = "<body rid='2' sid='none' xmlns='" + nsBOSH + "'/>"
	length := fmt.Sprintf("Content-Length: %d\r\n", len(empty))
	chunks := "Transfer-Encoding: chunked\r\n\r\n5;ext=\"a\"\r\n" + empty[:5] + "\r\n" + fmt.Sprintf("%X\r\n", len(empty)-5) + empty[5:] + "\r\n0\r\nTrailer: x\r\n\r\n"
	tests := []struct {
		name, raw  string
		connection string // of the answer
		closes     bool
	}{
		{"HTTP/1.1", " HTTP/1.1\r\nHost: h\r\n" + length + "\r\n" + empty, "", false},
		{"HTTP/1.1 that closes", " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + length + "\r\n" + empty, "close", true},
		{"HTTP/1.0", " HTTP/1.0\r\n" + length + "\r\n" + empty, "close", true},
		{"HTTP/1.0 that stays", " HTTP/1.0\r\nConnection: keep-alive\r\n" + length + "\r\n" + empty, "keep-alive", false},
		{"chunked", " HTTP/1.1\r\nHost: h\r\n" + chunks, "", false},
		{"libpurple's Content-Encoding", " HTTP/1.1\r\nHost: h\r\nContent-Encoding: text/xml; charset=utf-8\r\n" + length + "\r\n" + empty, "", false},
		{"any Content-Type", " HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-whatever\r\n" + length + "\r\n" + empty, "", false},
		{"empty lines before the request", "\r\n\r\n" + " HTTP/1.1\r\nHost: h\r\n" + length + "\r\n" + empty, "", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := s.dial(t)
			rest := strings.TrimLeft(test.raw, "\r\n")
			lead := test.raw[:len(test.raw)-len(rest)]
			for _, b := range []byte(lead + "POST " + s.path + rest) { // byte by byte, as the slowest client does
				c.send(t, string([]byte{b}))
			}
			r := c.read(t)
			wantTerminate(t, r, "item-not-found")
			if got := r.header.Get("Connection"); test.connection != "" && !strings.EqualFold(got, test.connection) {
				t.Errorf("Connection %q, want %q", got, test.connection)
			}
			if test.closes {
				c.wantClosed(t)
				return
			}
			c.post(t, s.path, empty)
			wantTerminate(t, c.read(t), "item-not-found")
		})
	}
	t.Run("Expect: 100-continue", func(t *testing.T) {
		c := s.dial(t)
		c.send(t, "POST "+s.path+" HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"+length+"\r\n")
		if r, err := c.tryRead("POST", patience); err != nil || r.status != http.StatusContinue {
			t.Fatalf("got %+v, %v; want 100 Continue before the body is sent", r, err)
		}
		c.send(t, empty)
		wantTerminate(t, c.read(t), "item-not-found")
	})
}
