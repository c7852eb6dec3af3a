package proxy

import (
	"fmt"
	"strings"

	"go-xmpp-bosh/xmppconn"
)

// Domains is a set of domains: single ones, all below one (*.example.org), or all (*). The zero value is empty.
type Domains struct {
	all      bool
	patterns map[string]bool // in the form that xmppconn.ParseDomain gives, *. before it for all below
}

// Add takes a pattern.
func (d *Domains) Add(pattern string) error {
	if pattern == "*" {
		d.all = true
		return nil
	}
	name, below := strings.CutPrefix(pattern, "*.")
	domain, ok := xmppconn.ParseDomain(name)
	if !ok {
		return fmt.Errorf("%q is no domain, *.DOMAIN or *", pattern)
	}
	if below {
		domain = "*." + domain
	}
	if d.patterns == nil {
		d.patterns = map[string]bool{}
	}
	d.patterns[domain] = true
	return nil
}

// Has reports whether a domain, in any spelling, is in the set.
func (d *Domains) Has(domain string) bool {
	if d == nil || !d.all && d.patterns == nil {
		return false
	}
	name, ok := xmppconn.ParseDomain(domain)
	if d.all || !ok {
		return d.all
	}
	return d.hasASCII(name)
}

// hasASCII is Has for a domain in the form that xmppconn.ParseDomain gives.
func (d *Domains) hasASCII(name string) bool {
	if d.all || d.patterns[name] {
		return true
	}
	for {
		_, parent, ok := strings.Cut(name, ".")
		if !ok {
			return false
		}
		if d.patterns["*."+parent] {
			return true
		}
		name = parent
	}
}
