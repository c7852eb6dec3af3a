package demo

import (
	"strconv"
	"strings"
)

// The namespaces.
const (
	nsXML     = "http://www.w3.org/XML/1998/namespace"
	nsStreams = "http://etherx.jabber.org/streams"
	nsClient  = "jabber:client"
	nsSASL    = "urn:ietf:params:xml:ns:xmpp-sasl"
	nsBind    = "urn:ietf:params:xml:ns:xmpp-bind"
	nsSession = "urn:ietf:params:xml:ns:xmpp-session"
	nsErrors  = "urn:ietf:params:xml:ns:xmpp-streams"
	nsStanzas = "urn:ietf:params:xml:ns:xmpp-stanzas"
	nsRoster  = "jabber:iq:roster"
	nsInfo    = "http://jabber.org/protocol/disco#info"
	nsItems   = "http://jabber.org/protocol/disco#items"
	nsVersion = "jabber:iq:version"
	nsVCard   = "vcard-temp"
	nsPing    = "urn:xmpp:ping"
	nsTime    = "urn:xmpp:time"
)

// element is an XML element with its namespaces resolved. It is never changed once it is made: with makes a copy.
type element struct {
	space, local string
	attrs        []attr
	nodes        []node
}

type attr struct{ space, local, value string }

// node is what an element holds: an element, or text where el is nil.
type node struct {
	el   *element
	text string
}

func (e *element) is(space, local string) bool { return e.space == space && e.local == local }

// attr is the value of an attribute without a namespace; "" where there is none.
func (e *element) attr(local string) string {
	for _, a := range e.attrs {
		if a.space == "" && a.local == local {
			return a.value
		}
	}
	return ""
}

// with is e with an attribute set, or without it for "".
func (e *element) with(local, value string) *element {
	c := *e
	c.attrs = make([]attr, 0, len(e.attrs)+1)
	for _, a := range e.attrs {
		if a.space != "" || a.local != local {
			c.attrs = append(c.attrs, a)
		}
	}
	if value != "" {
		c.attrs = append(c.attrs, attr{"", local, value})
	}
	return &c
}

// children are the elements directly inside e.
func (e *element) children() []*element {
	var list []*element
	for _, n := range e.nodes {
		if n.el != nil {
			list = append(list, n.el)
		}
	}
	return list
}

// child is the first element inside e of that name, or nil.
func (e *element) child(space, local string) *element {
	for _, n := range e.nodes {
		if n.el != nil && n.el.is(space, local) {
			return n.el
		}
	}
	return nil
}

// text is the text directly inside e; of no element it is "".
func (e *element) text() string {
	var b strings.Builder
	if e != nil {
		for _, n := range e.nodes {
			b.WriteString(n.text)
		}
	}
	return b.String()
}

// append writes e as it has to stand where outer is the default namespace and no prefix is bound.
func (e *element) append(b []byte, outer string) []byte {
	b = cat(b, "<", e.local)
	if e.space != outer {
		b = cat(b, " xmlns='", esc(e.space), "'")
	}
	for i, a := range e.attrs {
		prefix := ""
		switch a.space {
		case "":
		case nsXML:
			prefix = "xml:"
		default:
			prefix = "n" + strconv.Itoa(i)
			b = cat(b, " xmlns:", prefix, "='", esc(a.space), "'")
			prefix += ":"
		}
		b = cat(b, " ", prefix, a.local, "='", esc(a.value), "'")
	}
	if len(e.nodes) == 0 {
		return cat(b, "/>")
	}
	b = cat(b, ">")
	for _, n := range e.nodes {
		if n.el != nil {
			b = n.el.append(b, e.space)
		} else {
			b = cat(b, textEscaper.Replace(n.text))
		}
	}
	return cat(b, "</", e.local, ">")
}

// cat appends strings.
func cat(b []byte, parts ...string) []byte {
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}

// xml is e as a top-level element of a stream.
func (e *element) xml() string { return string(e.append(nil, nsClient)) }

var (
	// A literal carriage return would be read as a line feed, and in an attribute any line end as a space (XML 1.0 §2.11, §3.3.3).
	textEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#13;")
	attrEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "'", "&apos;", "\"", "&quot;",
		"\r", "&#13;", "\n", "&#10;", "\t", "&#9;")
)

// esc escapes for attribute values in either quote, and does for text.
func esc(s string) string { return attrEscaper.Replace(s) }
