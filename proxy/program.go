package proxy

import (
	"slices"

	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/xmlstream"
	"go-xmpp-bosh/xmppconn"
)

// Program is the part of a Config for a program that has the server inside of it; package boshserver is how programs use it. All functions are called on
// the loop, of several loops each on its own. What they are given is borrowed, but SessionRef and Stream.
type Program struct {
	Hooks Hooks

	// Carry is asked who carries a stream; nil, as it is when unset, is an XMPP server. It may use st from any goroutine, and long after.
	Carry func(st *Stream, r *StreamRequest) Carrier
}

// Hooks are what a program hears of sessions and streams, and may change; any may be nil. Of each stream there is one StreamAdd, and then
// one StreamTerminate or StreamEnd.
type Hooks struct {
	// Begin: a session has its first StreamAdd next.
	Begin func(ref *SessionRef)
	// StreamAdd: a client asks for a stream. Anything but ReasonNone refuses it.
	StreamAdd func(ref *SessionRef, r *StreamRequest) xmppconn.Reason
	// StreamAdded: the server, or the Carrier, has opened it.
	StreamAdded func(ref *SessionRef, domain string)
	// StreamRestart: the client wants it opened anew (XEP-0206 §5, RFC 7395 §3.7). StreamRestarted: it is.
	StreamRestart   func(ref *SessionRef, r *StreamRequest)
	StreamRestarted func(ref *SessionRef, domain string)
	// StreamTerminate: it was ended from the client's side, by its own wish (clean) or not. StreamEnd: from the other.
	StreamTerminate func(ref *SessionRef, domain string, clean bool)
	StreamEnd       func(ref *SessionRef, domain string, why xmppconn.Reason)

	// FromClient and FromServer give what goes on in the place of an element: itself, another, or nil for nothing.
	FromClient, FromServer func(ref *SessionRef, domain string, el *xmlstream.Element) *xmlstream.Element

	// NoClient takes over a stanza that its client will not get; false: its sender is told, if its stream is left (XEP-0206 §7).
	NoClient func(ref *SessionRef, el *xmlstream.Element) bool
	// ResponseAcknowledged: a BOSH client has the answer to this rid (XEP-0124 §9.2).
	ResponseAcknowledged func(ref *SessionRef, rid uint64)
	// Error: the session ended with a condition.
	Error func(ref *SessionRef, condition string)
	// End: the session is over, and nothing else will be said of it.
	End func(ref *SessionRef)
}

// Carrier is a program's side of a stream that is not carried over XMPP. Its methods are called on the loop.
type Carrier interface {
	// HandleStanza is an element from the client. It is borrowed.
	HandleStanza(el *xmlstream.Element)
	// HandleRestart is the client's wish for the stream anew: Stream.Restarted answers it.
	HandleRestart(r *StreamRequest)
	// HandlePressure: the client does not fetch what it was sent (true), or does again.
	HandlePressure(pressed bool)
	// HandleNoClient is an element of Stream.Respond's that the client will not get, and that no hook took.
	HandleNoClient(el *xmlstream.Element)
	// HandleTerminate is the last call: the stream was ended from the client's side, or its restart was refused. It does not come after Stream.End.
	HandleTerminate(clean bool)
}

// StreamRequest is what a client asks for.
type StreamRequest struct {
	Domain, From, Lang, Version, Route string

	attrs attrs
}

// attrs are the attributes of a <body/> or of a WebSocket's header.
type attrs interface {
	Attr(space, local string) (value []byte, ok bool)
}

// Attr is any attribute of the request, decoded; space "" means one without a prefix. It may be asked for during the call that the request was given to.
func (r *StreamRequest) Attr(space, local string) (string, bool) {
	if r.attrs == nil {
		return "", false
	}
	v, ok := r.attrs.Attr(space, local)
	return string(v), ok
}

// program is a Program at work. A Server without one has none, so that each event costs one comparison.
type program struct {
	Hooks
	Carry   func(*Stream, *StreamRequest) Carrier
	srv     *Server
	refs    map[holder]*SessionRef // of sessions that have asked for a stream, and of WebSockets
	streams map[uint32]*Stream     // that a Carrier has, by backend
	inbox   inbox
}

