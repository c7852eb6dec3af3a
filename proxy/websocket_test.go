package proxy

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// A wsClient is a WebSocket to the server, played by the test.
type wsClient struct {
	t testing.TB
	net.Conn
	r *bufio.Reader
}

const upgradeText = "GET /ws/ HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: xmpp\r\n"

// openWebSocket has a connection upgraded; more are header fields, each with its line end.
func openWebSocket(t testing.TB, addr, more string) *wsClient {
	t.Helper()
	b := dial(t, addr)
	b.raw(upgradeText + more + "\r\n")
	return upgraded(t, b)
}

func upgraded(t testing.TB, b *browser) *wsClient {
	t.Helper()
	r, err := http.ReadResponse(b.r, nil)
	if err != nil || r.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("no upgrade: %v, %v", r, err)
	}
	wantHeader(t, r, "Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
	wantHeader(t, r, "Sec-WebSocket-Protocol", "xmpp")
	return &wsClient{t, b.Conn, b.r}
}

// frame is a client's frame, masked.
func frame(op byte, payload string) string {
	b := []byte{0x80 | op}
	switch n := len(payload); {
	case n < 126:
		b = append(b, 0x80|byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 0x80|127), uint64(n))
	}
	mask := [4]byte{1, 2, 3, 4}
	b = append(b, mask[:]...)
	for i := range len(payload) {
		b = append(b, payload[i]^mask[i%4])
	}
	return string(b)
}

func (w *wsClient) send(text string) {
	w.t.Helper()
	if _, err := io.WriteString(w.Conn, frame(1, text)); err != nil {
		w.t.Fatal(err)
	}
}

// read is the server's next frame.
func (w *wsClient) read() (op byte, payload string) {
	w.t.Helper()
	op, payload, err := readFrame(w.r)
	if err != nil {
		w.t.Fatal(err)
	}
	return op, payload
}

func readFrame(r *bufio.Reader) (op byte, payload string, err error) {
	var h [2]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return 0, "", err
	}
	n := int64(h[1])
	var more [8]byte
	switch n {
	case 126:
		_, err = io.ReadFull(r, more[6:])
	case 127:
		_, err = io.ReadFull(r, more[:])
	}
	if err != nil {
		return 0, "", err
	}
	if n >= 126 {
		n = int64(binary.BigEndian.Uint64(more[:]))
	}
	b := make([]byte, n)
	_, err = io.ReadFull(r, b)
	return h[0] & 15, string(b), err
}

func (w *wsClient) want(parts ...string) string {
	w.t.Helper()
	op, text := w.read()
	if op != 1 {
		w.t.Fatalf("opcode %d, %q; want a message with %q", op, text, parts)
	}
	wantContains(w.t, text, parts...)
	return text
}

const openText = `<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="example.org" version="1.0"/>`

// openSocketSession is a WebSocket whose stream is open.
func openSocketSession(t testing.TB, addr string, l net.Listener) (*wsClient, *peer) {
	t.Helper()
	w := openWebSocket(t, addr, "")
	w.send(openText)
	p := acceptPeer(t, l)
	p.open()
	w.want("<open ", "s1")
	w.want("<stream:features")
	return w, p
}

func TestWebSocket(t *testing.T) {
	var l net.Listener
	_, addr := startServer(t, func(c *Config) { l = fakeBackend(t, c, "example.org") })
	w, p := openSocketSession(t, addr, l)
	w.send("<message to='a@example.org'><body>hi</body></message>")
	p.want("<body>hi</body></message>")
	p.send("<message from='a@example.org'><body>ho</body></message><presence/>")
	w.want("<message xmlns='jabber:client' from='a@example.org'><body>ho</body></message>")
	w.want("<presence xmlns='jabber:client'/>")
	w.send(`<close xmlns="urn:ietf:params:xml:ns:xmpp-framing" />`)
	p.want("</stream:stream>")
	w.want(`<close xmlns="urn:ietf:params:xml:ns:xmpp-framing" />`)
	if op, _ := w.read(); op != 8 {
		t.Fatalf("opcode %d, want a close", op)
	}
	io.WriteString(w.Conn, frame(8, "\x03\xe8"))
	if _, err := w.r.ReadByte(); err != io.EOF {
		t.Fatalf("the connection stays: %v", err)
	}
}

