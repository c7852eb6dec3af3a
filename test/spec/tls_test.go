package spec

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"sync"
	"time"

	"go-xmpp-bosh/proxy"
)

// tlsFeatures demand TLS.
const tlsFeatures = `<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>`

// offerTLS plays a server that demands TLS, up to its <proceed/> or its <failure/>. It returns the header that came in clear.
func (b *backend) offerTLS(answer string) (header string) {
	b.t.Helper()
	header = b.header()
	b.send(streamHeader + tlsFeatures)
	b.want("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
	b.send("<" + answer + " xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
	return header
}

// handshake is the server's side of it; it gives the stream inside TLS.
func (b *backend) handshake() (*backend, error) {
	b.t.Helper()
	c := tls.Server(b.Conn, &tls.Config{Certificates: []tls.Certificate{certificate()}}) //nolint:gosec // Go's own minimum
	return newBackend(b.t, c), c.Handshake()
}

// trusting has the server trust the certificate.
func trusting(cfg *proxy.Config) {
	cfg.RootCAs = x509.NewCertPool()
	cfg.RootCAs.AddCert(certificate().Leaf)
}

// certificate is example.org's, signed by itself.
var certificate = sync.OnceValue(func() tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"example.org"}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
})
