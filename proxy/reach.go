package proxy

import (
	"errors"
	"net/netip"
	"os"

	"go-xmpp-bosh/lookup"
	"go-xmpp-bosh/timer"
)

// Hosts has the addresses of names that the DNS is not asked for.
type Hosts = lookup.Hosts

// Reach says how servers are found, and which of them may be connected to. The zero value is usable.
type Reach struct {
	// DNS has the resolvers to ask, in their order; none is those of the system, as resolv.conf has them at the start.
	DNS []netip.AddrPort

	// Hosts stands for the system's hosts file; nil is that, as it is at the start.
	Hosts Hosts

	// ConnectTimeout bounds the search for a server, from the client's wish to a connection that is up, in milliseconds; 15 s by default.
	ConnectTimeout timer.Time

	// PrivateNetworks are the networks to which look-ups may lead although they are not public. When there are some, AllowPrivateBackends
	// is not looked at.
	PrivateNetworks []netip.Prefix
}

// AddDNS takes a resolver's address, with or without a port.
func (r *Reach) AddDNS(s string) error {
	a, err := lookup.ParseServer(s)
	if err == nil {
		r.DNS = append(r.DNS, a)
	}
	return err
}

var errNetwork = errors.New("want a network, as 10.0.0.0/8 or fd00::/8, or an address")

// AddPrivateNetwork takes a network, or an address.
func (r *Reach) AddPrivateNetwork(s string) error {
	p, err := netip.ParsePrefix(s)
	if err != nil {
		a, err := netip.ParseAddr(s)
		if err != nil || a.Zone() != "" {
			return errNetwork
		}
		p = netip.PrefixFrom(a, a.BitLen())
	}
	if p.Addr().Is4In6() {
		return errNetwork
	}
	r.PrivateNetworks = append(r.PrivateNetworks, p.Masked())
	return nil
}

// resolvers are those that are asked: without DNS, the system's.
func (r *Reach) resolvers() []netip.AddrPort {
	if len(r.DNS) > 0 {
		return r.DNS
	}
	b, _ := os.ReadFile(resolvConf) // a file that cannot be read is as one that is empty
	return lookup.ParseResolvConf(b)
}

func (r *Reach) setDefaults() {
	if r.ConnectTimeout <= 0 {
		r.ConnectTimeout = connectTimeout
	}
}
