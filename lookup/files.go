package lookup

import (
	"bytes"
	"errors"
	"net/netip"
	"strings"

	"github.com/miekg/dns"
)

// dnsPort is where resolvers listen.
const dnsPort = 53

// ParseResolvConf gives the resolvers that a resolv.conf names. Without any, that is the one on this machine (resolv.conf(5)).
func ParseResolvConf(b []byte) []netip.AddrPort {
	var servers []netip.AddrPort
	if c, err := dns.ClientConfigFromReader(bytes.NewReader(b)); err == nil {
		for _, s := range c.Servers {
			if a, err := netip.ParseAddr(s); err == nil {
				servers = append(servers, netip.AddrPortFrom(a, dnsPort))
			}
		}
	}
	if len(servers) == 0 {
		servers = append(servers, netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), dnsPort))
	}
	return servers
}

// errServer says what ParseServer takes.
var errServer = errors.New("want an address, ADDRESS:PORT, or [IPV6]:PORT")

// ParseServer reads a resolver's address, with or without a port.
func ParseServer(s string) (netip.AddrPort, error) {
	if a, err := netip.ParseAddr(strings.Trim(s, "[]")); err == nil {
		return netip.AddrPortFrom(a, dnsPort), nil
	}
	ap, err := netip.ParseAddrPort(s)
	if err != nil || ap.Port() == 0 {
		return netip.AddrPort{}, errServer
	}
	return ap, nil
}

// Hosts has the addresses of names that nobody is asked for. The names are in lower case. It is not changed once in use.
type Hosts map[string][]netip.Addr

// hostsMax bounds the names that are taken from a hosts file.
const hostsMax = 100_000

// ParseHosts reads a hosts file (hosts(5)): an address and its names in each line. What makes no sense is passed over.
func ParseHosts(b []byte) Hosts {
	h := Hosts{}
	for line := range strings.SplitSeq(string(b), "\n") {
		line, _, _ = strings.Cut(line, "#")
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		a, err := netip.ParseAddr(fields[0])
		if err != nil {
			continue
		}
		for _, name := range fields[1:] {
			name = plainName(name)
			if len(h) < hostsMax && len(h[name]) < recordsMax {
				h[name] = append(h[name], a.Unmap())
			}
		}
	}
	return h
}

func (h Hosts) has(name string) bool { return len(h[name]) > 0 }
