package lookup

import (
	"net/netip"
	"strings"
)

// known is the answer to what nobody has to be asked for: addresses, special names, and those of the hosts file; nil for others.
func (r *Resolver) known(host string) *result {
	if a, err := netip.ParseAddr(host); err == nil {
		return &result{outcome: Found, addrs: []netip.Addr{a}}
	}
	if res := special(host); res != nil {
		return res
	}
	if addrs := r.cfg.Hosts[host]; len(addrs) > 0 {
		return &result{outcome: Found, addrs: Interleave(addrs, false)}
	}
	return nil
}

var (
	loopback = &result{outcome: Found, addrs: []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()}}
	nowhere  = &result{outcome: NoName}
)

// special has the names that are never asked for: localhost is this host (RFC 6761 §6.3), invalid is nothing (§6.4), and onion is not the DNS's
// (RFC 7686 §2).
func special(name string) *result {
	top := name[strings.LastIndexByte(name, '.')+1:]
	switch top {
	case "localhost":
		return loopback
	case "invalid", "onion", "":
		return nowhere
	}
	return nil
}
