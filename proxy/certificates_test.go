package proxy

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// startSecure runs a server that speaks HTTPS with these certificates.
func startSecure(t *testing.T, change func(*Config), pairs ...KeyPair) (s *Server, addr string, log *journal) {
	t.Helper()
	j, logger := newJournal()
	certificates, err := LoadCertificates(pairs, logger)
	if err != nil {
		t.Fatal(err)
	}
	s, _ = startServer(t, func(cfg *Config) {
		cfg.Logger = logger
		cfg.ListenTLS, cfg.Certificates = []string{"127.0.0.1:0"}, certificates
		if change != nil {
			change(cfg)
		}
	})
	return s, s.TLSAddrs()[0].String(), j
}

// dialTLS is an HTTPS connection.
func dialTLS(t testing.TB, addr string, cfg *tls.Config) *browser {
	t.Helper()
	b := dial(t, addr)
	c := tls.Client(b.Conn, cfg)
	if err := c.Handshake(); err != nil {
		t.Fatal(err)
	}
	b.Conn = c
	b.r.Reset(c)
	return b
}

func (b *browser) tls() tls.ConnectionState { return b.Conn.(*tls.Conn).ConnectionState() }

func TestHTTPS(t *testing.T) {
	ca := newAuthority(t)
	pair := files(t, "bosh")
	pair.write(t, ca.issue("bosh.example", nil))
	_, addr, _ := startSecure(t, nil, pair)
	client := http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: ca.pool(), ServerName: "bosh.example"}, ForceAttemptHTTP2: true,
	}}
	defer client.CloseIdleConnections()
	r, err := client.Get("https://" + addr + "/http-bind/")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	page, err := io.ReadAll(r.Body)
	if err != nil || !strings.Contains(string(page), "BOSH endpoint") {
		t.Fatalf("%q, %v", page, err)
	}
	if r.TLS.Version != tls.VersionTLS13 || r.TLS.NegotiatedProtocol != "http/1.1" {
		t.Fatalf("TLS %x, protocol %q", r.TLS.Version, r.TLS.NegotiatedProtocol)
	}
}

func TestHTTPSSession(t *testing.T) {
	ca := newAuthority(t)
	pair := files(t, "bosh")
	pair.write(t, ca.issue("bosh.example", nil))
	var cfg Config
	cfg.Backends = new(Backends)
	l := fakeBackend(t, &cfg, "example.org")
	_, addr, _ := startSecure(t, func(c *Config) { c.Backends = cfg.Backends }, pair)
	b := dialTLS(t, addr, &tls.Config{RootCAs: ca.pool(), ServerName: "bosh.example"})
	b.post(createText(1, "example.org"))
	acceptPeer(t, l).open()
	wantContains(t, b.body(), "<stream:features", "sid=")
}

// The floor is TLS 1.2, the ALPN http/1.1.
func TestHTTPSRefusals(t *testing.T) {
	ca := newAuthority(t)
	pair := files(t, "bosh")
	pair.write(t, ca.issue("bosh.example", nil))
	_, addr, _ := startSecure(t, nil, pair)
	for name, cfg := range map[string]*tls.Config{
		"TLS 1.1": {MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11},
		"HTTP/2":  {NextProtos: []string{"h2"}},
	} {
		cfg.InsecureSkipVerify = true
		if err := tls.Client(dial(t, addr).Conn, cfg).Handshake(); err == nil {
			t.Errorf("%s: the handshake succeeded", name)
		}
	}
	b := dial(t, addr)
	b.raw("GET /http-bind/ HTTP/1.1\r\nHost: a\r\n\r\n")
	rest, _ := io.ReadAll(b.r)
	if strings.Contains(string(rest), "HTTP/1.1 200") {
		t.Errorf("plain HTTP on the TLS port: %q", rest)
	}
}

// SNI decides, and the first pair is for all other names and for none.
func TestCertificateByName(t *testing.T) {
	ca := newAuthority(t)
	var pairs []KeyPair
	for _, name := range []string{"one.example", "two.example", "*.three.example"} {
		pair := files(t, "bosh")
		pair.write(t, ca.issue(name, nil))
		pairs = append(pairs, pair)
	}
	_, addr, _ := startSecure(t, nil, pairs...)
	for asked, want := range map[string]string{
		"one.example": "one.example", "two.example": "two.example", "TWO.example": "two.example", "a.three.example": "*.three.example",
		"other.example": "one.example", "": "one.example",
	} {
		b := dialTLS(t, addr, &tls.Config{ServerName: asked, InsecureSkipVerify: true})
		if got := b.tls().PeerCertificates[0].DNSNames[0]; got != want {
			t.Errorf("%q: the certificate of %q, want %q", asked, got, want)
		}
	}
}

