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
// and their two exchanges, and 32 bytes for each answer that is kept for a repeat.
func TestSizes(t *testing.T) {
	for _, c := range []struct {
		name      string
		size, max uintptr
	}{
		{"session", unsafe.Sizeof(session{}), 512},
		{"of that bosh.Session", unsafe.Sizeof(bosh.Session{}), 448},
		{"backend", unsafe.Sizeof(backend{}), 352},
		{"of that xmppconn.Stream", unsafe.Sizeof(xmppconn.Stream{}), 224},
		{"client", unsafe.Sizeof(client{}), 168},
		{"WebSocket", unsafe.Sizeof(socket{}), 312},
		{"of that wsconn.Session", unsafe.Sizeof(wsconn.Session{}), 224},
		{"exchange", unsafe.Sizeof(exchange{}), 56},
		{"loop.Conn", unsafe.Sizeof(loop.Conn{}), 88},
	} {
		if c.size > c.max {
			t.Errorf("%s: %d bytes, at most %d", c.name, c.size, c.max)
		}
	}
}
