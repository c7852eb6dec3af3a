//go:build integration && linux

package integration

import (
	"bufio"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// webSocketPath is one of those at which bosh-server opens WebSockets.
const webSocketPath = "/ws/"

// wsWire stands between clients and bosh-server, passes every byte on unchanged, and reads along.
type wsWire struct {
	url string

	mu    sync.Mutex
	bytes map[int]*[2]bytes.Buffer // by connection: what the client sent, what it was sent
}

// wsConversation is what went through one WebSocket.
type wsConversation struct {
	protocol, extensions string // as they were accepted
	client, server       []wsMessage
}

// wsMessage is a message, or a control frame.
type wsMessage struct {
	op   byte // RFC 6455 §11.8
	text string
}

const (
	wsText  = 1
	wsClose = 8
)

func (m wsMessage) String() string { return fmt.Sprintf("%d %q", m.op, m.text) }

func startWire(t *testing.T, s *server) *wsWire {
	t.Helper()
	w := &wsWire{bytes: map[int]*[2]bytes.Buffer{}}
	w.url = "ws://" + startTap(t, s, w.add).addr + webSocketPath
	t.Cleanup(func() {
		if t.Failed() {
			for i, c := range w.conversations(t) {
				t.Logf("WebSocket %d, extensions %q:\nfrom the client\n%s\nto the client\n%s", i, c.extensions, lines(c.client), lines(c.server))
			}
		}
	})
	return w
}

// wireMax bounds what is printed of one direction, in bytes from the end.
const wireMax = 3_000

func lines(all []wsMessage) string {
	var b strings.Builder
	for _, m := range all {
		fmt.Fprintf(&b, "\t%v\n", m)
	}
	text := b.String()
	return text[max(0, len(text)-wireMax):]
}

func (w *wsWire) add(conn int, mark string, b []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.bytes[conn]
	if c == nil {
		c = new([2]bytes.Buffer)
		w.bytes[conn] = c
	}
	if mark == ">" {
		c[0].Write(b)
	} else {
		c[1].Write(b)
	}
}

// conversations are all WebSockets so far, in the order of their connections.
func (w *wsWire) conversations(t *testing.T) []wsConversation {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []wsConversation
	for n := range len(w.bytes) {
		c := w.bytes[n+1]
		if c == nil {
			continue
		}
		request, response := bufio.NewReader(bytes.NewReader(c[0].Bytes())), bufio.NewReader(bytes.NewReader(c[1].Bytes()))
		if _, err := http.ReadRequest(request); err != nil {
			continue
		}
		r, err := http.ReadResponse(response, nil)
		if err != nil || r.StatusCode != http.StatusSwitchingProtocols {
			continue
		}
		one := wsConversation{protocol: r.Header.Get("Sec-WebSocket-Protocol"), extensions: r.Header.Get("Sec-WebSocket-Extensions")}
		var errs [2]error
		one.client, errs[0] = readMessages(request)
		one.server, errs[1] = readMessages(response)
		if err := errors.Join(errs[:]...); err != nil {
			t.Errorf("WebSocket %d: %v", n, err)
		}
		all = append(all, one)
	}
	return all
}

// readMessages reads to the end, which may cut a frame.
func readMessages(r io.Reader) (all []wsMessage, err error) {
	var first byte
	var message []byte
	for {
		var h [2]byte
		if _, err := io.ReadFull(r, h[:]); err != nil {
			return all, nil
		}
		payload, err := readPayload(r, h[1])
		if err != nil {
			return all, nil
		}
		if op := h[0] & 0x0f; op >= wsClose {
			all = append(all, wsMessage{op, string(payload)})
			continue
		} else if op != 0 {
			first, message = h[0], nil
		}
		message = append(message, payload...)
		if h[0]&0x80 == 0 {
			continue
		}
		if first&0x40 != 0 { // RFC 7692 §7.2.2; nobody keeps a context here
			message, err = io.ReadAll(flate.NewReader(io.MultiReader(bytes.NewReader(message), strings.NewReader("\x00\x00\xff\xff\x01\x00\x00\xff\xff"))))
			if err != nil {
				return all, fmt.Errorf("a compressed message: %w", err)
			}
		}
		all = append(all, wsMessage{first & 0x0f, string(message)})
	}
}

func readPayload(r io.Reader, second byte) ([]byte, error) {
	n := uint64(second & 0x7f)
	var more [8]byte
	var err error
	switch n {
	case 126:
		_, err = io.ReadFull(r, more[6:])
		n = binary.BigEndian.Uint64(more[:])
	case 127:
		_, err = io.ReadFull(r, more[:])
		n = binary.BigEndian.Uint64(more[:])
	}
	var mask [4]byte
	if err == nil && second&0x80 != 0 {
		_, err = io.ReadFull(r, mask[:])
	}
	if err != nil {
		return nil, err
	}
	payload := make([]byte, n)
	_, err = io.ReadFull(r, payload)
	for i := range payload {
		payload[i] ^= mask[i%4]
	}
	return payload, err
}

// framing is what the tests hold a conversation to.
type framing struct {
	open, close string // how the server's first message begins, what its last one is
	closeFrame  string // its WebSocket close
}

var (
	rfc7395 = framing{"<open ", `<close xmlns="urn:ietf:params:xml:ns:xmpp-framing" />`, "\x03\xe8"} // clients.md: strophe.js compares it
	older   = framing{"<stream:stream ", "</stream:stream>", ""}
)

// wantConversations checks so many WebSockets that were closed in good order.
func (w *wsWire) wantConversations(t *testing.T, n int, f framing) {
	t.Helper()
	all := w.conversations(t)
	if len(all) != n {
		t.Errorf("%d WebSockets, want %d", len(all), n)
	}
	for i, c := range all {
		if c.protocol != "xmpp" {
			t.Errorf("WebSocket %d: the subprotocol %q, want xmpp", i, c.protocol)
		}
		c.wantStart(t, i, f)
		c.wantEnd(t, i, f)
		if f == rfc7395 {
			c.wantDocuments(t, i)
		}
	}
}

// wantStart: a header, and features as a message of their own (RFC 7395 §3.4).
func (c *wsConversation) wantStart(t *testing.T, i int, f framing) {
	t.Helper()
	if len(c.server) < 2 || !strings.HasPrefix(c.server[0].text, f.open) || !strings.HasPrefix(c.server[1].text, "<stream:features") {
		t.Errorf("WebSocket %d begins with %v, want %s…> and features", i, c.server[:min(2, len(c.server))], f.open)
	}
}

// wantEnd: the close of the stream, then WebSocket's own, and nothing behind it.
func (c *wsConversation) wantEnd(t *testing.T, i int, f framing) {
	t.Helper()
	want := []wsMessage{{wsText, f.close}, {wsClose, f.closeFrame}}
	if n := len(c.server); n < 2 || !slices.Equal(c.server[n-2:], want) {
		t.Errorf("WebSocket %d ends with %v, want %v", i, c.server[max(0, n-2):], want)
	}
}

// wantDocuments: each message is one element that says its namespace itself (RFC 7395 §3.3.3).
func (c *wsConversation) wantDocuments(t *testing.T, i int) {
	t.Helper()
	for _, m := range c.server {
		if m.op != wsText {
			continue
		}
		var e element
		if err := xml.Unmarshal([]byte(m.text), &e); err != nil || e.XMLName.Space == "" || !strings.HasPrefix(m.text, "<") || !strings.HasSuffix(m.text, ">") {
			t.Errorf("WebSocket %d: %q is no document of its own: %v", i, m.text, err)
		}
	}
}
