package loop

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"testing"
	"time"
)

// identity is a self-signed certificate for "test", and those who trust it.
type identity struct {
	cert tls.Certificate
	pool *x509.CertPool
}

func newIdentity(t testing.TB, names ...string) identity {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, DNSNames: append(names, "test"),
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return identity{tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, pool}
}

func (id identity) server(version uint16) *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{id.cert}, MinVersion: version, MaxVersion: version}
}

func (id identity) client(version uint16) *tls.Config {
	return &tls.Config{RootCAs: id.pool, ServerName: "test", MinVersion: version, MaxVersion: version}
}

var versions = map[string]uint16{"TLS 1.2": tls.VersionTLS12, "TLS 1.3": tls.VersionTLS13}

// roles runs a test with the loop as client and as server, in both versions: f gets what starts TLS on the loop's side, and crypto/tls on the other.
func roles(t *testing.T, f func(t *testing.T, start func(c *Conn), peer func(c net.Conn) *tls.Conn)) {
	id := newIdentity(t)
	for name, v := range versions {
		t.Run(name+" client", func(t *testing.T) {
			f(t, func(c *Conn) { c.StartTLS(id.client(v), false) }, func(c net.Conn) *tls.Conn { return tls.Server(c, id.server(v)) })
		})
		t.Run(name+" server", func(t *testing.T) {
			f(t, func(c *Conn) { c.StartTLS(id.server(v), true) }, func(c net.Conn) *tls.Conn { return tls.Client(c, id.client(v)) })
		})
	}
}

// chopped is a connection that writes n bytes at a time.
type chopped struct {
	net.Conn
	n int
}

func (c chopped) Write(b []byte) (written int, err error) {
	for len(b) > 0 && err == nil {
		var m int
		m, err = c.Conn.Write(b[:min(c.n, len(b))])
		written += m
		b = b[m:]
	}
	return written, err
}

// prefixed is a connection some of whose input has been read already.
type prefixed struct {
	net.Conn
	first []byte
}

func (p *prefixed) Read(b []byte) (int, error) {
	if len(p.first) > 0 {
		n := copy(b, p.first)
		p.first = p.first[n:]
		return n, nil
	}
	return p.Conn.Read(b)
}
