package proxy

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/netip"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"go-xmpp-bosh/loop"
	"go-xmpp-bosh/xmppconn"
)

func TestBackendTLSPolicy(t *testing.T) {
	public, private := netip.MustParseAddr("1.1.1.1"), netip.MustParseAddr("192.168.1.1")
	loopback := netip.MustParseAddr("::1")
	without := new(Domains)
	if err := without.Add("plain.example"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		mode   BackendTLS
		domain string
		to     netip.Addr
		want   xmppconn.Policy
	}{
		{BackendTLSAuto, "a.example", public, xmppconn.TLSRequire},
		{BackendTLSAuto, "a.example", private, xmppconn.TLSOffer},
		{BackendTLSAuto, "a.example", loopback, xmppconn.TLSOffer},
		{BackendTLSAuto, "Plain.example.", public, xmppconn.TLSOff},
		{BackendTLSRequire, "a.example", loopback, xmppconn.TLSRequire},
		{BackendTLSRequire, "plain.example", loopback, xmppconn.TLSOff},
		{BackendTLSOffer, "a.example", public, xmppconn.TLSOffer},
		{BackendTLSOff, "a.example", public, xmppconn.TLSOff},
	} {
		s := Security{BackendTLS: c.mode, NoTLSDomains: without}
		if got := s.policy(c.domain, c.to); got != c.want {
			t.Errorf("%v, %s at %s: %v, want %v", c.mode, c.domain, c.to, got, c.want)
		}
	}
	for _, m := range []BackendTLS{BackendTLSAuto, BackendTLSRequire, BackendTLSOffer, BackendTLSOff} {
		if got, ok := ParseBackendTLS(m.String()); !ok || got != m {
			t.Errorf("%v is read as %v", m, got)
		}
	}
	if _, ok := ParseBackendTLS("sometimes"); ok || BackendTLS(9).String() != "invalid" {
		t.Error("a mode that there is not")
	}
}

const (
	tlsRequired = `<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>`
	tlsProceed  = `<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>`
)

// proceed plays a server that demands STARTTLS, up to the handshake.
func (p *peer) proceed() {
	p.t.Helper()
	p.want("<stream:stream")
	p.want(">")
	p.send(peerHeader + tlsRequired)
	p.want("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
	p.send(tlsProceed)
}

// tlsServer is a server with a TLS of its own, reached by STARTTLS or directly.
type tlsServer struct {
	cert   tls.Certificate
	config *tls.Config // more of it
	direct bool
}

// serveTLS starts a server for example.org and a listener for its backend; play is what the backend does with each
// connection.
func serveTLS(t *testing.T, from tlsServer, change func(*Config), play func(p *peer, secure *tls.Conn)) (s *Server, addr string, log *journal) {
	t.Helper()
	j, logger := newJournal()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var backends sync.WaitGroup
	t.Cleanup(func() { l.Close(); backends.Wait() }) // after the server's, which ends what its backend waits for
	s, addr = startServer(t, func(cfg *Config) {
		scheme := ""
		if from.direct {
			scheme = "xmpps:"
		}
		if err := cfg.Backends.Add("example.org=" + scheme + l.Addr().String()); err != nil {
			t.Fatal(err)
		}
		cfg.Logger = logger
		if change != nil {
			change(cfg)
		}
	})
	serve := func(c net.Conn) {
		defer c.Close()
		c.SetDeadline(time.Now().Add(patience))
		p := newPeer(t, c)
		if !from.direct {
			p.proceed()
		}
		cfg := &tls.Config{} //nolint:gosec // Go's own minimum
		if from.config != nil {
			cfg = from.config.Clone()
		}
		cfg.Certificates = []tls.Certificate{from.cert}
		play(p, tls.Server(c, cfg))
	}
	backends.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			backends.Go(func() { serve(c) })
		}
	})
	return s, addr, j
}

