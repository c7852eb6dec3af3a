package flood

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// attack is one kind of flood: what is said on each new connection, and what is said again and again afterwards, as long as the server takes it. Connections on which nothing is
// said again are given up for new ones.
type attack struct {
	name         string
	first, again string
	width        int  // connections that are open at once
	deaf         bool // little that comes fits in
}

const (
	create      = "<body rid='1' to='%s' wait='60' hold='1' ver='1.6' xmpp:version='1.0' xmlns='http://jabber.org/protocol/httpbind' xmlns:xmpp='urn:xmpp:xbosh'/>"
	upgradeText = "GET /ws/ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: xmpp\r\n\r\n"
)

func post(body string) string {
	return fmt.Sprintf("POST /http-bind/ HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

// maskedFrame is a text message of a WebSocket client whose mask is 0, so that it is there to be read.
func maskedFrame(text string) string {
	return string([]byte{0x81, 0x80 | 126, byte(len(text) >> 8), byte(len(text)), 0, 0, 0, 0}) + text
}

func connectionsOf(width int) []attack {
	return []attack{
		{name: "connections", width: width},
		{name: "slow heads", width: width, first: "POST /http-bind/ HTTP/1.1\r\nHost: x\r\nX-Slow: ", again: "x"},
		{name: "slow bodies", width: width, first: "POST /http-bind/ HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\n<body " + strings.Repeat(" ", 4000), again: " "},
		{name: "pages that nobody reads", width: width, deaf: true, first: strings.Repeat("GET /http-bind/ HTTP/1.1\r\nHost: x\r\n\r\n", 100)},
		{name: "no HTTP", width: 8, first: "\x16\x03\x01 what is this?\r\n\r\n"},
	}
}

// sessionsOf are sessions that nobody goes on with, and streams that nobody reads.
func sessionsOf(width int) []attack {
	return []attack{
		{name: "sessions", width: width, first: post(fmt.Sprintf(create, "flood.example"))},
		{name: "sessions that nobody reads", width: 8, deaf: true, first: post(fmt.Sprintf(create, torrent))},
		{name: "WebSockets that nobody reads", width: 8, deaf: true, first: upgradeText + maskedFrame("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='"+torrent+"' version='1.0'/>")},
	}
}

// stepsPerTick is what one attack does in a millisecond at most.
const stepsPerTick = 3

// run floods until ctx ends. Which of its connections the server closes is the server's business.
func (a *attack) run(ctx context.Context, dial dialer) (opened int) {
	ring := make([]net.Conn, a.width)
	defer func() {
		for _, c := range ring {
			if c != nil {
				c.Close()
			}
		}
	}()
	pace := time.NewTicker(time.Millisecond) // other tests run beside this one
	defer pace.Stop()
	for i := 0; ctx.Err() == nil; i++ {
		if i%stepsPerTick == 0 {
			select {
			case <-pace.C:
			case <-ctx.Done():
				return opened
			}
		}
		place := &ring[i%len(ring)]
		if c := *place; c != nil {
			if a.again != "" {
				if _, err := io.WriteString(c, a.again); err == nil {
					continue
				}
			}
			c.Close()
		}
		*place = a.open(ctx, dial)
		opened++
	}
	return opened
}

// open opens one; nil: not this time.
func (a *attack) open(ctx context.Context, dial dialer) net.Conn {
	c, err := dial(ctx)
	if err != nil {
		return nil
	}
	_ = c.SetDeadline(time.Now().Add(patience))
	if t, ok := c.(*net.TCPConn); ok {
		_ = t.SetLinger(0) // no TIME_WAIT: the flood would run out of ports before the server runs out of anything
		if a.deaf {
			_ = t.SetReadBuffer(4096)
		}
	}
	_, _ = io.WriteString(c, a.first)
	return c
}

// talk is a session that sends without end; when it was ended, another.
func talk(ctx context.Context, s *server, dial dialer) {
	for n := 0; ctx.Err() == nil; n++ {
		b := newBOSH(s, dial, "flood.example")
		if b.begin(ctx) == nil {
			for i := 0; b.say(ctx, fmt.Sprintf("flood-%d-%d", n, i)) == nil; i++ {
			}
		}
		b.close()
	}
}

// begin starts attacks, and gives what ends them.
func begin(t *testing.T, s *server, dial dialer, attacks []attack, loud bool) (end func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for _, a := range attacks {
		all.Go(func() { t.Logf("%s: %d", a.name, a.run(ctx, dial)) })
	}
	if loud {
		all.Go(func() { talk(ctx, s, dial) })
	}
	return sync.OnceFunc(func() { cancel(); all.Wait() })
}
