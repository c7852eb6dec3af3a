package proxy

import (
	"errors"
	"regexp"
)

// Security is the part of a Config about whom the server believes and what it demands of them. The zero value of each
// field is usable.
type Security struct {
	// ListenTLS has addresses to accept HTTPS on, with the rules of Config.Listen. Certificates are what is shown there.
	ListenTLS    []string
	Certificates *Certificates

	// TrustedProxies are the addresses of proxies that are believed when they say for whom they speak: X-Forwarded-For,
	// X-Forwarded-Proto and Forwarded from anybody else are not looked at.
	TrustedProxies Networks

	// ProxyProtocol has every connection begin with a header of the PROXY protocol, and takes connections from TrustedProxies only.
	ProxyProtocol bool

	// BackendTLS is what is demanded of XMPP servers, but for those of NoTLSDomains, with which TLS is begun only where they
	// demand it themselves (node-xmpp-bosh's no_tls_domains); nil is none.
	BackendTLS   BackendTLS
	NoTLSDomains *Domains

	// Firewall has the domains that clients may reach. RouteFilter has to match a client's route, written as
	// xmppconn.Target's String does (xmpp:HOST:PORT or xmpps:HOST:PORT), if that is to be followed; nil matches all.
	Firewall    Firewall
	RouteFilter *regexp.Regexp
}

// check refuses what cannot work together.
func (c *Security) check() error {
	if len(c.ListenTLS) > 0 && c.Certificates == nil {
		return errors.New("HTTPS needs a certificate")
	}
	if c.ProxyProtocol && len(c.TrustedProxies) == 0 {
		return errors.New("the PROXY protocol is for trusted proxies, and there are none")
	}
	return nil
}
