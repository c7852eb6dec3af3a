package main

import (
	"errors"
	"fmt"
	"log/slog"

	"github.com/spf13/pflag"

	"go-xmpp-bosh/proxy"
)

// secureSettings are the flags about TLS, and about who is believed and let through.
type secureSettings struct {
	tlsPort  int
	tlsCerts []string
	tlsKeys  []string

	tlsPortGiven bool
}

func (s *secureSettings) define(f *pflag.FlagSet) {
	f.IntVar(&s.tlsPort, "tls-port", 0, "`port` to accept HTTPS on, beside --port; 0 takes a free one; not given: none")
	f.StringArrayVar(&s.tlsCerts, "tls-cert", nil, "PEM `file` of a certificate for it, its chain behind it; repeatable, chosen by the name that a client asks for, else the first")
	f.StringArrayVar(&s.tlsKeys, "tls-key", nil, "PEM `file` of the certificate's private key, in the order of --tls-cert; all are read again when they change and on SIGHUP")
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
	return nil
}

// config is what they come to; addresses gives where to listen at a port.
func (s *secureSettings) config(log *slog.Logger, addresses func(port int) []string) (c proxy.Security, err error) {
	if s.tlsPortGiven {
		c.ListenTLS = addresses(s.tlsPort)
		pairs := make([]proxy.KeyPair, len(s.tlsCerts))
		for i := range pairs {
			pairs[i] = proxy.KeyPair{CertFile: s.tlsCerts[i], KeyFile: s.tlsKeys[i]}
		}
		if c.Certificates, err = proxy.LoadCertificates(pairs, log); err != nil {
			return c, fmt.Errorf("--tls-cert: %w", err)
		}
	}
	return c, nil
}
