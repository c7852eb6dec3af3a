package boshserver

import (
	"errors"

	"go-xmpp-bosh/proxy"
	"go-xmpp-bosh/xmlstream"
)

// What is wrong with an element that was refused.
var (
	ErrElement     = proxy.ErrElement
	ErrTooBig      = proxy.ErrTooBig
	ErrNoStanza    = proxy.ErrNoStanza
	ErrReplacement = proxy.ErrReplacement
	ErrNotPassing  = errors.New("the stanza does not pass: only FromClient and FromServer can replace or drop it, until they return")
)

// Stanza is one complete element: a message, presence or iq, or what belongs to a negotiation. It is borrowed: after the handler that it was given to has returned it is empty. Clone
// gives one to keep.
type Stanza struct {
	el     *xmlstream.Element // nil: the handler has returned
	domain string

	passing *proxy.SessionRef  // in a filter: whose
	next    *xmlstream.Element // what goes on; nil: nothing
}

// release is the end of the borrowing.
func (st *Stanza) release() { st.el, st.passing = nil, nil }

// Name is the element's name without its prefix: "message".
func (st *Stanza) Name() string {
	if st.el == nil {
		return ""
	}
	return string(st.el.Local())
}

// Namespace is the element's namespace: "jabber:client" for stanzas.
func (st *Stanza) Namespace() string {
	if st.el == nil {
		return ""
	}
	return string(st.el.Space())
}

// IsStanza reports whether it is a message, presence or iq.
func (st *Stanza) IsStanza() bool {
	return st.el != nil && proxy.IsStanza(st.el)
}

// Domain is the domain of the stream that it passes on, in FromClient and FromServer.
func (st *Stanza) Domain() string { return st.domain }

// Attr is the value of an attribute without a prefix, decoded; "" where there is none.
func (st *Stanza) Attr(name string) string {
	if st.el == nil {
		return ""
	}
	raw, _ := st.el.Attr("", name)
	return string(xmlstream.AppendUnescaped(nil, raw))
}

// Text is the text that is directly in the element, decoded.
func (st *Stanza) Text() string {
	if st.el == nil {
		return ""
	}
	return string(st.el.AppendText(nil))
}

// Child is the first child element of that name, whatever its namespace, as a Stanza of its own, which is borrowed no longer; nil: there is none.
func (st *Stanza) Child(name string) *Stanza {
	if st.el == nil {
		return nil
	}
	var found *Stanza
	st.el.Children(nil, func(c *xmlstream.Element) bool {
		if string(c.Local()) == name {
			own := c.Clone()
			found = &Stanza{el: &own, domain: st.domain}
		}
		return found == nil
	})
	return found
}

// Bytes is the element as a document of its own, its namespace in it. It is borrowed, and must not be changed.
func (st *Stanza) Bytes() []byte {
	if st.el == nil {
		return nil
	}
	return st.el.AppendTo(nil, "")
}

// String is the same as a string.
func (st *Stanza) String() string { return string(st.Bytes()) }

// Clone gives a copy that may be kept. It does not pass: it can be neither dropped nor replaced.
func (st *Stanza) Clone() *Stanza {
	if st.el == nil {
		return &Stanza{domain: st.domain}
	}
	own := st.el.Clone()
	return &Stanza{el: &own, domain: st.domain}
}

// Drop lets the stanza not go on. Where stanzas are counted, an empty one goes in its place (see the package's documentation).
func (st *Stanza) Drop() error {
	if st.passing == nil {
		return ErrNotPassing
	}
	st.next = nil
	return nil
}

// Replace lets another element go on in its place: a stanza for a stanza, else one of the same name. What has no namespace is in jabber:client. With an error nothing has
// changed.
func (st *Stanza) Replace(by string) error {
	if st.passing == nil {
		return ErrNotPassing
	}
	el, err := proxy.ParseElement(by, st.passing.Limit())
	if err == nil {
		err = proxy.CheckReplacement(st.el, el)
	}
	if err != nil {
		st.passing.Refused("Replace", err)
		return err
	}
	st.next = el
	return nil
}
