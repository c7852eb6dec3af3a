package proxy

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/netip"
	"testing"

	"go-xmpp-bosh/loop"
	"go-xmpp-bosh/proxyproto"
)

const prefaceV1 = "PROXY TCP4 192.0.2.7 198.51.100.1 4711 443\r\n"

func prefaceV2() string {
	return string(proxyproto.AppendV2(nil, netip.MustParseAddrPort("[2001:db8::7]:4711"), netip.MustParseAddrPort("[2001:db8::1]:443")))
}

// startPrefaced runs a server that wants the PROXY protocol, and whose XMPP server gets it too.
func startPrefaced(t *testing.T, change func(*Config)) (s *Server, addr string, l net.Listener, log *journal) {
	t.Helper()
	j, logger := newJournal()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s, addr = startServer(t, func(c *Config) {
		c.Logger, c.ProxyProtocol = logger, true
		c.TrustedProxies = networks(t, "127.0.0.0/8", "10.0.0.0/8")
		if err := c.Backends.Add("example.org=" + l.Addr().String() + ",proxy"); err != nil {
			t.Fatal(err)
		}
		if change != nil {
			change(c)
		}
	})
	return s, addr, l, j
}

// introduced reads a PROXY protocol header.
func (p *peer) introduced() (h proxyproto.Header) {
	p.t.Helper()
	var b []byte
	for {
		c, err := p.r.ReadByte()
		if err != nil {
			p.t.Fatal(err)
		}
		b = append(b, c)
		h, n, err := proxyproto.Parse(b)
		if err != nil {
			p.t.Fatalf("%q: %v", b, err)
		}
		if n > 0 {
			return h
		}
	}
}

func TestPreface(t *testing.T) {
	for _, c := range []struct {
		name, preface, line, source, destination string
	}{
		{"version 1", prefaceV1, "Accept: *", "192.0.2.7:4711", "198.51.100.1:443"},
		{"version 2", prefaceV2(), "Accept: *", "[2001:db8::7]:4711", "[2001:db8::1]:443"},
		{"a stranger's word", prefaceV1, "X-Forwarded-For: 6.6.6.6", "192.0.2.7:4711", "198.51.100.1:443"},
		{"through two proxies", "PROXY TCP4 10.1.1.1 198.51.100.1 4711 443\r\n", "X-Forwarded-For: 192.0.2.9", "192.0.2.9:0", "198.51.100.1:443"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, addr, l, _ := startPrefaced(t, nil)
			for _, split := range []bool{false, true} { // in one segment, and byte by byte
				b := dial(t, addr)
				text := c.preface + postWith(createText(1, "example.org"), c.line)
				if split {
					for i := range len(c.preface) + 1 {
						b.raw(text[i : i+1])
					}
					text = text[len(c.preface)+1:]
				}
				b.raw(text)
				p := acceptPeer(t, l)
				if h := p.introduced(); h.Source.String() != c.source || h.Destination.String() != c.destination {
					t.Errorf("the server hears of %v, %v", h.Source, h.Destination)
				}
				p.open()
				wantContains(t, b.body(), "<stream:features")
			}
		})
	}
}

// A proxy's own connections, such as health checks, are answered too.
func TestPrefaceOfTheProxyItself(t *testing.T) {
	_, addr, l, _ := startPrefaced(t, nil)
	for _, preface := range []string{"PROXY UNKNOWN\r\n", string(proxyproto.AppendLocal(nil))} {
		b := dial(t, addr)
		b.raw(preface + postText(createText(1, "example.org")))
		if h := acceptPeer(t, l).introduced(); h.Source.String() != b.LocalAddr().String() || h.Destination.String() != addr {
			t.Errorf("%v, %v", h.Source, h.Destination)
		}
	}
}

func TestPrefaceIsMandatory(t *testing.T) {
	s, addr, _, log := startPrefaced(t, nil)
	b := dial(t, addr)
	b.raw("GET /http-bind/ HTTP/1.1\r\nHost: a\r\n\r\n")
	if rest, _ := io.ReadAll(b.r); len(rest) > 0 {
		t.Errorf("without a header: %q", rest)
	}
	log.wait(t, "without the PROXY protocol was dropped")
	b.Close()
	wantFreed(t, s)

	s, addr, _, log = startPrefaced(t, func(c *Config) { c.TrustedProxies = networks(t, "10.0.0.0/8") })
	for range 3 {
		b = dial(t, addr)
		io.WriteString(b.Conn, prefaceV1+"GET /http-bind/ HTTP/1.1\r\nHost: a\r\n\r\n") // it may be closed by then
		if rest, _ := io.ReadAll(b.r); len(rest) > 0 {
			t.Errorf("from a stranger: %q", rest)
		}
		b.Close()
	}
	wantFreed(t, s)
	if lines := log.lines("not in --trusted-proxies"); len(lines) != 1 {
		t.Errorf("lines: %q", lines)
	}
	if _, err := New(Config{Listen: []string{"127.0.0.1:0"}, Security: Security{ProxyProtocol: true}}); err == nil {
		t.Error("--proxy-protocol without trusted proxies")
	}
}

