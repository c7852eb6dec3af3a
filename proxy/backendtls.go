package proxy

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/netip"

	"go-xmpp-bosh/loop"
	"go-xmpp-bosh/xmppconn"
)

// BackendTLS says what is demanded of connections to XMPP servers that begin in clear. Where TLS begins with the connection
// (xmpps) it is never left out.
type BackendTLS uint8

const (
	// BackendTLSAuto is BackendTLSRequire outside loopback and private networks, where a stripped STARTTLS offer would give
	// passwords away, and BackendTLSOffer inside (decisions.md 42).
	BackendTLSAuto BackendTLS = iota
	// BackendTLSRequire leaves a server that offers no STARTTLS.
	BackendTLSRequire
	// BackendTLSOffer takes what is offered.
	BackendTLSOffer
	// BackendTLSOff takes STARTTLS only from a server that has no stream without it.
	BackendTLSOff
)

var backendTLSNames = [...]string{BackendTLSAuto: "auto", BackendTLSRequire: "require", BackendTLSOffer: "offer", BackendTLSOff: "off"}

func (m BackendTLS) String() string {
	if int(m) < len(backendTLSNames) {
		return backendTLSNames[m]
	}
	return "invalid"
}

// ParseBackendTLS reads a mode's name.
func ParseBackendTLS(name string) (BackendTLS, bool) {
	for i, n := range backendTLSNames {
		if n == name {
			return BackendTLS(i), true
		}
	}
	return BackendTLSAuto, false
}

// policy is what the configuration says about TLS for a domain, at an address.
func (c *Security) policy(domain string, a netip.Addr) xmppconn.Policy {
	if c.NoTLSDomains.Has(domain) {
		return xmppconn.TLSOff
	}
	switch c.BackendTLS {
	case BackendTLSRequire:
		return xmppconn.TLSRequire
	case BackendTLSOffer:
		return xmppconn.TLSOffer
	case BackendTLSOff:
		return xmppconn.TLSOff
	case BackendTLSAuto:
	}
	if xmppconn.IsTLSExempt(a) {
		return xmppconn.TLSOffer
	}
	return xmppconn.TLSRequire
}

// ticketsMax is how many servers' TLS sessions are kept to be resumed.
const ticketsMax = 256

// startTLS secures the connection. The certificate must be valid for the XMPP domain, whatever host serves it
// (RFC 6120 §13.7.2), in its ASCII form (§13.7.1.2: IDNA).
func (b *backend) startTLS() {
	domain, _ := xmppconn.ParseDomain(b.xmpp.Domain())
	cfg := &tls.Config{
		ServerName:         domain,
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: b.srv.cfg.BackendInsecure.Has(b.xmpp.Domain()), //nolint:gosec // the operator asked for it
		RootCAs:            b.srv.cfg.RootCAs,
		ClientSessionCache: b.srv.tickets,
	}
	if b.directTLS {
		cfg.NextProtos = []string{"xmpp-client"} // XEP-0368 §3
	}
	b.tell(Step{Kind: StepShake})
	b.shaking = true
	b.srv.stats.shaking++
	b.conn.StartTLS(cfg, false)
}

// closeReason is why a connection ended, in the stream's terms; what went wrong with TLS gets its line here.
func (b *backend) closeReason(err error) xmppconn.Reason {
	var failed *loop.TLSError
	switch {
	case err == nil:
		return xmppconn.ReasonClosed
	case errors.As(err, &failed), b.shaking:
		b.srv.complain.warn(b.srv.log, b.srv.now(), tlsAdvice(err), b.about("domain", b.xmpp.Domain(), "reason", err)...)
		return xmppconn.ReasonConnectionFailed
	}
	return xmppconn.ReasonConnectionLost
}

// tlsAdvice is what an operator can do about TLS with an XMPP server that failed.
func tlsAdvice(err error) string {
	var (
		unknown x509.UnknownAuthorityError
		name    x509.HostnameError
		invalid x509.CertificateInvalidError
		any     *tls.CertificateVerificationError
		remote  *net.OpError
	)
	switch {
	case errors.As(err, &unknown):
		return "an XMPP server's certificate is signed by nobody who is trusted: give its CA with --backend-ca, or --backend-insecure=DOMAIN"
	case errors.As(err, &name):
		return "an XMPP server's certificate is for other names than its domain: mend it, or give --backend-insecure=DOMAIN"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "an XMPP server's certificate has expired, or is not valid yet: renew it, and look at the clock"
	case errors.As(err, &any):
		return "an XMPP server's certificate is not valid: mend it, or give --backend-insecure=DOMAIN"
	case errors.Is(err, loop.ErrTimeout):
		return "an XMPP server did not finish its TLS handshake in time"
	case errors.As(err, &remote) && remote.Op == "remote error": // an alert
		return "an XMPP server refused the TLS handshake: does it know the domain, and TLS 1.2 or later?"
	}
	return "TLS with an XMPP server failed: does it speak TLS 1.2 or later there?"
}
