package xmppconn

import (
	"strconv"
	"strings"
)

// ParseRoute reads a route attribute, PROTOCOL:HOST:PORT (XEP-0124 §7.1); it is no URI. The protocol is xmpp or xmpps, an IPv6
// address stands in brackets. Anything else is no route, and ignored: some clients send xmpp:DOMAIN.
func ParseRoute(s string) (Target, bool) {
	scheme, rest, ok := strings.Cut(s, ":")
	t := Target{Kind: KindRoute}
	switch {
	case !ok:
		return t, false
	case strings.EqualFold(scheme, "xmpps"):
		t.DirectTLS = true
	case !strings.EqualFold(scheme, "xmpp"):
		return t, false
	}
	t.Host, t.Port, ok = parseHostPort(rest)
	return t, ok
}

// parseHostPort reads HOST:PORT; the host as ParseDomain gives it.
func parseHostPort(s string) (host string, port uint16, ok bool) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return "", 0, false
	}
	host, ok = ParseDomain(s[:i])
	if !ok || strings.Trim(s[i+1:], "0123456789") != "" {
		return "", 0, false
	}
	n, err := strconv.ParseUint(s[i+1:], 10, 16)
	return host, uint16(n), err == nil && n > 0
}

// isRoutePort reports whether a client may name a port without further permission: that of direct TLS behind a firewall, and
// those that no system service has (decisions.md 39).
func isRoutePort(port uint16) bool { return port == 443 || port >= 1024 }
