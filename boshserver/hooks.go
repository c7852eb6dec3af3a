package boshserver

import (
	"go-xmpp-bosh/proxy"
	"go-xmpp-bosh/xmlstream"
	"go-xmpp-bosh/xmppconn"
)

// Hooks hear what happens to sessions and their streams; any may be nil. They are called on the event loop and must not block (see the package's
// documentation). node-xmpp-bosh's events have their names here: nodes is FromClient, response is FromServer, terminate is StreamEnd.
type Hooks struct {
	// StreamAdd: a client asks for a stream, the first one of its session or, over BOSH, another one (XEP-0124 §16). Any condition but None refuses it.
	StreamAdd func(s Session, r *Request) Condition
	// StreamAdded: the stream is open. Its features follow.
	StreamAdded func(s Session, domain string)
	// StreamRestart: the client asks for the stream anew, as it does after its log-in. What it leaves out of r is to stay as it was.
	StreamRestart func(s Session, r *Request)
	// StreamRestarted: it is open anew.
	StreamRestarted func(s Session, domain string)
	// StreamTerminate: the stream was ended from the client's side. clean: the client said so; else it is gone, or its session was ended.
	StreamTerminate func(s Session, domain string, clean bool)
	// StreamEnd: the stream was ended from the other side, or could not be had.
	StreamEnd func(s Session, domain string, why Condition)

	// FromClient is every element of the client's, before its server has it: stanzas, and what belongs to negotiations, passwords included. The handler may
	// drop it or replace it.
	FromClient func(s Session, st *Stanza)
	// FromServer is every element for the client, features included, before the client has it.
	FromServer func(s Session, st *Stanza)

	// NoClient is a stanza that its client will not get. handled: the program has taken it over; else its sender is told, if it can be (XEP-0206 §7).
	NoClient func(s Session, st *Stanza) (handled bool)
	// ResponseAcknowledged: a BOSH client that acknowledges (XEP-0124 §9.2) has the answer to this rid.
	ResponseAcknowledged func(s Session, rid uint64)
	// Error: the session ended with a condition: one of XEP-0124's, or over WebSocket one of RFC 6120's.
	Error func(s Session, condition string)
	// SessionEnd: the session is over and forgotten. Over BOSH that may be some time after its last stream.
	SessionEnd func(s Session)
}

// Request is what a client asks for.
type Request struct {
	Domain  string // the `to` attribute
	From    string // who the client says it is; "": it does not
	Lang    string // xml:lang
	Version string // of XMPP
	Route   string // where a BOSH client says that the domain is served (XEP-0124 §7.1)

	r *proxy.StreamRequest
}

func newRequest(r *proxy.StreamRequest) *Request {
	return &Request{Domain: r.Domain, From: r.From, Lang: r.Lang, Version: r.Version, Route: r.Route, r: r}
}

// Attr is any attribute of the <body/> (or of the WebSocket's <open/>) that asks, decoded; space "" means one without a prefix. It may be
// asked for until the handler returns.
func (r *Request) Attr(space, name string) (value string, ok bool) {
	if r.r == nil {
		return "", false
	}
	return r.r.Attr(space, name)
}

// release makes a request that was kept empty: its bytes are another's.
func (r *Request) release() { r.r = nil }

// hooks gives the server's form of them.
func (h *Hooks) hooks() (p proxy.Hooks) {
	if f := h.StreamAdd; f != nil {
		p.StreamAdd = func(ref *proxy.SessionRef, r *proxy.StreamRequest) xmppconn.Reason {
			req := newRequest(r)
			defer req.release()
			if c := f(Session{ref}, req); c != None {
				return c.reason()
			}
			return xmppconn.ReasonNone
		}
	}
	if f := h.StreamRestart; f != nil {
		p.StreamRestart = func(ref *proxy.SessionRef, r *proxy.StreamRequest) {
			req := newRequest(r)
			defer req.release()
			f(Session{ref}, req)
		}
	}
	p.StreamAdded, p.StreamRestarted = domainHook(h.StreamAdded), domainHook(h.StreamRestarted)
	if f := h.StreamTerminate; f != nil {
		p.StreamTerminate = func(ref *proxy.SessionRef, domain string, clean bool) { f(Session{ref}, domain, clean) }
	}
	if f := h.StreamEnd; f != nil {
		p.StreamEnd = func(ref *proxy.SessionRef, domain string, why xmppconn.Reason) {
			f(Session{ref}, domain, conditionOf(why))
		}
	}
	p.FromClient, p.FromServer = filter(h.FromClient), filter(h.FromServer)
	if f := h.NoClient; f != nil {
		p.NoClient = func(ref *proxy.SessionRef, el *xmlstream.Element) bool {
			st := &Stanza{el: el}
			defer st.release()
			return f(Session{ref}, st)
		}
	}
	if f := h.ResponseAcknowledged; f != nil {
		p.ResponseAcknowledged = func(ref *proxy.SessionRef, rid uint64) { f(Session{ref}, rid) }
	}
	if f := h.Error; f != nil {
		p.Error = func(ref *proxy.SessionRef, condition string) { f(Session{ref}, condition) }
	}
	return p
}

func domainHook(f func(Session, string)) func(*proxy.SessionRef, string) {
	if f == nil {
		return nil
	}
	return func(ref *proxy.SessionRef, domain string) { f(Session{ref}, domain) }
}

// filter runs a handler that may change what passes.
func filter(f func(Session, *Stanza)) func(*proxy.SessionRef, string, *xmlstream.Element) *xmlstream.Element {
	if f == nil {
		return nil
	}
	return func(ref *proxy.SessionRef, domain string, el *xmlstream.Element) *xmlstream.Element {
		st := &Stanza{el: el, domain: domain, passing: ref, next: el}
		defer st.release()
		f(Session{ref}, st)
		return st.next
	}
}
