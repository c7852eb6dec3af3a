package doctor

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"flag"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"

	"go-xmpp-bosh/proxy"
)

var update = flag.Bool("update", false, "write the reports of testdata")

// patience bounds every wait of these tests.
const patience = 60 * time.Second

// rig is what a domain has on loopback: a DNS, servers, an authority for their certificates.
type rig struct {
	*testing.T
	cfg    proxy.Config
	ca     *authority
	route  string
	within time.Duration     // 0: patience
	ports  map[string]string // what each port is called in the report
}

func newRig(t *testing.T, records ...string) *rig {
	t.Helper()
	g := &rig{T: t, ca: newAuthority(t), ports: map[string]string{}}
	g.cfg.Backends, g.cfg.BackendInsecure, g.cfg.Hosts = new(proxy.Backends), new(proxy.Domains), proxy.Hosts{}
	g.cfg.RootCAs = g.ca.pool()
	g.cfg.AllowPrivateBackends = true
	g.zone(records...)
	return g
}

// zone runs a DNS with these records; what is not in it does not exist. Ports of servers are written as %d before.
func (g *rig) zone(records ...string) {
	g.Helper()
	var all []dns.RR
	for _, s := range records {
		rr, err := dns.NewRR(s)
		if err != nil {
			g.Fatal(err)
		}
		all = append(all, rr)
	}
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		g.Fatal(err)
	}
	s := &dns.Server{PacketConn: pc, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg)
		m.SetReply(q)
		m.RecursionAvailable, m.Rcode = true, dns.RcodeNameError
		for _, rr := range all {
			if strings.EqualFold(rr.Header().Name, q.Question[0].Name) {
				m.Rcode = dns.RcodeSuccess
				if rr.Header().Rrtype == q.Question[0].Qtype {
					m.Answer = append(m.Answer, rr)
				}
			}
		}
		_ = w.WriteMsg(m)
	})}
	up := make(chan struct{})
	s.NotifyStartedFunc = func() { close(up) }
	go s.ActivateAndServe()
	<-up
	g.Cleanup(func() { _ = s.Shutdown() })
	addr := netip.MustParseAddrPort(pc.LocalAddr().String())
	g.cfg.DNS = []netip.AddrPort{addr}
	g.ports[fmt.Sprint(addr.Port())] = "53"
}

// serve runs a server for as long as the test, and gives its port, which the report calls by that name.
func (g *rig) serve(name string, play func(p *peer)) int {
	g.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		g.Fatal(err)
	}
	var serving sync.WaitGroup
	g.Cleanup(func() { l.Close(); serving.Wait() })
	serving.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			serving.Go(func() {
				defer c.Close()
				_ = c.SetDeadline(time.Now().Add(patience))
				play(&peer{c, bufio.NewReader(c)})
			})
		}
	})
	port := l.Addr().(*net.TCPAddr).Port
	g.ports[fmt.Sprint(port)] = name
	return port
}

// backend has the domain served from a port.
func (g *rig) backend(scheme string, port int) {
	g.Helper()
	if err := g.cfg.Backends.Add(fmt.Sprintf("example.org=%s127.0.0.1:%d", scheme, port)); err != nil {
		g.Fatal(err)
	}
}

// check examines example.org.
func (g *rig) check() *Report {
	g.Helper()
	within := g.within
	if within == 0 {
		within = patience
	}
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	r, err := Check(ctx, g.cfg, "Example.org", g.route)
	if err != nil {
		g.Fatal(err)
	}
	return r
}

var (
	anyTime = regexp.MustCompile(`\d+\.\d ms`)
	anyWhen = regexp.MustCompile(`\d{4}-\d\d-\d\dT[\d:]+Z`)
	anyDate = regexp.MustCompile(`\d{4}-\d\d-\d\d`)
)

// text is a report as people get it, without what differs from run to run.
func (g *rig) text(r *Report) string {
	g.Helper()
	var b strings.Builder
	if err := r.Text(&b); err != nil {
		g.Fatal(err)
	}
	text := anyDate.ReplaceAllString(anyWhen.ReplaceAllString(anyTime.ReplaceAllString(b.String(), "N ms"), "TIME"), "DATE")
	for port, name := range g.ports {
		text = strings.ReplaceAll(text, port, name)
	}
	return text
}