// One that says nothing has as long as a request's head.
func TestPrefaceDeadline(t *testing.T) {
	s, _, _, log := startPrefaced(t, nil)
	onLoop(s, func() {
		p := &preface{srv: s}
		var _ loop.Handler = p
		p.HandleDeadline(&p.conn)
	})
	log.wait(t, "did not come in time")
}

// gathered is a connection that sends its first bytes with the first that are written.
type gathered struct {
	net.Conn
	first []byte
}

func (g *gathered) Write(b []byte) (int, error) {
	first := g.first
	g.first = nil
	if _, err := g.Conn.Write(append(first, b...)); err != nil {
		return 0, err
	}
	return len(b), nil
}

// The header comes before TLS, with the ClientHello behind it in the same segment or not, and TLS's session is the client's.
func TestPrefaceBeforeTLS(t *testing.T) {
	ca := newAuthority(t)
	pair := files(t, "bosh")
	pair.write(t, ca.issue("bosh.example", nil))
	certificates, err := LoadCertificates([]KeyPair{pair}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, _, l, _ := startPrefaced(t, func(c *Config) { c.ListenTLS, c.Certificates = []string{"127.0.0.1:0"}, certificates })
	for _, apart := range []bool{false, true} {
		b := dial(t, s.TLSAddrs()[0].String())
		if apart {
			b.raw(prefaceV1)
		} else {
			b.Conn = &gathered{b.Conn, []byte(prefaceV1)}
		}
		c := tls.Client(b.Conn, &tls.Config{RootCAs: ca.pool(), ServerName: "bosh.example"})
		b.Conn = c
		b.r.Reset(c)
		b.post(createText(1, "example.org"))
		p := acceptPeer(t, l)
		if h := p.introduced(); h.Source.String() != "192.0.2.7:4711" {
			t.Errorf("the server hears of %v", h.Source)
		}
		p.open()
		wantContains(t, b.body(), " secure='true'")
		b.Close()
	}
	b := dial(t, s.TLSAddrs()[0].String())
	b.raw(prefaceV1 + "GET /http-bind/ HTTP/1.1\r\nHost: a\r\n\r\n")
	if rest, _ := io.ReadAll(b.r); bytes.Contains(rest, []byte("200 OK")) {
		t.Errorf("plain HTTP on the TLS port: %q", rest)
	}
}

// A connection counts for its address before its TLS handshake: who never ends one has no more of them than others.
func TestConnectionsPerAddressInHandshakes(t *testing.T) {
	ca := newAuthority(t)
	pair := files(t, "bosh")
	pair.write(t, ca.issue("bosh.example", nil))
	certificates, err := LoadCertificates([]KeyPair{pair}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, _, _, _ := startPrefaced(t, func(c *Config) {
		c.ListenTLS, c.Certificates, c.ConnectionsPerAddress = []string{"127.0.0.1:0"}, certificates, 1
	})
	addr := s.TLSAddrs()[0].String()
	silent := dial(t, addr)
	silent.raw(prefaceV1)
	for counted := 0; counted == 0; {
		onLoop(s, func() { counted = len(s.admission.connOf) })
	}
	refused := dial(t, addr)
	refused.raw(prefaceV1)
	refused.closed()
	silent.Close()
	for counted := 1; counted > 0; {
		onLoop(s, func() { s.enter(); counted = len(s.admission.connOf); s.settle() })
	}
	b := dial(t, addr)
	b.raw(prefaceV1)
	c := tls.Client(b.Conn, &tls.Config{RootCAs: ca.pool(), ServerName: "bosh.example"})
	b.Conn = c
	b.r.Reset(c)
	b.raw("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
	b.answer()
}

// Over a WebSocket the request that opened it says who the client is; direct TLS begins behind the header.
func TestIntroductionBeforeDirectTLS(t *testing.T) {
	ca := newAuthority(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s, addr := startServer(t, func(c *Config) {
		c.RootCAs, c.TrustedProxies = ca.pool(), networks(t, "127.0.0.1")
		if err := c.Backends.Add("example.org=xmpps:" + l.Addr().String() + ",proxy"); err != nil {
			t.Fatal(err)
		}
	})
	w := openWebSocket(t, addr, "X-Forwarded-For: 192.0.2.9\r\n")
	w.send(fmt.Sprintf(framingOpen, "example.org"))
	p := acceptPeer(t, l)
	if h := p.introduced(); h.Source.String() != "192.0.2.9:0" || h.Destination.String() != addr {
		t.Errorf("the server hears of %v, %v", h.Source, h.Destination)
	}
	secure := tls.Server(&buffered{p.Conn, p.r}, &tls.Config{Certificates: []tls.Certificate{ca.issue("example.org", nil)}}) //nolint:gosec // Go's own minimum
	if err := secure.Handshake(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	p.Close()
	wantFreed(t, s)
	onLoop(s, func() {
		if n := len(s.callers.backends) + len(s.callers.sockets) + len(s.callers.clients); n != 0 {
			t.Errorf("%d addresses are kept", n)
		}
	})
}

// buffered is a connection of which a reader may have read ahead.
type buffered struct {
	net.Conn
	r io.Reader
}

func (b *buffered) Read(p []byte) (int, error) { return b.r.Read(p) }
