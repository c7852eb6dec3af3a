//go:build integration && linux

package integration

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// httpConn is one TCP connection to the server, written to byte by byte as the test says.
type httpConn struct {
	*net.TCPConn
	r    *bufio.Reader
	host string
}

// response is one HTTP response, read to its end.
type response struct {
	status int
	line   string // "HTTP/1.1 200 OK"
	header http.Header
	body   string
}

func (s *server) dial(t *testing.T) *httpConn {
	t.Helper()
	c, err := net.DialTimeout("tcp", s.addr, patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return &httpConn{TCPConn: c.(*net.TCPConn), r: bufio.NewReader(c), host: s.addr}
}

// send writes raw bytes. A peer that has closed already is no failure here: its answer decides.
func (c *httpConn) send(t *testing.T, raw string) {
	t.Helper()
	if err := c.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, raw); err != nil {
		t.Logf("sending %d bytes: %v", len(raw), err)
	}
}

// post writes one POST request with a BOSH body.
func (c *httpConn) post(t *testing.T, path, body string) {
	t.Helper()
	c.send(t, fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s", path, c.host, len(body), body))
}

// read reads the next response.
func (c *httpConn) read(t *testing.T) response {
	t.Helper()
	r, err := c.tryRead(http.MethodPost, patience)
	if err != nil {
		t.Fatalf("reading a response: %v", err)
	}
	return r
}

func (c *httpConn) tryRead(method string, within time.Duration) (response, error) {
	if err := c.SetReadDeadline(time.Now().Add(within)); err != nil {
		return response{}, err
	}
	line, err := c.r.Peek(len("HTTP/1.1 200"))
	if err != nil {
		return response{}, err
	}
	got := response{line: string(line)}
	resp, err := http.ReadResponse(c.r, &http.Request{Method: method})
	if err != nil {
		return response{}, err
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return response{}, err
	}
	got.line = resp.Proto + " " + resp.Status
	got.status, got.header, got.body = resp.StatusCode, resp.Header, string(body)
	if resp.Close && resp.ProtoAtLeast(1, 1) { // net/http takes the field out and says it this way
		got.header.Set("Connection", "close")
	}
	return got, nil
}

// wantClosed waits for the server to close the connection in good order: a FIN, and no byte before it.
func (c *httpConn) wantClosed(t *testing.T) {
	t.Helper()
	if err := c.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	b, err := c.r.ReadByte()
	if err == nil {
		rest, _ := c.r.Peek(c.r.Buffered())
		t.Fatalf("got %q after the last response, want the connection closed", string(b)+string(rest))
	}
	if !errors.Is(err, io.EOF) {
		t.Fatalf("the connection ended with %v, want a clean close", err)
	}
}

// wantSilence checks that nothing comes for a while, and that the connection stays open.
func (c *httpConn) wantSilence(t *testing.T, d time.Duration) {
	t.Helper()
	if err := c.SetReadDeadline(time.Now().Add(d)); err != nil {
		t.Fatal(err)
	}
	b, err := c.r.Peek(1)
	if err == nil {
		rest, _ := c.r.Peek(c.r.Buffered())
		t.Fatalf("got %q, want no answer yet", rest)
	}
	var timeout net.Error
	if len(b) > 0 || !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Fatalf("the connection ended with %v, want it open", err)
	}
}

// exchange sends one body on a connection of its own and reads the answer.
func (s *server) exchange(t *testing.T, body string) response {
	t.Helper()
	c := s.dial(t)
	defer c.Close()
	c.post(t, s.path, body)
	return c.read(t)
}

// wantBOSHHeaders checks what every answer with a <body/> carries, an error above all: a browser on another
// origin sees nothing of an answer without CORS headers.
func wantBOSHHeaders(t *testing.T, r response) {
	t.Helper()
	if r.line != "HTTP/1.1 200 OK" {
		t.Errorf("status line %q, want %q; body %s", r.line, "HTTP/1.1 200 OK", r.body)
	}
	if got := r.header.Get("Content-Type"); !strings.EqualFold(got, "text/xml; charset=utf-8") {
		t.Errorf("Content-Type %q, want text/xml; charset=utf-8", got)
	}
	if got := r.header.Get("Access-Control-Allow-Origin"); got == "" {
		t.Errorf("no Access-Control-Allow-Origin in %v", r.header)
	}
	if got := r.header.Get("Content-Length"); got != fmt.Sprint(len(r.body)) {
		t.Errorf("Content-Length %q, body of %d bytes", got, len(r.body))
	}
	if got := r.header.Get("Server"); strings.ContainsAny(got, "0123456789") {
		t.Errorf("Server %q names a version", got)
	}
}
