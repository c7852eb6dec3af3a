package proxy

import (
	"crypto/tls"
	"fmt"
	"net"
	"strings"
	"testing"
)

// postWith is a BOSH request with a further field line.
func postWith(body, line string) string {
	return strings.Replace(postText(body), "\r\n", "\r\n"+line+"\r\n", 1)
}

func startTrusting(t *testing.T, trusted ...string) (s *Server, addr string, l net.Listener) {
	t.Helper()
	s, addr = startServer(t, func(c *Config) {
		l = fakeBackend(t, c, "example.org")
		c.TrustedProxies = networks(t, trusted...)
	})
	return s, addr, l
}

// XEP-0124 §19.1, as a proxy in front tells; from anybody else the field means nothing.
func TestSecureSession(t *testing.T) {
	for _, trusted := range []bool{true, false} {
		networks := []string{"10.0.0.1"}
		if trusted {
			networks = []string{"127.0.0.0/8"}
		}
		_, addr, l := startTrusting(t, networks...)
		b := dial(t, addr)
		b.raw(postWith(createText(1, "example.org"), "X-Forwarded-Proto: https"))
		acceptPeer(t, l).open()
		body := b.body()
		if strings.Contains(body, " secure='true'") != trusted {
			t.Errorf("trusted %v: %s", trusted, body)
		}
		next := func(rid int) string {
			return fmt.Sprintf("<body rid='%d' sid='%s' xmlns='http://jabber.org/protocol/httpbind'/>", rid, attr(t, body, "sid"))
		}
		clear := dial(t, addr)
		clear.raw(postText(next(2)) + postText(next(3))) // the first decides
		if trusted {
			clear.closed()
			b.raw(postWith(next(2), "X-Forwarded-Proto: https, http"))
			b.closed()
		} else {
			clear.body()
		}
	}
}

// The same over TLS of our own: the session's sid is of no use on the plain port.
func TestSecureSessionOverTLS(t *testing.T) {
	ca := newAuthority(t)
	pair := files(t, "bosh")
	pair.write(t, ca.issue("bosh.example", nil))
	var l net.Listener
	s, addr, _ := startSecure(t, func(c *Config) { l = fakeBackend(t, c, "example.org") }, pair)
	b := dialTLS(t, addr, &tls.Config{RootCAs: ca.pool(), ServerName: "bosh.example"})
	b.post(createText(1, "example.org"))
	p := acceptPeer(t, l)
	p.open()
	body := b.body()
	wantContains(t, body, " secure='true'")
	next := fmt.Sprintf("<body rid='2' sid='%s' xmlns='http://jabber.org/protocol/httpbind'><presence xmlns='jabber:client'/></body>", attr(t, body, "sid"))
	clear := dial(t, s.Addrs()[0].String())
	clear.post(next)
	clear.closed()
	b.post(next)
	p.want("<presence xmlns='jabber:client'/>")

	// A session that began in clear may go on over either.
	plain := openSession(t, s.Addrs()[0].String(), l)
	b = dialTLS(t, addr, &tls.Config{RootCAs: ca.pool(), ServerName: "bosh.example"})
	b.post(plain.next("", "<presence xmlns='jabber:client'/>"))
	plain.peer.want("<presence xmlns='jabber:client'/>")
}

func TestOrigin(t *testing.T) {
	s, addr, _ := startTrusting(t, "127.0.0.0/8", "10.0.0.0/8")
	b := dial(t, addr)
	b.raw("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
	b.answer()
	onLoop(s, func() {
		s.clients.each(func(_ uint32, c *client) {
			if got := c.origin(requestWith(t)); got.String() != b.LocalAddr().String() {
				t.Errorf("without a field: %v, want %v", got, b.LocalAddr())
			}
			if got := c.origin(requestWith(t, "X-Forwarded-For: 6.6.6.6, 1.2.3.4, 10.0.0.1")); got.String() != "1.2.3.4:0" {
				t.Errorf("through two proxies: %v", got)
			}
			c.marks &^= markTrusted
			if got := c.origin(requestWith(t, "X-Forwarded-For: 1.2.3.4")); got.String() != b.LocalAddr().String() {
				t.Errorf("from a stranger: %v, want %v", got, b.LocalAddr())
			}
		})
	})
}
