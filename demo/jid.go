package demo

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// jid is an address (RFC 7622), local part and domain in lower case. The zero value is no address.
type jid struct{ local, domain, resource string }

const jidPartBytesMax = 1023 // RFC 7622 §3.1

// parseJID takes an address apart and says whether it is one.
func parseJID(s string) (jid, bool) {
	var j jid
	rest, resource, slash := strings.Cut(s, "/")
	local, domain, at := strings.Cut(rest, "@")
	if !at {
		local, domain = "", rest
	}
	j = jid{strings.ToLower(local), strings.ToLower(domain), resource}
	ok := isDomain(j.domain) && (!at || isLocal(j.local)) && (!slash || isResource(resource))
	return j, ok
}

// isLocal follows RFC 7622 §3.3, with character classes in place of PRECIS.
func isLocal(s string) bool {
	return isPart(s) && !strings.ContainsAny(s, "\"&'/:<>@ ") && !strings.ContainsFunc(s, unicode.IsSpace)
}

func isDomain(s string) bool {
	return isPart(s) && !strings.ContainsAny(s, "\"&'/<>@ ") && !strings.ContainsFunc(s, unicode.IsSpace)
}

func isResource(s string) bool { return isPart(s) }

// isPart is what the three parts have in common: not empty, bounded, printable.
func isPart(s string) bool {
	return s != "" && len(s) <= jidPartBytesMax && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

func (j jid) bare() string {
	if j.local == "" {
		return j.domain
	}
	return j.local + "@" + j.domain
}

func (j jid) String() string {
	if j.resource == "" {
		return j.bare()
	}
	return j.bare() + "/" + j.resource
}
