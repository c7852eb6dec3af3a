package proxy

import (
	"testing"
	"unsafe"

	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/loop"
	"go-xmpp-bosh/wsconn"
	"go-xmpp-bosh/xmppconn"
)

// What an idle session is made of, in bytes. A BOSH client with two connections has one session, one backend, two clients
// and their two exchanges, and 56 bytes for each answer that is kept for a repeat.
func TestSizes(t *testing.T) {
	for _, c := range []struct {
		name      string
		size, max uintptr
	}{
		{"session", unsafe.Sizeof(session{}), 424},
		{"of that bosh.Session", unsafe.Sizeof(bosh.Session{}), 360},
		{"backend", unsafe.Sizeof(backend{}), 280},
		{"of that xmppconn.Stream", unsafe.Sizeof(xmppconn.Stream{}), 152},
		{"client", unsafe.Sizeof(client{}), 168},
		{"WebSocket", unsafe.Sizeof(socket{}), 304},
		{"of that wsconn.Session", unsafe.Sizeof(wsconn.Session{}), 176},
		{"exchange", unsafe.Sizeof(exchange{}), 56},
		{"loop.Conn", unsafe.Sizeof(loop.Conn{}), 88},
	} {
		if c.size > c.max {
			t.Errorf("%s: %d bytes, at most %d", c.name, c.size, c.max)
		}
	}
}
