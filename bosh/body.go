package bosh

import "go-xmpp-bosh/xmlstream"

// Body is one request's <body/>. Attributes are decoded; one that is absent is nil, one that is empty is not. Everything aliases the
// document that was parsed, or the Parser, and is good until the next Parse or until the document's bytes change.
type Body struct {
	raw      []byte
	header   xmlstream.Element
	elements []xmlstream.Element
	attrs    attrs
	rid      uint64 // 0: none, or malformed
	slot     uint32 // that sid names; noSlot: none
}

// noSlot is no slot that a session is ever in.
const noSlot = ^uint32(0)

// attrs are the attributes that mean something here.
type attrs struct {
	rid, sid, to, from, route, lang, ver, wait, hold, content, ack, inactivity, kind, pause, stream, streamAttrs, key, newkey,
	xmppVersion, restart []byte
}

// SID is the session that the request names; nil: it asks for a new one.
func (b *Body) SID() []byte { return b.attrs.sid }

// Slot is the slot that the sid names; one that no session has when the sid is none of ours.
func (b *Body) Slot() uint32 { return b.slot }

// RID is the request's id; false when there is none, or none that is valid.
func (b *Body) RID() (uint64, bool) { return b.rid, b.rid != 0 }

// To is the domain that a stream is asked for with.
func (b *Body) To() []byte { return b.attrs.to }

// From is who the client says it is.
func (b *Body) From() []byte { return b.attrs.from }

// Route is where the client says the domain is served: proto:host:port, no URI (XEP-0124 §7.1).
func (b *Body) Route() []byte { return b.attrs.route }

// Lang is xml:lang.
func (b *Body) Lang() []byte { return b.attrs.lang }

// XMPPVersion is the version attribute of urn:xmpp:xbosh (XEP-0206 §3).
func (b *Body) XMPPVersion() []byte { return b.attrs.xmppVersion }

// StreamAttrs is node-xmpp-bosh's stream_attrs: a JSON object of attributes for the stream header of a restart. Unchecked.
func (b *Body) StreamAttrs() []byte { return b.attrs.streamAttrs }

// Elements are the payloads.
func (b *Body) Elements() []xmlstream.Element { return b.elements }

// Attr is any attribute, decoded; space "" means one without a prefix.
func (b *Body) Attr(space, local string) (value []byte, ok bool) {
	raw, ok := b.header.Attr(space, local)
	if !ok {
		return nil, false
	}
	return xmlstream.AppendUnescaped(nil, raw), true
}

// Attrs calls fn for each attribute, namespace declarations left out, in the order written, until fn returns false. raw is as
// written between the quotes.
func (b *Body) Attrs(fn func(space, local, raw []byte) bool) { b.header.Attrs(fn) }

// isTrue reads an xs:boolean (XEP-0206 §5).
func isTrue(v []byte) bool { return string(v) == "true" || string(v) == "1" }

// isTerminate reports whether the client ends the session. COMPAT: gloox says "terminal".
func (b *Body) isTerminate() bool {
	return string(b.attrs.kind) == "terminate" || string(b.attrs.kind) == "terminal"
}

// isRestart reports whether the stream is to be restarted (XEP-0206 §5).
func (b *Body) isRestart() bool { return isTrue(b.attrs.restart) }
