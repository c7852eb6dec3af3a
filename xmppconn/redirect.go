package xmppconn

import (
	"strings"

	"go-xmpp-bosh/xmlstream"
)

// SeeOtherHost reads where a stream error sends its client (RFC 6120 §4.9.3.19): HOST or HOST:PORT, an IPv6 address in
// brackets. The target is for the same domain, whose certificate counts, and may be anywhere: the rules for addresses that
// were looked up hold for it. ok is false for any other stream error.
func SeeOtherHost(el *xmlstream.Element) (t Target, ok bool) {
	if el == nil || !el.Is(xmlstream.NSStreams, "error") {
		return Target{}, false
	}
	el.Children(func(c *xmlstream.Element) bool {
		if !c.Is(xmlstream.NSStreamErrors, "see-other-host") {
			return true
		}
		text := strings.TrimSpace(string(c.AppendText(nil)))
		t = Target{Kind: KindDomain, Port: defaultPort}
		if t.Host, ok = ParseDomain(text); !ok {
			t.Host, t.Port, ok = parseHostPort(text)
		}
		return false
	})
	if !ok {
		return Target{}, false
	}
	return t, true
}
