package proxy

import (
	"errors"
	"strings"

	"go-xmpp-bosh/xmlstream"
)

// What is wrong with an element of a program's.
var (
	ErrElement     = errors.New("not one complete, well-formed element")
	ErrTooBig      = errors.New("the element is too large")
	ErrNoStanza    = errors.New("not an element that may be sent: of jabber:client there are message, presence and iq, and the stream's own elements are not a program's to send")
	ErrReplacement = errors.New("a stanza can be replaced by a stanza, another element by one of the same name")
)

// ParseElement reads one element, without a namespace of its own in jabber:client. It owns its bytes. 0: of any size. It may be called from any goroutine.
func ParseElement(text string, bytesMax int) (*xmlstream.Element, error) {
	var (
		scan xmlstream.Scanner
		el   xmlstream.Element
	)
	lim := xmlstream.DefaultLimits
	lim.Bytes = bytesMax
	b := []byte(strings.TrimSpace(text))
	scan.Reset(xmlstream.NewPool(), xmlstream.ModeMessage, lim)
	n, ev := scan.Next(b, &el)
	switch {
	case ev == xmlstream.Bad && (scan.Err() == xmlstream.ErrTooBig || scan.Err() == xmlstream.ErrLimit):
		return nil, ErrTooBig
	case ev != xmlstream.Child || n != len(b):
		return nil, ErrElement
	}
	return &el, nil
}

// IsStanza reports whether an element is what XMPP calls a stanza, which is what XEP-0198 counts.
func IsStanza(el *xmlstream.Element) bool {
	if string(el.Space()) != xmlstream.NSClient {
		return false
	}
	switch string(el.Local()) {
	case "message", "presence", "iq":
		return true
	}
	return false
}

// CheckSendable says whether an element may be sent to a client as it is: one that can't break its stream.
func CheckSendable(el *xmlstream.Element) error {
	switch string(el.Space()) {
	case xmlstream.NSStreams, xmlstream.NSFraming, xmlstream.NSBind, "":
		return ErrNoStanza
	case xmlstream.NSClient:
		if !IsStanza(el) {
			return ErrNoStanza
		}
	}
	return nil
}

// CheckReplacement says whether an element may go on in the place of another: then neither stream is broken, and counts (XEP-0198) stay right.
func CheckReplacement(old, by *xmlstream.Element) error {
	if IsStanza(old) && IsStanza(by) || !IsStanza(old) && string(old.Space()) == string(by.Space()) && string(old.Local()) == string(by.Local()) {
		return nil
	}
	return ErrReplacement
}

// Filtered stands for a stanza that a program has dropped where stanzas are counted (XEP-0198 §4): an answer to no question, which the one who gets it counts, and has to ignore
// (RFC 6120 §8.2.3).
const Filtered = "<iq xmlns='jabber:client' type='result' id='filtered'/>"

var filtered = func() *xmlstream.Element {
	el, err := ParseElement(Filtered, 0)
	if err != nil {
		panic(err)
	}
	return el
}()

// fromClient gives what goes on to the server in the place of an element; nil: nothing.
func (p *program) fromClient(b *backend, el *xmlstream.Element) *xmlstream.Element {
	return p.filter("FromClient", p.FromClient, b, el)
}

func (p *program) filter(hook string, fn func(*SessionRef, string, *xmlstream.Element) *xmlstream.Element, b *backend, el *xmlstream.Element) *xmlstream.Element {
	if fn == nil {
		return el
	}
	ref := p.ref(b.of)
	if ref == nil {
		return el
	}
	out := func() *xmlstream.Element {
		defer p.call(hook, ref).end()
		return fn(ref, b.xmpp.Domain(), el)
	}()
	if out == nil && b.xmpp.IsManaged() && IsStanza(el) {
		return filtered
	}
	return out
}

// deliver gives an owner an element from the server, as the program has it.
func (b *backend) deliver(w owner, el *xmlstream.Element) {
	if p := b.srv.program; p != nil {
		if el = p.filter("FromServer", p.FromServer, b, el); el == nil {
			return
		}
	}
	w.handleStanza(b.srv, b.of.stream, el)
}