func TestBackendCertificates(t *testing.T) {
	ca, stranger := newAuthority(t), newAuthority(t)
	self := newAuthority(t)
	selfSigned := tls.Certificate{Certificate: [][]byte{self.sign(&x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "example.org"}, DNSNames: []string{"example.org"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}, self.cert, &self.key.PublicKey).Raw}, PrivateKey: self.key}
	for _, c := range []struct {
		name   string
		server tlsServer
		warns  string // "": all is well
	}{
		{name: "good", server: tlsServer{cert: ca.issue("example.org", nil)}},
		{name: "a wildcard above", server: tlsServer{cert: ca.issue("*.org", nil)}},
		{name: "expired", server: tlsServer{cert: ca.issue("example.org", func(x *x509.Certificate) {
			x.NotBefore, x.NotAfter = time.Now().Add(-2*time.Hour), time.Now().Add(-time.Hour)
		})}, warns: "has expired"},
		{name: "not valid yet", server: tlsServer{cert: ca.issue("example.org", func(x *x509.Certificate) {
			x.NotBefore = time.Now().Add(time.Minute)
		})}, warns: "not valid yet"},
		{name: "of another name", server: tlsServer{cert: ca.issue("example.com", nil)}, warns: "other names"},
		{name: "of the host, not the domain", server: tlsServer{cert: ca.issue("localhost", func(x *x509.Certificate) {
			x.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
		})}, warns: "other names"},
		{name: "a wildcard of another level", server: tlsServer{cert: ca.issue("*.example.org", nil)}, warns: "other names"},
		{name: "self-signed", server: tlsServer{cert: selfSigned}, warns: "give its CA with --backend-ca"},
		{name: "of an unknown authority", server: tlsServer{cert: stranger.issue("example.org", nil)}, warns: "give its CA with --backend-ca"},
		{name: "for clients only", server: tlsServer{cert: ca.issue("example.org", func(x *x509.Certificate) {
			x.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
		})}, warns: "is not valid"},
		{
			name: "TLS 1.1", server: tlsServer{cert: ca.issue("example.org", nil), config: &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}},
			warns: "TLS 1.2 or later",
		},
		{name: "TLS 1.2", server: tlsServer{cert: ca.issue("example.org", nil), config: &tls.Config{MaxVersion: tls.VersionTLS12}}},
	} {
		for _, direct := range []bool{false, true} {
			c.server.direct = direct
			t.Run(fmt.Sprintf("%s, direct: %v", c.name, direct), func(t *testing.T) {
				s, addr, log := serveTLS(t, c.server, func(cfg *Config) { cfg.RootCAs = ca.pool() }, func(p *peer, secure *tls.Conn) {
					p.secured(secure)
				})
				wantOutcome(t, s, addr, log, c.warns)
			})
		}
	}
}

// secured goes on inside TLS, if it can be had.
func (p *peer) secured(secure *tls.Conn) {
	if secure.Handshake() != nil {
		return
	}
	p.Conn = secure
	p.r.Reset(secure)
	if _, err := p.r.ReadString('>'); err != nil {
		return // it did not like the certificate
	}
	p.want(">")
	p.send(peerHeader + peerFeatures)
	io.Copy(io.Discard, p.r)
}

// wantOutcome creates a session, which has to get its features, or remote-connection-failed with one line that says why.
func wantOutcome(t *testing.T, s *Server, addr string, log *journal, warns string) {
	t.Helper()
	b := dial(t, addr)
	b.post(createText(1, "example.org"))
	body := b.body()
	if warns == "" {
		wantContains(t, body, "<stream:features")
		if lines := log.lines("level=WARN"); len(lines) > 0 {
			t.Errorf("warnings: %q", lines)
		}
		return
	}
	wantContains(t, body, "type='terminate'", "condition='remote-connection-failed'")
	lines := log.lines("level=WARN")
	if len(lines) != 1 || !strings.Contains(lines[0], warns) || !strings.Contains(lines[0], "domain=example.org") {
		t.Errorf("want one warning with %q, got %q", warns, lines)
	}
	b.Close()
	wantFreed(t, s)
}