// startProgram begins to call a program, if there is one.
func (s *Server) startProgram() {
	p, h := &s.cfg.Program, s.cfg.Program.Hooks
	used := p.Carry != nil || h.Begin != nil || h.StreamAdd != nil || h.StreamAdded != nil || h.StreamRestart != nil || h.StreamRestarted != nil ||
		h.StreamTerminate != nil || h.StreamEnd != nil || h.FromClient != nil || h.FromServer != nil || h.NoClient != nil ||
		h.ResponseAcknowledged != nil || h.Error != nil || h.End != nil
	if used {
		s.program = &program{Hooks: h, Carry: p.Carry, srv: s, refs: map[holder]*SessionRef{}, streams: map[uint32]*Stream{}}
	}
}

// open asks the program about a new stream: whether there is to be one, and whether it wants to carry it itself.
func (p *program) open(b *backend, r *request) xmppconn.Reason {
	s := p.srv
	ref := p.announce(b.of, r)
	ref.counted = slices.DeleteFunc(ref.counted, func(st bosh.StreamID) bool { return st == b.of.stream })
	req := &StreamRequest{
		Domain: string(r.to), From: string(r.from), Lang: string(r.lang), Version: string(r.version), Route: string(r.route), attrs: r.attrs,
	}
	if p.StreamAdd != nil {
		if why := p.streamAdd(ref, req); why != xmppconn.ReasonNone {
			return why
		}
	}
	if p.Carry == nil {
		return xmppconn.ReasonNone
	}
	if _, ok := xmppconn.ParseDomain(req.Domain); !ok {
		return xmppconn.ReasonImproperAddressing
	}
	if why := s.admit(r.to, nil); why != xmppconn.ReasonNone {
		return why
	}
	if !s.admitDomain(b.slot, req.Domain) {
		return xmppconn.ReasonPolicyViolation
	}
	st := &Stream{srv: s, slot: b.slot, ref: ref, domain: req.Domain}
	carrier, ok := p.carry(st, req)
	switch {
	case !ok:
		return xmppconn.ReasonInternal
	case carrier == nil:
		uncount(&s.shared.domains, s.admission.domainOf, holder{slotBackend, b.slot}) // XMPP counts it itself
		return xmppconn.ReasonNone
	}
	st.carrier = carrier
	b.carried = true
	p.streams[b.slot] = st
	return xmppconn.ReasonNone
}

func (p *program) streamAdd(ref *SessionRef, r *StreamRequest) (why xmppconn.Reason) {
	why = xmppconn.ReasonInternal // of one that panics
	defer p.call("StreamAdd", ref).end()
	return p.StreamAdd(ref, r)
}

func (p *program) carry(st *Stream, r *StreamRequest) (c Carrier, ok bool) {
	defer p.call("Connector", st.ref).end()
	return p.Carry(st, r), true
}

// restarting tells of a client's wish for its stream anew.
func (p *program) restarting(b *backend, r *StreamRequest) {
	ref := p.ref(b.of)
	if p.StreamRestart != nil && ref != nil {
		defer p.call("StreamRestart", ref).end()
		p.StreamRestart(ref, r)
	}
}

// tell calls one of the hooks that only hear of a stream.
func (p *program) tell(hook string, fn func(*SessionRef, string), b *backend) {
	if ref := p.ref(b.of); fn != nil && ref != nil {
		defer p.call(hook, ref).end()
		fn(ref, b.xmpp.Domain())
	}
}

// closing is the session of a stream that ends. It notes what is to be known of stanzas that turn out to be undelivered later.
func (p *program) closing(b *backend) *SessionRef {
	ref := p.ref(b.of)
	if ref != nil && b.xmpp.IsManaged() {
		ref.counted = append(ref.counted, b.of.stream)
	}
	return ref
}

func (p *program) terminated(b *backend, clean bool) {
	if ref := p.closing(b); p.StreamTerminate != nil && ref != nil {
		defer p.call("StreamTerminate", ref).end()
		p.StreamTerminate(ref, b.xmpp.Domain(), clean)
	}
}

func (p *program) ended(b *backend, why xmppconn.Reason) {
	if ref := p.closing(b); p.StreamEnd != nil && ref != nil {
		defer p.call("StreamEnd", ref).end()
		p.StreamEnd(ref, b.xmpp.Domain(), why)
	}
}

func (p *program) acknowledged(h holder, rid uint64) {
	if ref := p.refs[h]; p.ResponseAcknowledged != nil && ref != nil {
		defer p.call("ResponseAcknowledged", ref).end()
		p.ResponseAcknowledged(ref, rid)
	}
}

func (p *program) failed(h holder, condition string) {
	if ref := p.refs[h]; p.Error != nil && ref != nil && ref.Domain != "" {
		defer p.call("Error", ref).end()
		p.Error(ref, condition)
	}
}
