package websocket

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// framing is how a client speaks XMPP: RFC 7395, or what was before it.
type framing struct {
	name         string
	open         string // with the domain to be put in
	header, next string // how the server's first two messages begin
	close        string
}

var (
	rfc7395 = framing{
		"RFC 7395", `<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="%s" version="1.0"/>`, "<open ", "<stream:features",
		`<close xmlns="urn:ietf:params:xml:ns:xmpp-framing" />`,
	}
	older = framing{
		"older", `<stream:stream to="%s" version="1.0" xmlns="jabber:client" xmlns:stream="http://etherx.jabber.org/streams">`, "<stream:stream ", "<stream:features",
		streamEnd,
	}
)

// client is one WebSocket.
type client struct {
	*net.TCPConn
	t testing.TB
	r *bufio.Reader

	pings int // that it has got, and not answered
}

// dial opens a WebSocket; with deflate, permessage-deflate is negotiated.
func dial(t testing.TB, addr string, deflate bool) *client {
	t.Helper()
	conn, err := net.DialTimeout("tcp", addr, patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	c := &client{TCPConn: conn.(*net.TCPConn), t: t, r: bufio.NewReader(conn)}
	offer := ""
	if deflate {
		offer = "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover\r\n"
	}
	_, err = io.WriteString(conn, "GET /ws/ HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: xmpp\r\n"+offer+"\r\n")
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.ReadResponse(c.r, nil)
	if err != nil || r.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("no upgrade: %v, %v", r, err)
	}
	if got := r.Header.Get("Sec-WebSocket-Extensions"); strings.HasPrefix(got, "permessage-deflate") != deflate {
		t.Fatalf("Sec-WebSocket-Extensions: %q", got)
	}
	return c
}

var sessions atomic.Int64

// openSession is a WebSocket whose stream is open, and the backend's side of it.
func openSession(t testing.TB, addr string, b *backend, f framing, deflate bool) (*client, *stream) {
	t.Helper()
	domain := fmt.Sprintf("d%d.example.org", sessions.Add(1))
	c := dial(t, addr, deflate)
	c.send(fmt.Sprintf(f.open, domain))
	s := b.stream(domain)
	s.awaitReady(t)
	for _, start := range []string{f.header, f.next} {
		got := c.read()
		if !deflate && !strings.HasPrefix(got.text, start) {
			t.Fatalf("got %v, want %s", got, start)
		}
	}
	return c, s
}

// send sends a message.
func (c *client) send(text string) { c.write(frame(fin|opText, text)) }

// write writes bytes. Where the server has closed already, what it said decides.
func (c *client) write(b []byte) {
	c.t.Helper()
	if _, err := c.Write(b); err != nil {
		c.t.Logf("writing %d bytes: %v", len(b), err)
	}
}

// next is the next frame that isn't a ping.
func (c *client) next() (received, error) {
	for {
		f, err := readFrame(c.r)
		if err != nil || f != (received{fin | opPing, ""}) {
			return f, err
		}
		c.pings++
	}
}

func (c *client) read() received {
	c.t.Helper()
	f, err := c.next()
	if err != nil {
		c.t.Fatalf("reading a frame: %v", err)
	}
	return f
}

// want reads a message that holds a text.
func (c *client) want(text string) {
	c.t.Helper()
	if got := c.read(); !strings.Contains(got.text, text) {
		c.t.Fatalf("got %v, want %q", got, text)
	}
}

// wantEnd waits for the server to close in good order: a FIN, and no byte before it.
func (c *client) wantEnd() {
	c.t.Helper()
	b, err := c.r.ReadByte()
	if err == nil {
		c.t.Fatalf("got a byte %x, want the end", b)
	}
	if !errors.Is(err, io.EOF) {
		c.t.Fatalf("the connection ended with %v, want a FIN", err)
	}
}
