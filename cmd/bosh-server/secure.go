package main

import (
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"go-xmpp-bosh/proxy"
)

// secureSettings are the flags about TLS, and about who is believed and let through.
type secureSettings struct {
	tlsPort      int
	tlsCerts     []string
	tlsKeys      []string
	backendTLS   string
	backendCAs   []string
	noTLSDomains []string
	allow, deny  []string
	routeFilter  string
	trusted      []string
	proxied      bool

	tlsPortGiven bool
}

func (s *secureSettings) define(f *pflag.FlagSet) {
	f.IntVar(&s.tlsPort, "tls-port", 0, "`port` to accept HTTPS on, beside --port; 0 takes a free one; not given: none")
	f.StringArrayVar(&s.tlsCerts, "tls-cert", nil, "PEM `file` of a certificate for it, its chain behind it; repeatable, chosen by the name that a client asks for, else the first")
	f.StringArrayVar(&s.tlsKeys, "tls-key", nil, "PEM `file` of the certificate's private key, in the order of --tls-cert; all are read again when they change and on SIGHUP")
	f.StringVar(&s.backendTLS, "backend-tls", proxy.BackendTLSAuto.String(), "STARTTLS with XMPP servers: require, offer (when they offer it), off (only when they demand it); auto: require outside loopback and private addresses")
	f.StringArrayVar(&s.backendCAs, "backend-ca", nil, "PEM `file` of authorities to trust for XMPP servers, beside the system's; repeatable")
	f.StringArrayVar(&s.noTLSDomains, "no-tls-domains", nil, "`domains` with whose servers STARTTLS is off, with commas between them; *.example.org is any below it; repeatable")
	f.StringArrayVar(&s.trusted, "trusted-proxies", nil, "`networks` of the proxies whose X-Forwarded-For, X-Forwarded-Proto and Forwarded are believed, with commas between them; repeatable")
	f.BoolVar(&s.proxied, "proxy-protocol", false, "take connections from --trusted-proxies only, each with a PROXY protocol header (version 1 or 2) before all else, TLS included")
	f.StringArrayVar(&s.allow, "firewall-allow", nil, "the only domains that clients may reach: a `RULE` is DOMAIN, *.DOMAIN or /REGEX/; repeatable")
	f.StringArrayVar(&s.deny, "firewall-deny", nil, "domains that clients may not reach, a `RULE` like those; repeatable")
	f.StringVar(&s.routeFilter, "route-filter", "", "`regex` that a client's route has to match, for example ^xmpps?:[^:]*[.]example[.]org:")
}

// check refuses what cannot work.
func (s *secureSettings) check(f *pflag.FlagSet) error {
	s.tlsPortGiven = f.Changed("tls-port")
	switch {
	case s.tlsPort < 0 || s.tlsPort > 65535:
		return fmt.Errorf("--tls-port=%d: a port is 0 (a free one) to 65535", s.tlsPort)
	case len(s.tlsCerts) != len(s.tlsKeys):
		return fmt.Errorf("%d --tls-cert and %d --tls-key: each certificate needs its key, in the same order", len(s.tlsCerts), len(s.tlsKeys))
	case s.tlsPortGiven && len(s.tlsCerts) == 0:
		return errors.New("--tls-port needs a certificate: give --tls-cert and --tls-key too")
	case !s.tlsPortGiven && len(s.tlsCerts) > 0:
		return errors.New("--tls-cert without a port: give --tls-port too, for example --tls-port=5281")
	}
	if s.proxied && len(s.trusted) == 0 {
		return errors.New("--proxy-protocol takes headers from trusted proxies only: give --trusted-proxies too, for example --trusted-proxies=127.0.0.1")
	}
	if _, ok := proxy.ParseBackendTLS(s.backendTLS); !ok {
		return fmt.Errorf("--backend-tls=%s: one of auto, require, offer, off", s.backendTLS)
	}
	return nil
}

// apply makes a configuration of them; addresses gives where to listen at a port.
func (s *secureSettings) apply(c *proxy.Config, addresses func(port int) []string) (err error) {
	if s.tlsPortGiven {
		c.ListenTLS = addresses(s.tlsPort)
		pairs := make([]proxy.KeyPair, len(s.tlsCerts))
		for i := range pairs {
			pairs[i] = proxy.KeyPair{CertFile: s.tlsCerts[i], KeyFile: s.tlsKeys[i]}
		}
		if c.Certificates, err = proxy.LoadCertificates(pairs, c.Logger); err != nil {
			return fmt.Errorf("--tls-cert: %w", err)
		}
	}
	c.BackendTLS, _ = proxy.ParseBackendTLS(s.backendTLS)
	c.NoTLSDomains = new(proxy.Domains)
	if err = each("no-tls-domains", s.noTLSDomains, c.NoTLSDomains.Add); err != nil {
		return err
	}
	if err = each("trusted-proxies", s.trusted, c.TrustedProxies.Add); err != nil {
		return err
	}
	c.ProxyProtocol = s.proxied
	if c.RootCAs, err = authorities(s.backendCAs); err != nil {
		return err
	}
	return s.applyPolicy(c)
}

// applyPolicy is the part about what clients may ask for.
func (s *secureSettings) applyPolicy(c *proxy.Config) (err error) {
	for _, r := range s.allow {
		if err = c.Firewall.Allow.Add(r); err != nil {
			return fmt.Errorf("--firewall-allow=%s: %w", r, err)
		}
	}
	for _, r := range s.deny {
		if err = c.Firewall.Deny.Add(r); err != nil {
			return fmt.Errorf("--firewall-deny=%s: %w", r, err)
		}
	}
	if s.routeFilter != "" {
		if c.RouteFilter, err = proxy.ParseRouteFilter(s.routeFilter); err != nil {
			return fmt.Errorf("--route-filter=%s: %w", s.routeFilter, err)
		}
	}
	return nil
}

// each gives every member of a flag's comma lists to add.
func each(flag string, lists []string, add func(string) error) error {
	for _, list := range lists {
		for member := range strings.SplitSeq(list, ",") {
			if err := add(strings.TrimSpace(member)); err != nil {
				return fmt.Errorf("--%s=%s: %w", flag, list, err)
			}
		}
	}
	return nil
}

// authorities are the system's and those of files; nil, which is the system's, without files.
func authorities(files []string) (*x509.CertPool, error) {
	if len(files) == 0 {
		return nil, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // a machine without any
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("--backend-ca: %w", err)
		}
		if !pool.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("--backend-ca=%s: there is no certificate in it; want PEM", name)
		}
	}
	return pool, nil
}
