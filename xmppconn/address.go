package xmppconn

import "net/netip"

// Class is what kind of network an address belongs to.
type Class uint8

const (
	ClassPublic      Class = iota // global unicast
	ClassLoopback                 // 127/8, ::1
	ClassPrivate                  // RFC 1918, and what IPv6 had and has like it (site-local, RFC 8215)
	ClassUniqueLocal              // fc00::/7, RFC 4193
	ClassLinkLocal                // 169.254/16, fe80::/10
	ClassShared                   // 100.64/10, RFC 6598
	ClassUnspecified              // 0/8, ::; a connection to it reaches this host
	ClassMulticast                // 224/4, ff00::/8
	ClassReserved                 // documentation, benchmarks, broadcast, everything that is not assigned
)

var classNames = [...]string{
	ClassPublic: "public", ClassLoopback: "loopback", ClassPrivate: "private", ClassUniqueLocal: "unique-local",
	ClassLinkLocal: "link-local", ClassShared: "shared", ClassUnspecified: "unspecified", ClassMulticast: "multicast",
	ClassReserved: "reserved",
}

func (c Class) String() string {
	if int(c) < len(classNames) {
		return classNames[c]
	}
	return "invalid"
}

// span is an address range and its class.
type span struct {
	in    netip.Prefix
	class Class
}

// spans4 and spans6 hold the special-purpose registries (RFC 6890), the first match wins. What spans4 does not have is public;
// of IPv6 only 2000::/3 is.
var (
	spans4 = []span{
		{netip.MustParsePrefix("0.0.0.0/8"), ClassUnspecified},
		{netip.MustParsePrefix("10.0.0.0/8"), ClassPrivate},
		{netip.MustParsePrefix("100.64.0.0/10"), ClassShared},
		{netip.MustParsePrefix("127.0.0.0/8"), ClassLoopback},
		{netip.MustParsePrefix("169.254.0.0/16"), ClassLinkLocal},
		{netip.MustParsePrefix("172.16.0.0/12"), ClassPrivate},
		{netip.MustParsePrefix("192.0.0.0/24"), ClassReserved},
		{netip.MustParsePrefix("192.0.2.0/24"), ClassReserved},
		{netip.MustParsePrefix("192.88.99.0/24"), ClassReserved},
		{netip.MustParsePrefix("192.168.0.0/16"), ClassPrivate},
		{netip.MustParsePrefix("198.18.0.0/15"), ClassReserved},
		{netip.MustParsePrefix("198.51.100.0/24"), ClassReserved},
		{netip.MustParsePrefix("203.0.113.0/24"), ClassReserved},
		{netip.MustParsePrefix("224.0.0.0/4"), ClassMulticast},
		{netip.MustParsePrefix("240.0.0.0/4"), ClassReserved},
	}
	spans6 = []span{
		{netip.MustParsePrefix("::/128"), ClassUnspecified},
		{netip.MustParsePrefix("::1/128"), ClassLoopback},
		{netip.MustParsePrefix("64:ff9b:1::/48"), ClassPrivate}, // RFC 8215: a NAT64 of one's own
		{netip.MustParsePrefix("fc00::/7"), ClassUniqueLocal},
		{netip.MustParsePrefix("fe80::/10"), ClassLinkLocal},
		{netip.MustParsePrefix("fec0::/10"), ClassPrivate},
		{netip.MustParsePrefix("ff00::/8"), ClassMulticast},
		{netip.MustParsePrefix("2001:db8::/32"), ClassReserved},
		{netip.MustParsePrefix("3fff::/20"), ClassReserved},
		{netip.MustParsePrefix("2000::/3"), ClassPublic},
	}
)

// embedding is an IPv6 range whose addresses lead to an IPv4 address that they hold.
type embedding struct {
	in     netip.Prefix
	at     int  // offset of the IPv4 address
	mask   byte // its bytes are XORed with it
	public bool // the range is reachable from the public network when the IPv4 address is public
}

var embeddings = []embedding{
	{netip.MustParsePrefix("::ffff:0:0:0/96"), 12, 0, true}, // RFC 2765: IPv4-translated
	{netip.MustParsePrefix("::/96"), 12, 0, false},          // RFC 4291 §2.5.5.1: IPv4-compatible, deprecated
	{netip.MustParsePrefix("64:ff9b::/96"), 12, 0, true},    // RFC 6052: NAT64
	{netip.MustParsePrefix("2002::/16"), 2, 0, true},        // RFC 3056: 6to4
	{netip.MustParsePrefix("2001::/32"), 12, 0xFF, true},    // RFC 4380: Teredo, the client's address
}

// Classify says what kind of network an address leads to. An IPv6 address that holds an IPv4 address is of that one's class
// (decisions.md 40). A zone is of no account.
func Classify(a netip.Addr) Class {
	a = a.WithZone("").Unmap()
	switch {
	case a.Is4():
		return classify4(a)
	case !a.Is6():
		return ClassReserved
	case a.IsUnspecified():
		return ClassUnspecified
	case a.IsLoopback():
		return ClassLoopback
	}
	for i := range embeddings {
		if e := &embeddings[i]; e.in.Contains(a) {
			c := classify4(e.inner(a))
			if c == ClassPublic && !e.public {
				return ClassReserved
			}
			return c
		}
	}
	for i := range spans6 {
		if spans6[i].in.Contains(a) {
			return spans6[i].class
		}
	}
	return ClassReserved
}

func classify4(a netip.Addr) Class {
	for i := range spans4 {
		if spans4[i].in.Contains(a) {
			return spans4[i].class
		}
	}
	return ClassPublic
}

func (e *embedding) inner(a netip.Addr) netip.Addr {
	b := a.As16()
	var v [4]byte
	for i := range v {
		v[i] = b[e.at+i] ^ e.mask
	}
	return netip.AddrFrom4(v)
}

// IsPublic reports whether an address may be connected to without permission.
func IsPublic(a netip.Addr) bool { return Classify(a) == ClassPublic }

// IsPermitted reports whether a target of that kind may lead to an address. Operators' own lines may lead anywhere;
// allowPrivate is --allow-private-backends (decisions.md 29, 40).
func IsPermitted(k Kind, a netip.Addr, allowPrivate bool) bool {
	switch c := Classify(a); {
	case k == KindBackend, c == ClassPublic:
		return true
	case c == ClassMulticast:
		return false
	}
	return allowPrivate
}

// IsTLSExempt reports whether an address may by default be spoken to in clear: loopback and private ones (decisions.md 42). An
// address that only holds a private one leads through somebody's gateway, and is not.
func IsTLSExempt(a netip.Addr) bool {
	a = a.WithZone("").Unmap()
	return a.IsLoopback() || a.IsPrivate()
}