// wantFreed waits until nothing is left of clients and backends.
func wantFreed(t *testing.T, s *Server) {
	t.Helper()
	for late := time.After(patience); ; {
		backends, clients, conns := 0, 0, 0
		onLoop(s, func() {
			s.enter() // which frees what the callback before this has ended
			backends, clients, conns = s.backends.live, s.clients.live, s.loop.Conns()
			s.settle()
		})
		if backends == 0 && clients == 0 && conns == 0 {
			return
		}
		select {
		case <-late:
			t.Fatalf("%d backends, %d clients and %d connections are left", backends, clients, conns)
		default:
			runtime.Gosched()
		}
	}
}

// --backend-insecure is for the domains that it names.
func TestBackendInsecure(t *testing.T) {
	ca := newAuthority(t)
	for domain, warns := range map[string]string{"example.org": "", "example.com": "other names"} {
		s, addr, log := serveTLS(t, tlsServer{cert: ca.issue("example.net", nil)}, func(cfg *Config) {
			cfg.BackendInsecure = new(Domains)
			if err := cfg.BackendInsecure.Add(domain); err != nil {
				t.Fatal(err)
			}
		}, func(p *peer, secure *tls.Conn) { p.secured(secure) })
		wantOutcome(t, s, addr, log, warns)
	}
}

// What a server may do instead of a handshake.
func TestBackendHandshakeFaults(t *testing.T) {
	ca := newAuthority(t)
	for name, play := range map[string]func(p *peer){
		"garbage":         func(p *peer) { p.send(strings.Repeat("garbage ", 100)) },
		"XML":             func(p *peer) { p.send("<stream:error/></stream:stream>") },
		"half a record":   func(p *peer) { p.send("\x16\x03\x03\x40\x00\x02") },
		"a closed door":   func(*peer) {},
		"an alert":        func(p *peer) { p.send("\x15\x03\x03\x00\x02\x02\x28") },
		"an empty record": func(p *peer) { p.send(strings.Repeat("\x16\x03\x03\x00\x00", 100)) },
	} {
		for _, direct := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, direct: %v", name, direct), func(t *testing.T) {
				s, addr, log := serveTLS(t, tlsServer{cert: ca.issue("example.org", nil), direct: direct}, nil, func(p *peer, _ *tls.Conn) {
					one := make([]byte, 1)
					if _, err := io.ReadFull(p.r, one); err != nil { // it has begun
						t.Error(err)
						return
					}
					play(p)
				})
				wantOutcome(t, s, addr, log, "TLS")
			})
		}
	}
}

// Garbage in the middle of the handshake, at every place that its first flight has.
func TestBackendGarbageMidHandshake(t *testing.T) {
	ca := newAuthority(t)
	s, addr, log := serveTLS(t, tlsServer{cert: ca.issue("example.org", nil)}, func(cfg *Config) { cfg.RootCAs = ca.pool() }, func(p *peer, _ *tls.Conn) {
		secure := tls.Server(&garbled{Conn: p.Conn, after: 700}, &tls.Config{Certificates: []tls.Certificate{ca.issue("example.org", nil)}}) //nolint:gosec // Go's own minimum
		p.secured(secure)
	})
	wantOutcome(t, s, addr, log, "TLS")
}

// garbled is a connection that writes garbage from some byte on.
type garbled struct {
	net.Conn
	after int
}

func (s *garbled) Write(b []byte) (int, error) {
	c := []byte(string(b))
	for i := max(s.after, 0); i < len(c); i++ {
		c[i] ^= 0x55
	}
	s.after -= len(b)
	return s.Conn.Write(c)
}

