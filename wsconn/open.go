package wsconn

import (
	"bytes"

	"go-xmpp-bosh/xmlstream"
)

// Open is a client's header: an <open/> (RFC 7395 §3.4) or, in the older framing, a <stream:stream>. Its attributes are decoded; one that
// is absent is nil, one that is empty is not. All of it is borrowed.
type Open struct {
	To, From, Lang, Version []byte

	Legacy bool // in the older framing

	el *xmlstream.Element
}

// Attrs calls fn for each attribute, namespace declarations left out, in the order written, until fn returns false. raw is as written
// between the quotes.
func (o *Open) Attrs(fn func(space, local, raw []byte) bool) { o.el.Attrs(fn) }

// Attr is any attribute, decoded; space "" means one without a prefix.
func (o *Open) Attr(space, local string) (value []byte, ok bool) {
	raw, ok := o.el.Attr(space, local)
	if !ok {
		return nil, false
	}
	return xmlstream.AppendUnescaped(nil, raw), true
}

// domainBytesMax bounds the domain that a header names (RFC 7622 §3.2).
const domainBytesMax = 1023

// isAddressed reports whether the header names anything that could be a domain (decisions.md 38); which names are is not known here.
func (o *Open) isAddressed() bool { return len(o.To) > 0 && len(o.To) <= domainBytesMax }

// readOpen takes a header's attributes over.
func (env *Env) readOpen(el *xmlstream.Element, legacy bool) *Open {
	env.values = env.values[:0]
	env.open = Open{Legacy: legacy, el: el}
	o := &env.open
	o.To = env.attr(el, "", "to")
	o.From = env.attr(el, "", "from")
	o.Version = env.attr(el, "", "version")
	o.Lang = env.attr(el, xmlstream.NSXML, "lang")
	return o
}

// attr gives an attribute's value; it aliases the element, or env.values.
func (env *Env) attr(el *xmlstream.Element, space, local string) []byte {
	raw, ok := el.Attr(space, local)
	switch {
	case !ok:
		return nil
	case len(raw) == 0:
		return emptyValue
	case !bytes.ContainsAny(raw, "&\t\n\r"):
		return raw
	}
	start := len(env.values)
	env.values = xmlstream.AppendUnescaped(env.values, raw)
	return env.values[start:len(env.values):len(env.values)]
}

var emptyValue = []byte{}
