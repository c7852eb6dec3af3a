package websocket

import (
	"strings"
	"testing"

	"go-xmpp-bosh/proxy"
	"go-xmpp-bosh/timer"
)

// death is a way to go without closing the stream.
type death struct {
	name string
	die  func(c *client)
}

var deaths = []death{
	{"FIN", func(c *client) { c.Close() }},
	{"half a FIN", func(c *client) {
		if err := c.CloseWrite(); err != nil {
			c.t.Fatal(err)
		}
		c.wantEnd()
	}},
	{"reset", func(c *client) {
		if err := c.SetLinger(0); err != nil {
			c.t.Fatal(err)
		}
		c.Close()
	}},
	{"reset in a frame", func(c *client) {
		whole := frame(fin|opText, "<presence xmlns='jabber:client'/>")
		c.write(whole[:len(whole)-3])
		if err := c.SetLinger(0); err != nil {
			c.t.Fatal(err)
		}
		c.Close()
	}},
	{"WebSocket close alone", func(c *client) {
		c.write(frame(fin|opClose, closePayload(1001)))
		if got := c.read().String(); got != "close 1001" {
			c.t.Fatalf("got %s, want close 1001", got)
		}
		c.wantEnd()
	}},
	{"breach of RFC 6455", func(c *client) {
		c.write([]byte{0xff})
		if got := c.read().String(); got != "close 1002" {
			c.t.Fatalf("got %s, want close 1002", got)
		}
		c.wantEnd()
	}},
}

// management is what the client and its server have agreed upon (XEP-0198).
type management struct {
	name        string
	ask, answer string // from the client, from its server
	isResumable bool
}

var managements = []management{
	{name: "no stream management"},
	{"without resumption", "<enable xmlns='urn:xmpp:sm:3'/>", "<enabled xmlns='urn:xmpp:sm:3'/>", false},
	{"resumption refused", "<enable xmlns='urn:xmpp:sm:3' resume='true'/>", "<enabled xmlns='urn:xmpp:sm:3' id='a' resume='false'/>", false},
	{"failed", "<enable xmlns='urn:xmpp:sm:3' resume='true'/>", "<failed xmlns='urn:xmpp:sm:3'/>", false},
	{"resumption granted", "<enable xmlns='urn:xmpp:sm:3' resume='true'/>", "<enabled xmlns='urn:xmpp:sm:3' id='a' resume='true'/>", true},
	{"resumption granted, 1", "<enable xmlns='urn:xmpp:sm:3' resume='1'/>", "<enabled xmlns='urn:xmpp:sm:3' id='a' resume='1'/>", true},
	{"resumed", "<resume xmlns='urn:xmpp:sm:3' previd='a' h='0'/>", "<resumed xmlns='urn:xmpp:sm:3' previd='a' h='0'/>", true},
}

// agree has the two agree.
func (m *management) agree(t *testing.T, c *client, s *stream) {
	t.Helper()
	if m.ask == "" {
		return
	}
	c.send(m.ask)
	_, name, _ := strings.Cut(m.ask, "<")
	name, _, _ = strings.Cut(name, " ")
	s.awaitText(t, "<"+name)
	s.send(t, m.answer)
	name, _, _ = strings.Cut(m.answer, " ")
	c.want(name)
}

// TestDirty: when a WebSocket dies without <close/>, the stream is closed first, unless it may be resumed (RFC 7395 §3.6, decisions.md 31).
func TestDirty(t *testing.T) {
	b := startBackend(t)
	addr := startServer(t, b, nil)
	for _, f := range []framing{rfc7395, older} {
		for _, m := range managements {
			for _, d := range deaths {
				t.Run(f.name+"/"+m.name+"/"+d.name, func(t *testing.T) {
					t.Parallel()
					c, s := openSession(t, addr, b, f, false)
					m.agree(t, c, s)
					d.die(c)
					if got := s.awaitEnd(t); strings.HasSuffix(got, streamEnd) == m.isResumable {
						t.Errorf("the backend got %q; may be resumed: %v", got, m.isResumable)
					}
				})
			}
		}
	}
}

// TestSilence: a client that answers no ping is dropped, and that is no goodbye either. All of them wait at the same time.
func TestSilence(t *testing.T) {
	b := startBackend(t)
	addr := startServer(t, b, func(cfg *proxy.Config) {
		ws := proxy.DefaultWebSockets()
		ws.Ping = timer.Second
		cfg.WebSockets = &ws
	})
	var ends []func()
	for _, f := range []framing{rfc7395, older} {
		for _, m := range managements {
			c, s := openSession(t, addr, b, f, false)
			m.agree(t, c, s)
			ends = append(ends, func() {
				if got, err := c.next(); err == nil {
					t.Errorf("%s, %s: got %v, want only pings", f.name, m.name, got)
				}
				if c.pings < 2 {
					t.Errorf("%s, %s: dropped after %d pings", f.name, m.name, c.pings)
				}
				if got := s.awaitEnd(t); strings.HasSuffix(got, streamEnd) == m.isResumable {
					t.Errorf("%s, %s: the backend got %q", f.name, m.name, got)
				}
			})
		}
	}
	for _, end := range ends {
		end()
	}
}

// TestClean: the client's own close ends the stream, whatever was agreed.
func TestClean(t *testing.T) {
	b := startBackend(t)
	addr := startServer(t, b, nil)
	for _, f := range []framing{rfc7395, older} {
		for _, m := range managements {
			t.Run(f.name+"/"+m.name, func(t *testing.T) {
				t.Parallel()
				c, s := openSession(t, addr, b, f, false)
				m.agree(t, c, s)
				c.send(f.close)
				if got := s.awaitEnd(t); !strings.HasSuffix(got, streamEnd) {
					t.Errorf("the backend got %q, want %s", got, streamEnd)
				}
				c.want(f.close)
				if got := c.read(); got.first != fin|opClose {
					t.Errorf("got %v, want a close", got)
				}
				c.write(frame(fin|opClose, closePayload(1000)))
				c.wantEnd()
			})
		}
	}
}

// TestCloseUnanswered: the close handshake is bounded (RFC 7395 §3.6).
func TestCloseUnanswered(t *testing.T) {
	b := startBackend(t)
	addr := startServer(t, b, func(cfg *proxy.Config) {
		ws := proxy.DefaultWebSockets()
		ws.CloseMax = 100 * timer.Millisecond
		cfg.WebSockets = &ws
	})
	for _, f := range []framing{rfc7395, older} {
		t.Run(f.name, func(t *testing.T) {
			c, s := openSession(t, addr, b, f, false)
			c.send(f.close)
			c.want(f.close)
			if got := c.read(); got.first != fin|opClose {
				t.Errorf("got %v, want a close", got)
			}
			c.wantEnd()
			s.awaitEnd(t)
		})
	}
}
