package proxy

import (
	"bytes"
	"errors"
	"net/netip"

	"go-xmpp-bosh/httpparse"
)

// Networks are addresses whose word is believed. The zero value has none.
type Networks []netip.Prefix

var errTrusted = errors.New("want an address or a network, as 10.0.0.0/8 or fd00::/8")

// Add takes a network, or one address.
func (n *Networks) Add(text string) error {
	p, err := netip.ParsePrefix(text)
	if err != nil {
		a, err := netip.ParseAddr(text)
		if err != nil || a.Zone() != "" {
			return errTrusted
		}
		p = netip.PrefixFrom(a, a.BitLen())
	}
	if p.Addr().Is4In6() {
		return errTrusted
	}
	*n = append(*n, p.Masked())
	return nil
}

// has reports whether an address is among them.
func (n Networks) has(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	for i := range n {
		if n[i].Contains(a) {
			return true
		}
	}
	return false
}

// The fields in which proxies tell for whom they speak. X-Forwarded-For goes before RFC 7239's Forwarded, because more
// proxies write it: one that a proxy passes on as it came would be its client's own words.
const (
	fieldFor       = "X-Forwarded-For"
	fieldProto     = "X-Forwarded-Proto"
	fieldForwarded = "Forwarded"
)

// hops follows a list of addresses, in which each proxy has appended the one that it was asked by.
type hops struct {
	trusted Networks
	client  netip.Addr // so far: the rightmost that is not trusted, or else the leftmost; invalid: none
	outside bool       // it is not trusted
}

// add takes the next address to the right; one that is invalid is the word of a proxy that knew none, and what stands left
// of it is not known to be more than a client's invention.
func (h *hops) add(a netip.Addr) {
	switch trusted := h.trusted.has(a); {
	case !a.IsValid():
		h.client, h.outside = netip.Addr{}, false
	case !trusted:
		h.client, h.outside = a, true
	case !h.client.IsValid():
		h.client = a
	}
}

// forwardedFor is the address for which a trusted proxy speaks: the rightmost one that is not trusted itself. It is invalid
// when the proxy names none.
func forwardedFor(r *httpparse.Request, trusted Networks) netip.Addr {
	h := hops{trusted: trusted}
	found := false
	for i := range r.Fields {
		if !isField(r.Fields[i].Name, fieldFor) {
			continue
		}
		found = true
		for rest := r.Fields[i].Value; rest != nil; {
			var one []byte
			one, rest = cutList(rest)
			h.add(parseNode(one))
		}
	}
	if found {
		return h.client
	}
	for i := range r.Fields {
		if isField(r.Fields[i].Name, fieldForwarded) {
			elements(r.Fields[i].Value, func(node, _ []byte) { h.add(parseNode(node)) })
		}
	}
	return h.client
}

// forwardedProto says what a trusted proxy tells about the connection of its client: told is whether it does, secure whether
// all that it names are encrypted.
func forwardedProto(r *httpparse.Request) (secure, told bool) {
	secure = true
	take := func(proto []byte) {
		if len(proto) > 0 {
			told = true
			secure = secure && (bytes.EqualFold(proto, []byte("https")) || bytes.EqualFold(proto, []byte("wss")))
		}
	}
	for i := range r.Fields {
		if !isField(r.Fields[i].Name, fieldProto) {
			continue
		}
		for rest := r.Fields[i].Value; rest != nil; {
			var one []byte
			one, rest = cutList(rest)
			take(one)
		}
	}
	if !told {
		for i := range r.Fields {
			if isField(r.Fields[i].Name, fieldForwarded) {
				elements(r.Fields[i].Value, func(_, proto []byte) { take(proto) })
			}
		}
	}
	return secure && told, told
}

func isField(name []byte, want string) bool {
	return len(name) == len(want) && bytes.EqualFold(name, []byte(want))
}

// cutList takes the first member of a list; rest is nil when it was the last.
func cutList(list []byte) (member, rest []byte) {
	member, rest, found := bytes.Cut(list, []byte{','})
	if !found {
		rest = nil
	} else if rest == nil {
		rest = []byte{}
	}
	return bytes.TrimSpace(member), rest
}

// parseNode reads an address as proxies write it: with or without a port, an IPv6 address in brackets or bare. Anything
// else ("unknown", "_hidden") is no address.
func parseNode(b []byte) netip.Addr {
	if len(b) == 0 || len(b) > 64 {
		return netip.Addr{}
	}
	text := string(b)
	a, err := netip.ParseAddr(text)
	if err != nil {
		if text[0] == '[' && text[len(text)-1] == ']' {
			a, err = netip.ParseAddr(text[1 : len(text)-1])
		} else {
			var p netip.AddrPort
			p, err = netip.ParseAddrPort(text)
			a = p.Addr()
		}
	}
	if err != nil || a.Zone() != "" {
		return netip.Addr{}
	}
	return a.Unmap()
}

// elements calls fn for each element of a Forwarded field (RFC 7239 §4), with its for and proto parameters, unquoted; nil
// where there is none. What does not follow the grammar makes one element without either of the rest.
func elements(list []byte, fn func(node, proto []byte)) {
	var node, proto []byte
	for {
		name, value, rest, ok := cutPair(list)
		if !ok {
			fn(nil, nil)
			return
		}
		switch {
		case isField(name, "for"):
			node = value
		case isField(name, "proto"):
			proto = value
		}
		if len(rest) == 0 || rest[0] == ',' {
			fn(node, proto)
			node, proto = nil, nil
		}
		if len(rest) == 0 {
			return
		}
		list = rest[1:]
	}
}

// cutPair takes name=value, or nothing, from the front of b; rest is empty, or begins with the comma or semicolon behind it.
func cutPair(b []byte) (name, value, rest []byte, ok bool) {
	b = bytes.TrimLeft(b, " \t")
	end := bytes.IndexAny(b, ",;=\"")
	if end < 0 || b[end] != '=' { // no pair: an empty member of a list is none either
		if end < 0 {
			end = len(b)
		}
		return nil, nil, b[end:], len(bytes.TrimSpace(b[:end])) == 0 && (end == len(b) || b[end] != '"')
	}
	name, b = b[:end], b[end+1:]
	if len(b) > 0 && b[0] == '"' {
		close := bytes.IndexByte(b[1:], '"') + 1 // no address has a quoted pair: one with a backslash is none
		if close == 0 {
			return nil, nil, nil, false
		}
		value, b = b[1:close], bytes.TrimLeft(b[close+1:], " \t")
		return name, value, b, len(b) == 0 || b[0] == ',' || b[0] == ';'
	}
	if end = bytes.IndexAny(b, ",;"); end < 0 {
		end = len(b)
	}
	return name, bytes.TrimSpace(b[:end]), b[end:], true
}
