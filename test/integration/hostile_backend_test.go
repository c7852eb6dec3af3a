//go:build integration && linux

package integration

import (
	"strings"
	"testing"
)

// TestHostileBackend: what a backend may not send ends its session in good order, and no other.
func TestHostileBackend(t *testing.T) {
	t.Parallel()
	b := startBackend(t, "example.test")
	s := startServer(t, b.flag())
	for name, says := range map[string]string{
		"garbage":                        "\x00\x01\x02garbage",
		"an end tag too many":            "</message>",
		"crossed tags":                   "<message><body></message></body>",
		"a comment":                      "<!-- hello -->",
		"a comment in a stanza":          "<message><!-- hello --></message>",
		"a DOCTYPE":                      "<!DOCTYPE x>",
		"an entity":                      "<message><body>&nbsp;</body></message>",
		"an instruction":                 "<?php ?>",
		"invalid UTF-8":                  "<message><body>\xff</body></message>",
		"an unbound prefix":              "<x:message/>",
		"text between stanzas":           "hello",
		"depth":                          "<message>" + strings.Repeat("<a>", 100_000),
		"an endless name":                "<" + strings.Repeat("a", 600_000),
		"an endless attribute":           "<message id='" + strings.Repeat("a", 600_000),
		"a stanza over the limit":        "<message id='big'><body>" + strings.Repeat("a", 600_000) + "</body></message>",
		"starttls that nobody asked for": "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>\x16\x03\x01",
	} {
		t.Run(name, func(t *testing.T) {
			x, peer := createSession(t, s, b)
			c := x.hold(t)
			c.wantSilence(t, quiet)
			peer.send(t, "<message id='before'/>"+says)
			r := parseBody(t, c.read(t))
			for r.attr("type") != "terminate" { // what came before it is delivered first
				r = parseBody(t, x.exchange(t, ""))
			}
			if got := r.attr("condition"); got == "" {
				t.Errorf("a terminate without a condition: %s", r.raw)
			}
			if strings.Contains(r.raw, "id='big'") {
				t.Error("a stanza over the limit was passed on")
			}
			peer.expectClosed(t)
		})
	}
	wantAlive(t, s)
}

// TestBackendEnds: the client learns why, after what came before (XEP-0206 §6, decisions.md 6).
func TestBackendEnds(t *testing.T) {
	t.Parallel()
	b := startBackend(t, "example.test")
	s := startServer(t, b.flag())
	const streamError = "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>"
	for _, held := range []bool{true, false} {
		name := map[bool]string{true: "while a request is held", false: "while nothing is held"}[held]
		t.Run("a stream error "+name, func(t *testing.T) {
			x, peer := createSession(t, s, b)
			r := endedBy(t, x, peer, held, "<message id='last'/>"+streamError)
			if r.attr("condition") != "remote-stream-error" {
				t.Errorf("condition %q, want remote-stream-error: %s", r.attr("condition"), r.raw)
			}
			if n := len(r.Elements); n == 0 || r.Elements[n-1].XMLName.Space != "http://etherx.jabber.org/streams" || r.Elements[n-1].XMLName.Local != "error" {
				t.Errorf("no stream error at the end of %s", r.raw)
			}
		})
		t.Run("the end of the stream "+name, func(t *testing.T) {
			x, peer := createSession(t, s, b)
			endedBy(t, x, peer, held, "<message id='last'/></stream:stream>")
		})
		t.Run("the end of the connection "+name, func(t *testing.T) {
			x, peer := createSession(t, s, b)
			c := (*httpConn)(nil)
			if held {
				c = x.hold(t)
				c.wantSilence(t, quiet)
			}
			peer.Close()
			r := response{}
			if held {
				r = c.read(t)
			} else {
				r = x.exchange(t, "")
			}
			wantTerminate(t, r, "remote-connection-failed")
		})
	}
}

// endedBy has the backend say its last words, and returns the terminate; the message id='last' has to come by then.
func endedBy(t *testing.T, x *session, peer *backendConn, held bool, says string) *body {
	t.Helper()
	var r *body
	if held {
		c := x.hold(t)
		c.wantSilence(t, quiet)
		peer.send(t, says)
		r = parseBody(t, c.read(t))
	} else {
		peer.send(t, says)
		peer.expectClosed(t) // so that nothing is under way any more
		r = parseBody(t, x.exchange(t, ""))
	}
	seen := strings.Count(r.raw, "id='last'")
	for r.attr("type") != "terminate" {
		r = parseBody(t, x.exchange(t, ""))
		seen += strings.Count(r.raw, "id='last'")
	}
	if seen != 1 {
		t.Errorf("the last message came %d times, want once", seen)
	}
	return r
}

// TestInjectedAfterProceed: bytes that come with <proceed/>, before TLS, were sent by nobody who holds the
// certificate. They never become stanzas, and the connection fails (decisions.md 41).
func TestInjectedAfterProceed(t *testing.T) {
	t.Parallel()
	b := startBackend(t, "example.test")
	s := startServer(t, b.flag(), "--backend-insecure")
	c := s.dial(t)
	c.post(t, s.path, creation(1, "example.test"))
	peer := b.accept(t)
	peer.openStream(t, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>")
	peer.expect(t, "<starttls")
	peer.send(t, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><message xmlns='jabber:client' id='injected'/>")
	r := c.read(t)
	if strings.Contains(r.body, "injected") {
		t.Errorf("the injected stanza was passed on: %s", r.body)
	}
	wantTerminate(t, r, "remote-connection-failed")
	if got := peer.expectClosed(t); strings.Contains(got[strings.Index(got, "<starttls"):], "<stream:stream") {
		t.Errorf("the stream went on in clear: %q", got)
	}
}

// TestStartTLSRefused: a server that offers STARTTLS and then fails it is never spoken to in clear.
func TestStartTLSRefused(t *testing.T) {
	t.Parallel()
	b := startBackend(t, "example.test")
	s := startServer(t, b.flag())
	for name, says := range map[string]string{
		"failure":       "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>",
		"no TLS at all": "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
	} {
		t.Run(name, func(t *testing.T) {
			c := s.dial(t)
			c.post(t, s.path, creation(1, "example.test"))
			peer := b.accept(t)
			peer.openStream(t, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms>")
			peer.expect(t, "<starttls")
			peer.send(t, says)
			if strings.HasPrefix(says, "<proceed") {
				peer.expect(t, "\x16\x03") // a TLS record: the client hello
				peer.send(t, "HTTP/1.1 400 Bad Request\r\n\r\n")
			}
			wantTerminate(t, c.read(t), "remote-connection-failed")
			peer.expectClosed(t)
		})
	}
}