func TestReload(t *testing.T) {
	ca := newAuthority(t)
	pair := files(t, "bosh")
	pair.write(t, ca.issue("bosh.example", nil))
	s, addr, log := startSecure(t, nil, pair)
	client := &tls.Config{RootCAs: ca.pool(), ServerName: "bosh.example", ClientSessionCache: tls.NewLRUClientSessionCache(1)}
	serial := func() string {
		b := dialTLS(t, addr, client)
		b.raw("GET /http-bind/ HTTP/1.1\r\nHost: a\r\n\r\n")
		b.answer() // a TLS 1.3 client gets its ticket with the first data
		return b.tls().PeerCertificates[0].SerialNumber.String()
	}
	before := serial()
	old := dialTLS(t, addr, client)
	if !old.tls().DidResume {
		t.Error("the session was not resumed")
	}

	// A broken pair changes nothing, and says so.
	if err := os.WriteFile(pair.CertFile, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.Reload()
	log.wait(t, "those from before stay")
	if got := serial(); got != before {
		t.Errorf("after a broken pair: certificate %s, want %s", got, before)
	}

	// A new one is taken, connections that are there live on, and sessions can be resumed.
	fresh := ca.issue("bosh.example", nil)
	pair.write(t, fresh)
	s.Reload()
	if !dialTLS(t, addr, client).tls().DidResume {
		t.Error("the session was not resumed after the reload")
	}
	client.ClientSessionCache = nil
	if got := serial(); got != fresh.Leaf.SerialNumber.String() {
		t.Errorf("after the reload: certificate %s, want %s", got, fresh.Leaf.SerialNumber)
	}
	old.raw("GET /http-bind/ HTTP/1.1\r\nHost: a\r\n\r\n")
	if r, _ := old.answer(); r.StatusCode != http.StatusOK {
		t.Errorf("the old connection: %s", r.Status)
	}
}

// The files are looked at, and a pair of which only half is written is tried again.
func TestReloadWhenFilesChange(t *testing.T) {
	ca := newAuthority(t)
	pair := files(t, "bosh")
	pair.write(t, ca.issue("bosh.example", nil))
	log, logger := newJournal()
	c, err := LoadCertificates([]KeyPair{pair}, logger)
	if err != nil {
		t.Fatal(err)
	}
	stop, done := make(chan struct{}), make(chan struct{})
	go func() { c.watch(time.Millisecond, stop); close(done) }()
	fresh := ca.issue("bosh.example", func(x *x509.Certificate) { x.NotAfter = time.Now().Add(-time.Minute) })
	other := files(t, "other")
	other.write(t, fresh)
	for _, p := range [][2]string{{other.CertFile, pair.CertFile}, {other.KeyFile, pair.KeyFile}} {
		if err := os.Rename(p[0], p[1]); err != nil {
			t.Fatal(err)
		}
		if p[1] == pair.CertFile {
			log.wait(t, "those from before stay")
		}
	}
	log.wait(t, "TLS certificates loaded")
	log.wait(t, "has expired")
	close(stop)
	<-done
	if got, err := c.choose(&tls.ClientHelloInfo{ServerName: "bosh.example"}); err != nil || got.Leaf.SerialNumber.Cmp(fresh.Leaf.SerialNumber) != 0 {
		t.Errorf("%v, %v", got.Leaf.SerialNumber, err)
	}
}

func TestLoadCertificatesFails(t *testing.T) {
	ca := newAuthority(t)
	one, two := files(t, "one"), files(t, "two")
	one.write(t, ca.issue("a", nil))
	two.write(t, ca.issue("a", nil))
	for name, pairs := range map[string][]KeyPair{
		"none":           nil,
		"missing":        {{CertFile: one.CertFile + "x", KeyFile: one.KeyFile}},
		"of another key": {{CertFile: one.CertFile, KeyFile: two.KeyFile}},
	} {
		if _, err := LoadCertificates(pairs, nil); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := New(Config{Listen: []string{"127.0.0.1:0"}, Security: Security{ListenTLS: []string{"127.0.0.1:0"}}}); err == nil {
		t.Error("HTTPS without a certificate")
	}
}
