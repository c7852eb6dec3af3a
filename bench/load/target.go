package load

import (
	"fmt"
	"net/netip"

	"go-xmpp-bosh/bench/wire"
)

// Transport is how clients reach the server.
type Transport string

// The transports.
const (
	BOSH2     Transport = "bosh2"     // two connections, as strophe.js uses them
	BOSH1     Transport = "bosh1"     // one connection: the next message is the next poll
	WebSocket Transport = "websocket" // RFC 7395
	Framed    Transport = "ws-stream" // the older framing: pieces of a raw stream in WebSocket messages
	Raw       Transport = "tcp"       // XMPP over TCP
	Static    Transport = "post"      // no XMPP: a POST answered by a static 200
)

func (t Transport) String() string { return string(t) }

// Sockets is how many descriptors a session may need at the client. BOSH with one connection needs a second for a moment.
func (t Transport) Sockets() int {
	if t == BOSH2 || t == BOSH1 {
		return 2
	}
	return 1
}

// Target is a server under test and how to talk to it.
type Target struct {
	Addr         netip.AddrPort `json:"addr"`
	Transport    Transport      `json:"transport"`
	TLS          bool           `json:"tls"`
	Path         string         `json:"path"`
	Domain       string         `json:"domain"`
	Route        string         `json:"route"`         // for node-xmpp-bosh: where the XMPP server is
	Anonymous    bool           `json:"anonymous"`     // SASL ANONYMOUS instead of PLAIN
	Unheld       bool           `json:"unheld"`        // BOSH1: at rest no request is held
	MessageBytes int            `json:"message_bytes"` // of a whole stanza
	First        int            `json:"first"`         // number of the first session, so that generators don't share accounts
}

func (t *Target) check() error {
	switch t.Transport {
	case BOSH2, BOSH1, WebSocket, Framed, Raw, Static:
	default:
		return fmt.Errorf("unknown transport %q", t.Transport)
	}
	if !t.Addr.Addr().Is4() {
		return fmt.Errorf("%v: an address of IPv4 is needed", t.Addr)
	}
	return nil
}

// auth is the log-in of one session.
func (t *Target) auth(number int) string {
	if t.Anonymous {
		return wire.Anonymous
	}
	return wire.Plain(fmt.Sprintf("u%06d", t.First+number))
}
