package spec

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"testing"
	"time"
)

// tlsFeatures demand TLS.
const tlsFeatures = `<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>`

// startTLS plays a server that demands TLS. It returns the header that came in clear, and the stream inside TLS.
func (b *backend) startTLS() (header string, secure *backend) {
	b.t.Helper()
	header = b.header()
	b.send(streamHeader + tlsFeatures)
	b.want("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
	b.send("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
	c := tls.Server(b.Conn, &tls.Config{Certificates: []tls.Certificate{certificate(b.t)}}) //nolint:gosec // Go's own minimum
	if err := c.Handshake(); err != nil {
		b.t.Fatalf("TLS: %v", err)
	}
	return header, newBackend(b.t, c)
}

// certificate is one that nobody has signed.
func certificate(t testing.TB) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"example.org"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}