// want compares a report with the one in testdata.
func (g *rig) want(v Verdict) {
	g.Helper()
	r := g.check()
	if r.Verdict != v {
		g.Errorf("the verdict is %v, want %v", r.Verdict, v)
	}
	got := g.text(r)
	_, name, _ := strings.Cut(g.Name(), "/")
	file := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil { //nolint:gosec // a document
			g.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		g.Fatal(err)
	}
	if got != string(want) {
		g.Errorf("%s has\n%s\nbut the report is\n%s", file, want, got)
	}
}

// peer is the server's end of a connection.
type peer struct {
	net.Conn
	r *bufio.Reader
}

// want reads up to a text; the connection's end is as good, since nobody waits for an answer then.
func (p *peer) want(suffix string) {
	var b []byte
	for !strings.HasSuffix(string(b), suffix) {
		c, err := p.r.ReadByte()
		if err != nil {
			return
		}
		b = append(b, c)
	}
}

func (p *peer) send(s string) { _, _ = io.WriteString(p, s) }

const (
	header    = `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='s1' from='example.org' version='1.0' xml:lang='en'>`
	startTLS  = `<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>`
	saslOffer = `<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1-PLUS</mechanism><mechanism>SCRAM-SHA-1</mechanism><mechanism>PLAIN</mechanism></mechanisms>`
	bindings  = `<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='tls-exporter'/></sasl-channel-binding>`
	compress  = `<compression xmlns='http://jabber.org/features/compress'><method>zlib</method></compression>`
	register  = `<register xmlns='http://jabber.org/features/iq-register'/>`
)

// open answers a header with one and features, and waits for the end.
func (p *peer) open(features string) {
	p.want("<stream:stream")
	p.want(">")
	p.send(header + "<stream:features>" + features + "</stream:features>")
}

// good plays a server to the end of the stream.
func good(features string) func(*peer) {
	return func(p *peer) {
		p.open(features)
		p.want("</stream:stream>")
		p.send("</stream:stream>")
	}
}

// secure goes on inside TLS.
func (p *peer) secure(cert tls.Certificate, play func(*peer)) {
	c := tls.Server(p.Conn, &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: []string{"xmpp-client"}, MinVersion: tls.VersionTLS12})
	if c.Handshake() == nil {
		play(&peer{c, bufio.NewReader(c)})
	}
}

// withStartTLS plays a server that begins TLS when it is asked to.
func withStartTLS(cert tls.Certificate, inside func(*peer)) func(*peer) {
	return func(p *peer) {
		p.open(startTLS + saslOffer)
		p.want(startTLS)
		p.send(`<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>`)
		p.secure(cert, inside)
	}
}

// authority signs certificates.
type authority struct {
	t    testing.TB
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t testing.TB) *authority {
	t.Helper()
	a := &authority{t: t, key: newKey(t)}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "the test's authority"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(1000 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	a.cert = a.sign(template, template, a.key)
	return a
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (a *authority) sign(template, parent *x509.Certificate, key *ecdsa.PrivateKey) *x509.Certificate {
	a.t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	return cert
}

// issue makes a certificate for names, for so many days from two days ago.
func (a *authority) issue(days int, names ...string) tls.Certificate {
	a.t.Helper()
	return a.aged(2, days-2, names...)
}

// aged makes one that has days behind it and left.
func (a *authority) aged(behind, left int, names ...string) tls.Certificate {
	a.t.Helper()
	const day = 24 * time.Hour
	key := newKey(a.t)
	leaf := a.sign(&x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: names[0]}, DNSNames: names,
		NotBefore: time.Now().Add(-time.Duration(behind) * day), NotAfter: time.Now().Add(time.Duration(left)*day + time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, a.cert, key)
	return tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: key, Leaf: leaf}
}

func (a *authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	return pool
}