// Direct TLS names the domain and xmpp-client (XEP-0368 §3), and TLS sessions are resumed.
func TestBackendServerNameAndResumption(t *testing.T) {
	ca := newAuthority(t)
	states := make(chan tls.ConnectionState, 1)
	server := tlsServer{cert: ca.issue("xn--bcher-kva.example", nil), direct: true, config: &tls.Config{NextProtos: []string{"xmpp-client"}}}
	keys := &tls.Config{}
	keys.SetSessionTicketKeys([][32]byte{{1}})
	_, addr, _ := serveTLS(t, server, func(cfg *Config) {
		cfg.RootCAs = ca.pool()
		for line, target := range map[string]string{"example.org": "Bücher.example"} {
			targets, _ := xmppconn.Targets(line, "", cfg.Backends)
			if err := cfg.Backends.Add(target + "=" + targets[0].String()); err != nil {
				t.Fatal(err)
			}
		}
	}, func(p *peer, _ *tls.Conn) {
		config := &tls.Config{ //nolint:gosec // Go's own minimum
			Certificates: []tls.Certificate{server.cert}, NextProtos: []string{"xmpp-client"},
			WrapSession:   keys.EncryptTicket,
			UnwrapSession: keys.DecryptTicket,
		}
		secure := tls.Server(p.Conn, config)
		if err := secure.Handshake(); err != nil {
			t.Error(err)
			return
		}
		states <- secure.ConnectionState()
		p.secured(secure)
	})
	for i := range 2 {
		b := dial(t, addr)
		b.post(createText(1, "Bücher.example"))
		wantContains(t, b.body(), "<stream:features")
		b.Close()
		state := <-states
		if state.ServerName != "xn--bcher-kva.example" || state.NegotiatedProtocol != "xmpp-client" || state.Version != tls.VersionTLS13 {
			t.Errorf("name %q, protocol %q, version %x", state.ServerName, state.NegotiatedProtocol, state.Version)
		}
		if state.DidResume != (i > 0) {
			t.Errorf("connection %d: resumed %v", i, state.DidResume)
		}
	}
}

// A domain of no_tls_domains stays in clear, but for a server that demands otherwise.
func TestNoTLSDomains(t *testing.T) {
	for _, demands := range []string{"", "<required/>"} {
		var cfg Config
		cfg.Backends = new(Backends)
		l := fakeBackend(t, &cfg, "example.org")
		_, addr := startServer(t, func(c *Config) {
			c.Backends, c.NoTLSDomains = cfg.Backends, new(Domains)
			if err := c.NoTLSDomains.Add("example.org"); err != nil {
				t.Fatal(err)
			}
		})
		b := dial(t, addr)
		b.post(createText(1, "example.org"))
		p := acceptPeer(t, l)
		p.want("<stream:stream")
		p.want(">")
		p.send(peerHeader + "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'>" + demands + "</starttls></stream:features>")
		if demands != "" {
			p.want("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
			continue
		}
		body := b.body()
		wantContains(t, body, "<stream:features")
		if strings.Contains(body, "starttls") {
			t.Errorf("starttls reached the client: %s", body)
		}
	}
}

// Each failure has its own line, so that one does not hide the other for a second.
func TestTLSAdvice(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{loop.ErrTimeout, "in time"},
		{loop.ErrNotTLS, "does it speak TLS"},
		{io.ErrUnexpectedEOF, "does it speak TLS"},
		{&net.OpError{Op: "remote error", Err: tls.AlertError(40)}, "refused the TLS handshake"},
		{&net.OpError{Op: "local error", Err: tls.AlertError(70)}, "does it speak TLS"},
		{&tls.CertificateVerificationError{Err: x509.CertificateInvalidError{Reason: x509.Expired}}, "has expired"},
		{&tls.CertificateVerificationError{Err: x509.CertificateInvalidError{Reason: x509.NotAuthorizedToSign}}, "is not valid:"},
		{&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, "--backend-ca"},
		{&tls.CertificateVerificationError{Err: x509.HostnameError{}}, "other names"},
	} {
		if got := tlsAdvice(&loop.TLSError{Err: c.err}); !strings.Contains(got, c.want) {
			t.Errorf("%v: %q, want %q", c.err, got, c.want)
		}
	}
}
