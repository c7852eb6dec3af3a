package xmppconn

import (
	"errors"
	"slices"
	"strings"
)

// Table holds the --backend lines: where the servers of which domains are. The zero value is empty; once in use it is not
// changed any more.
type Table struct {
	exact    map[string][]Target
	wildcard map[string][]Target // by the domain behind "*."
	any      []Target
	hasProxy bool
}

// What may be wrong with a line; the line itself is the caller's to show.
var (
	errLineForm   = errors.New("want DOMAIN=HOST:PORT")
	errLineOption = errors.New("want nothing behind the port, or ,proxy for a PROXY protocol header")
	errLineDomain = errors.New("want a domain, *.DOMAIN or * before the equals sign")
	errLineTarget = errors.New("want HOST:PORT behind the equals sign, an IPv6 address in brackets, with xmpps: before it for direct TLS")
)

// Add takes one line, DOMAIN=HOST:PORT or DOMAIN=HOST:PORT,proxy. DOMAIN may be *.DOMAIN, which is every domain below it, or *, which is every domain
// that no other line names. xmpps: before HOST means direct TLS (XEP-0368). proxy behind PORT means a header of
// the PROXY protocol, version 2, before all else. Several lines for a domain are tried in the
// order they came.
func (t *Table) Add(line string) error {
	domain, place, ok := strings.Cut(line, "=")
	if !ok {
		return errLineForm
	}
	target := Target{Kind: KindBackend}
	place, option, isOption := strings.Cut(place, ",")
	if target.Proxy = option == "proxy"; isOption && !target.Proxy {
		return errLineOption
	}
	scheme, rest, _ := strings.Cut(place, ":")
	switch {
	case strings.EqualFold(scheme, "xmpps"):
		target.DirectTLS, place = true, rest
	case strings.EqualFold(scheme, "xmpp") && strings.Contains(rest, ":"): // else the host's name is xmpp
		place = rest
	}
	if target.Host, target.Port, ok = parseHostPort(place); !ok {
		return errLineTarget
	}
	t.hasProxy = t.hasProxy || target.Proxy
	if domain == "*" {
		t.any = addTarget(t.any, target)
		return nil
	}
	parent, isWild := strings.CutPrefix(domain, "*.")
	ascii, ok := ParseDomain(parent)
	if !ok {
		return errLineDomain
	}
	m := &t.exact
	if isWild {
		m = &t.wildcard
	}
	if *m == nil {
		*m = make(map[string][]Target)
	}
	(*m)[ascii] = addTarget((*m)[ascii], target)
	return nil
}

func addTarget(to []Target, t Target) []Target {
	for _, e := range expand(nil, t) {
		if !slices.Contains(to, e) {
			to = append(to, e)
		}
	}
	return to
}

// find gives the targets of a domain, as ParseDomain gives it: its own lines, else those of the nearest wildcard above it, else
// those of every domain. The slice is the table's: it may be cut, not written.
func (t *Table) find(ascii string) []Target {
	if t == nil {
		return nil
	}
	if own := t.exact[ascii]; len(own) > 0 {
		return own
	}
	for name := ascii; ; {
		_, parent, ok := strings.Cut(name, ".")
		if !ok {
			return t.any
		}
		if wild := t.wildcard[parent]; len(wild) > 0 {
			return wild
		}
		name = parent
	}
}

// HasProxy reports whether some line wants a PROXY protocol header.
func (t *Table) HasProxy() bool { return t != nil && t.hasProxy }