// decisions.md 16: a frame in the segment of the upgrade request is served.
func TestFrameBesideTheUpgrade(t *testing.T) {
	var l net.Listener
	_, addr := startServer(t, func(c *Config) { l = fakeBackend(t, c, "example.org") })
	b := dial(t, addr)
	whole := upgradeText + "\r\n" + frame(1, openText) + frame(9, "x")
	b.raw(whole)
	w := upgraded(t, b)
	if op, text := w.read(); op != 10 || text != "x" {
		t.Fatalf("opcode %d, %q; want a pong", op, text)
	}
	p := acceptPeer(t, l)
	p.open()
	w.want("<open ")
}

// Requests before the upgrade, on the same connection, and the upgrade's own rules.
func TestUpgrades(t *testing.T) {
	_, addr := startServer(t, func(c *Config) { c.AllowOrigins = []string{"https://a.example"} })
	for _, c := range []struct {
		name, request string
		status        int
	}{
		{"another version", strings.Replace(upgradeText, "Version: 13", "Version: 12", 1), http.StatusUpgradeRequired},
		{"another protocol", strings.Replace(upgradeText, "Protocol: xmpp", "Protocol: chat", 1), http.StatusBadRequest},
		{"no key", strings.Replace(upgradeText, "Key: ", "Lock: ", 1), http.StatusBadRequest},
		{"another path", strings.Replace(upgradeText, "/ws/", "/other", 1), http.StatusNotFound},
		{"the BOSH path", strings.Replace(upgradeText, "/ws/", "/http-bind/", 1), http.StatusSwitchingProtocols},
		{"under a prefix", strings.Replace(upgradeText, "/ws/", "/p/xmpp-websocket", 1), http.StatusSwitchingProtocols},
		{"another origin", upgradeText + "Origin: https://b.example\r\n", http.StatusForbidden},
		{"an allowed origin", upgradeText + "Origin: https://a.example\r\n", http.StatusSwitchingProtocols},
		{"no upgrade", "GET /ws/ HTTP/1.1\r\nHost: localhost\r\n", http.StatusUpgradeRequired},
		{"POST", "POST /ws/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n", http.StatusUpgradeRequired},
	} {
		b := dial(t, addr)
		b.raw("OPTIONS /ws/ HTTP/1.1\r\nHost: localhost\r\nOrigin: https://a.example\r\n\r\n")
		r, _ := b.answer()
		wantHeader(t, r, "Access-Control-Allow-Origin", "https://a.example")
		wantHeader(t, r, "Vary", "Origin")
		b.raw(c.request + "\r\n")
		r, _ = b.answer()
		if r.StatusCode != c.status {
			t.Errorf("%s: %s, want %d", c.name, r.Status, c.status)
		}
		if c.status == http.StatusUpgradeRequired {
			wantHeader(t, r, "Sec-WebSocket-Version", "13")
		}
	}
}

// Both directions hold up who sends too much, and lose nothing.
func TestWebSocketPressure(t *testing.T) {
	var l net.Listener
	_, addr := startServer(t, func(c *Config) { l = fakeBackend(t, c, "example.org") })
	const n, size = 3000, 5000
	text := strings.Repeat("x", size)
	t.Run("server to client", func(t *testing.T) {
		w, p := openSocketSession(t, addr, l)
		go func() {
			for i := range n {
				fmt.Fprintf(p.Conn, "<message id='%d'><body>%s</body></message>", i, text)
			}
		}()
		for i := range n {
			w.want(fmt.Sprintf(" id='%d'>", i))
		}
	})
	t.Run("client to server", func(t *testing.T) {
		w, p := openSocketSession(t, addr, l)
		// Left alone the kernel lets these two grow, on some days beyond what is sent.
		if err := errors.Join(w.Conn.(*net.TCPConn).SetWriteBuffer(64<<10), p.Conn.(*net.TCPConn).SetReadBuffer(64<<10)); err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() {
			var err error
			for i := range n {
				if err == nil {
					_, err = io.WriteString(w.Conn, frame(1, fmt.Sprintf("<message id='%d'><body>%s</body></message>", i, text)))
				}
			}
			done <- err
		}()
		select {
		case err := <-done:
			t.Fatalf("15 MB went to a server that does not read: %v", err)
		case <-time.After(300 * time.Millisecond):
		}
		got := make([]byte, 2*size)
		for i := range n {
			want := fmt.Sprintf("<message id='%d'><body>%s</body></message>", i, text)
			if _, err := io.ReadFull(p.r, got[:len(want)]); err != nil || string(got[:len(want)]) != want {
				t.Fatalf("message %d: %v, %.100q", i, err, got)
			}
		}
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	})
}
