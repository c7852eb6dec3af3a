package boshserver

import (
	"fmt"
	"strings"

	"go-xmpp-bosh/proxy"
	"go-xmpp-bosh/xmlstream"
	"go-xmpp-bosh/xmppconn"
)

// A Connector joins clients to something else than an XMPP server. One may serve any number of domains.
type Connector interface {
	// Open is asked for a stream. It gives what is to hear of the client from now on, or XMPP. It must not block: what has to be waited for ends with
	// Stream.Added, or Stream.End, from wherever it comes. What the client sends meanwhile comes to the Backend at once.
	Open(st Stream, r *Request) Backend
}

// ConnectorFunc is a Connector of one function.
type ConnectorFunc func(st Stream, r *Request) Backend

// Open calls the function.
func (f ConnectorFunc) Open(st Stream, r *Request) Backend { return f(st, r) }

// XMPP is what a Connector gives for a stream that is to be carried over XMPP after all. So a Connector may stand before XMPP, and choose by what the client asks for; what passes on
// such streams is for the hooks to see and to change.
var XMPP Backend

// Backend is a program's end of one stream. Its methods are called on the event loop of the stream's session, and must not block.
type Backend interface {
	// HandleStanza is an element from the client, as the hooks have left it.
	HandleStanza(st *Stanza)
	// HandleRestart is the client's wish for its stream anew, as after a log-in; Stream.Restarted answers it.
	HandleRestart(r *Request)
	// HandleTerminate is the last call, unless Stream.End has come first: the stream was ended from the client's side, or its restart was refused. clean: the client
	// said so.
	HandleTerminate(clean bool)
}

// A PressureBackend is told when its client does not fetch what it was sent: it should send no more until it is told that the client does again. What it sends all
// the same is kept for a BOSH client, and ends the session of a WebSocket in the end.
type PressureBackend interface {
	Backend
	HandlePressure(pressed bool)
}

// A NoClientBackend is given the stanzas of its own that the client will not get, and that Hooks.NoClient did not take.
type NoClientBackend interface {
	Backend
	HandleNoClient(st *Stanza)
}

// Stream is a client's stream as a Backend has it. It is a value: it may be kept, compared and used as a key. Its methods may be called from any goroutine; on a stream that is
// over they do nothing.
type Stream struct{ st *proxy.Stream }

// Session is the session that the stream belongs to.
func (s Stream) Session() Session { return Session{s.st.Session()} }

// Domain is what the client asked for.
func (s Stream) Domain() string { return s.st.Domain() }

// Added tells the client that the stream is open: under this id (any, or "") and with these features, which are the content of <stream:features/>: elements, or "".
func (s Stream) Added(id, features string) error {
	el, err := s.features("Added", features)
	if err == nil {
		s.st.Added(xmppconn.Header{ID: []byte(id), From: []byte(s.Domain()), Version: []byte("1.0")})
		s.st.Respond(el)
	}
	return err
}

// Restarted answers Backend.HandleRestart in the same way.
func (s Stream) Restarted(id, features string) error {
	el, err := s.features("Restarted", features)
	if err == nil {
		s.st.Restarted(xmppconn.Header{ID: []byte(id), From: []byte(s.Domain()), Version: []byte("1.0")})
		s.st.Respond(el)
	}
	return err
}

func (s Stream) features(what, content string) (*xmlstream.Element, error) {
	el, err := proxy.ParseElement("<stream:features xmlns='"+xmlstream.NSClient+"' xmlns:stream='"+xmlstream.NSStreams+"'>"+content+"</stream:features>", s.Session().ref.Limit())
	if err != nil {
		s.st.Session().Refused(what, err)
	}
	return el, err
}

// Respond gives the client an element: a stanza, or what belongs to a negotiation. What has no namespace is in jabber:client. An error says that it was refused.
func (s Stream) Respond(element string) error {
	el, err := proxy.ParseElement(element, s.st.Session().Limit())
	if err == nil {
		err = proxy.CheckSendable(el)
	}
	if err != nil {
		s.st.Session().Refused("Respond", err)
		return err
	}
	s.st.Respond(el)
	return nil
}

// Hold holds the client up, since the Backend can't take more of what it sends, or lets it go on. What is on its way already still comes.
func (s Stream) Hold(yes bool) { s.st.Hold(yes) }

// End ends the stream, and with the session's last one the session, behind what was sent before.
func (s Stream) End(why Condition) { s.st.End(why.reason()) }

// carrier is a Backend as the server sees it.
type carrier struct{ Backend }

func (c carrier) HandleStanza(el *xmlstream.Element) {
	st := &Stanza{el: el}
	defer st.release()
	c.Backend.HandleStanza(st)
}

func (c carrier) HandleRestart(r *proxy.StreamRequest) {
	req := newRequest(r)
	defer req.release()
	c.Backend.HandleRestart(req)
}

func (c carrier) HandlePressure(pressed bool) {
	if b, ok := c.Backend.(PressureBackend); ok {
		b.HandlePressure(pressed)
	}
}

func (c carrier) HandleNoClient(el *xmlstream.Element) {
	if b, ok := c.Backend.(NoClientBackend); ok {
		st := &Stanza{el: el}
		defer st.release()
		b.HandleNoClient(st)
	}
}

// connectors are who serves which domain: by the domain, by *.DOMAIN for all below it, by * for all.
type connectors map[string]Connector

func newConnectors(given map[string]Connector) (connectors, error) {
	all := connectors{}
	for pattern, c := range given {
		name, below := strings.CutPrefix(pattern, "*.")
		domain, ok := xmppconn.ParseDomain(name)
		switch {
		case c == nil:
			return nil, fmt.Errorf("no Connector for %q", pattern)
		case pattern == "*":
			domain = "*"
		case !ok:
			return nil, fmt.Errorf("%q is no domain, *.DOMAIN or *", pattern)
		case below:
			domain = "*." + domain
		}
		all[domain] = c
	}
	return all, nil
}

// find is the Connector of a domain, or nil.
func (all connectors) find(domain string) Connector {
	name, ok := xmppconn.ParseDomain(domain)
	if !ok {
		return nil
	}
	if c := all[name]; c != nil {
		return c
	}
	for {
		_, parent, below := strings.Cut(name, ".")
		if !below {
			return all["*"]
		}
		if c := all["*."+parent]; c != nil {
			return c
		}
		name = parent
	}
}

// carry is the server's question who carries a stream.
func (all connectors) carry(st *proxy.Stream, r *proxy.StreamRequest) proxy.Carrier {
	c := all.find(r.Domain)
	if c == nil {
		return nil
	}
	req := newRequest(r)
	defer req.release()
	if b := c.Open(Stream{st}, req); b != nil {
		return carrier{b}
	}
	return nil
}
