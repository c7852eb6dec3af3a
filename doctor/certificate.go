package doctor

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
)

// certificate describes the one that a server has shown, by the chain that came with it.
func certificate(chain []*x509.Certificate) *Certificate {
	if len(chain) == 0 {
		return nil
	}
	leaf := chain[0]
	c := &Certificate{Names: []string{}, Issuer: clean(leaf.Issuer.String()), From: leaf.NotBefore, Until: leaf.NotAfter}
	for _, n := range leaf.DNSNames[:min(len(leaf.DNSNames), listMax)] {
		c.Names = append(c.Names, clean(n))
	}
	for _, a := range leaf.IPAddresses[:min(len(leaf.IPAddresses), listMax)] {
		c.Names = append(c.Names, a.String())
	}
	return c
}

// ofState describes a handshake that has succeeded. With verify, any certificate would have done, so it is said what was wrong with it.
func ofState(cs *tls.ConnectionState, verify func([]*x509.Certificate) error) *TLS {
	t := &TLS{Version: tls.VersionName(cs.Version), Cipher: tls.CipherSuiteName(cs.CipherSuite), Certificate: certificate(cs.PeerCertificates)}
	if t.Certificate == nil {
		return t
	}
	if err := verify(cs.PeerCertificates); err != nil {
		t.Certificate.Why = clean(plainError(err.Error()))
	} else {
		t.Certificate.Valid = true
	}
	return t
}

// ofFailure describes one that has not.
func ofFailure(err error) *TLS {
	t := &TLS{Error: "the connection ended"}
	if err != nil {
		t.Error = clean(plainError(err.Error()))
	}
	var unverified *tls.CertificateVerificationError
	if errors.As(err, &unverified) {
		if t.Certificate = certificate(unverified.UnverifiedCertificates); t.Certificate != nil {
			t.Certificate.Why = clean(plainError(unverified.Err.Error()))
		}
	}
	return t
}

// verifier checks a chain as crypto/tls does for a client, for servers from which the operator takes any.
func verifier(domain string, roots *x509.CertPool, insecure bool) func([]*x509.Certificate) error {
	return func(chain []*x509.Certificate) error {
		if !insecure {
			return nil // crypto/tls has
		}
		o := x509.VerifyOptions{DNSName: domain, Roots: roots, Intermediates: x509.NewCertPool()}
		for _, c := range chain[1:] {
			o.Intermediates.AddCert(c)
		}
		_, err := chain[0].Verify(o)
		return err
	}
}
