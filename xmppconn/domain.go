package xmppconn

import (
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of a domain name in its ASCII form (RFC 1035 §2.3.4), and of a JID's domainpart (RFC 7622 §3.2).
const (
	nameBytesMax       = 253
	labelBytesMax      = 63
	domainpartBytesMax = 1023
)

// ParseDomain gives the form of a domain to look up and to compare: ASCII, in lower case, without a trailing dot; an address
// literal without brackets, in its canonical form. It is also the name that a certificate is checked against. ok is false
// for what is neither a domain name nor an address literal (decisions.md 38). Labels of other scripts are taken as UTF-8 (U-labels, RFC 5890), in normalisation form C as they have to
// be in a JID; they are lowered, and not mapped otherwise.
func ParseDomain(s string) (ascii string, ok bool) {
	if isPlainName(s) {
		return s, true
	}
	if len(s) == 0 || len(s) > domainpartBytesMax || !utf8.ValidString(s) {
		return "", false
	}
	if s[0] == '[' { // RFC 7622 §3.2: an IPv6 address stands in brackets
		if s[len(s)-1] != ']' {
			return "", false
		}
		a, err := netip.ParseAddr(s[1 : len(s)-1])
		if err != nil || !a.Is6() || a.Zone() != "" {
			return "", false
		}
		return a.String(), true
	}
	if a, err := netip.ParseAddr(s); err == nil && a.Is4() {
		return a.String(), true
	}
	return parseName(strings.TrimSuffix(s, "."))
}

// isPlainName reports whether s is a domain name in the form that ParseDomain gives, as nearly all are. It may be without being recognised.
func isPlainName(s string) bool {
	if len(s) == 0 || len(s) > nameBytesMax {
		return false
	}
	start := 0 // of the label at hand
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_':
		case c == '-' && i > start && i+1 < len(s) && s[i+1] != '.':
		case c == '.' && i > start && i-start <= labelBytesMax:
			start = i + 1
		default:
			return false
		}
	}
	last := s[start:]
	return len(last) > 0 && len(last) <= labelBytesMax && last[0] >= 'a'
}

func parseName(s string) (string, bool) {
	var name []byte
	last := ""
	for label := range strings.SplitSeq(s, ".") {
		a, ok := asciiLabel(label)
		if !ok || len(name)+len(a) > nameBytesMax {
			return "", false
		}
		if len(name) > 0 {
			name = append(name, '.')
		}
		name = append(name, a...)
		last = a
	}
	if len(name) > nameBytesMax || isNumeric(last) {
		return "", false
	}
	return string(name), true
}

// asciiLabel gives a label as it stands in the DNS. Underscores are taken: service names of container networks have them.
func asciiLabel(label string) (string, bool) {
	if label == "" {
		return "", false
	}
	label = strings.Map(unicode.ToLower, label)
	plain := true
	for _, r := range label {
		switch {
		case r >= utf8.RuneSelf:
			plain = false
			if !unicode.In(r, unicode.Letter, unicode.Mark, unicode.Nd) && !isContextual(r) {
				return "", false
			}
		case !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_'):
			return "", false
		}
	}
	if label[0] == '-' || label[len(label)-1] == '-' {
		return "", false
	}
	if !plain {
		label = "xn--" + punycode(label)
	}
	return label, len(label) <= labelBytesMax
}

// isContextual is true for the characters that IDNA 2008 takes in some contexts though they are neither letter, mark nor digit
// (RFC 5892 appendix A).
func isContextual(r rune) bool {
	switch r {
	case 0xB7, 0x375, 0x5F3, 0x5F4, 0x30FB, 0x200C, 0x200D:
		return true
	}
	return false
}

// isNumeric is true for a last label that makes a name look like an address ("1.2.3", "0x7f.1"): no top-level domain does, and
// some resolvers take such names for addresses.
func isNumeric(label string) bool {
	if strings.HasPrefix(label, "0x") {
		label = label[2:]
		return strings.Trim(label, "0123456789abcdef") == ""
	}
	return strings.Trim(label, "0123456789") == ""
}

// isUnder reports whether a name is zone or lies in it.
func isUnder(ascii, zone string) bool {
	rest, ok := strings.CutSuffix(ascii, zone)
	return ok && (rest == "" || rest[len(rest)-1] == '.')
}
