package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/pflag"

	"go-xmpp-bosh/proxy"
	"go-xmpp-bosh/timer"
)

// reachSettings are the flags about how XMPP servers are found, and which of them may be connected to.
type reachSettings struct {
	allowPrivate   []string
	dns            []string
	connectTimeout int // seconds
}

// everyNetwork is what --allow-private-backends without a value stands for.
const everyNetwork = "all"

func (s *reachSettings) define(f *pflag.FlagSet) {
	f.StringArrayVar(&s.allowPrivate, "allow-private-backends", nil,
		"let route and look-ups lead to loopback, link-local and private addresses, or only to those of `NETWORK` (given with =, as 10.0.0.0/8); repeatable")
	f.Lookup("allow-private-backends").NoOptDefVal = everyNetwork
	f.StringArrayVar(&s.dns, "dns", nil, "DNS resolver to ask, as `ADDRESS[:PORT]`; repeatable; default: those of /etc/resolv.conf")
	f.IntVar(&s.connectTimeout, "connect-timeout", 15, "seconds that finding an XMPP server and connecting to it may take")
}

// check refuses what cannot work.
func (s *reachSettings) check() error {
	if s.connectTimeout < 1 || s.connectTimeout > 300 {
		return fmt.Errorf("--connect-timeout=%d: from 1 to 300", s.connectTimeout)
	}
	return s.apply(new(proxy.Config))
}

// apply puts them into the server's configuration.
func (s *reachSettings) apply(cfg *proxy.Config) error {
	cfg.ConnectTimeout = timer.Time(s.connectTimeout) * timer.Second
	cfg.AllowPrivateBackends = slices.Contains(s.allowPrivate, everyNetwork)
	for _, n := range s.allowPrivate {
		if cfg.AllowPrivateBackends && n != everyNetwork {
			return errors.New("--allow-private-backends without a network allows all of them: leave it, or the networks, out")
		}
		if n == everyNetwork {
			continue
		}
		if err := cfg.AddPrivateNetwork(n); err != nil {
			return fmt.Errorf("--allow-private-backends=%s: %w", n, err)
		}
	}
	for _, d := range s.dns {
		if err := cfg.AddDNS(d); err != nil {
			return fmt.Errorf("--dns=%s: %w", d, err)
		}
	}
	return nil
}
