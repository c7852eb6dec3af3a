package proxy

import (
	"net/netip"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/wsconn"
	"go-xmpp-bosh/xmlstream"
	"go-xmpp-bosh/xmppconn"
)

// SessionRef is a session as a program knows it. Its exported fields do not change, its methods may be called from any goroutine, and it stays valid when the session
// is over: then it is nobody's.
type SessionRef struct {
	ID        string // EndSession's; the log has what stands before the hyphen
	Transport Transport
	Address   netip.Addr // the client's, behind trusted proxies
	UA        string     // the ua attribute of what created it (node-xmpp-bosh's extension)
	Domain    string     // of its first stream

	srv     *Server
	holder  holder
	counted []bosh.StreamID // of the loop: streams that have ended, and whose stanzas were counted (XEP-0198)
}

// logID is what the session is called in the log.
func (r *SessionRef) logID() string {
	name, _, _ := strings.Cut(r.ID, "-")
	return name
}

// uaBytesMax bounds what is kept of a ua attribute.
const uaBytesMax = 512

// holderOf is the record of a stream's owner.
func holderOf(of ownerRef) holder {
	if of.kind == ownerSocket {
		return holder{slotSocket, of.slot}
	}
	return holder{slotSession, of.slot}
}

func (p *program) ref(of ownerRef) *SessionRef { return p.refs[holderOf(of)] }

// meet notes a WebSocket, whose request is at hand now and will not be when it asks for a stream.
func (p *program) meet(w *socket, from netip.Addr) {
	h := holder{slotSocket, w.Slot}
	p.refs[h] = &SessionRef{ID: p.srv.idOfSocket(w), Transport: TransportWebSocket, Address: from, srv: p.srv, holder: h}
}

// announce gives the session that asks for a stream, with what its first request says.
func (p *program) announce(of ownerRef, r *request) *SessionRef {
	s, h := p.srv, holderOf(of)
	ref := p.refs[h]
	if ref == nil {
		ref = &SessionRef{ID: s.idOf(s.sessions.get(of.slot)), Transport: TransportBOSH, srv: s, holder: h}
		if c := s.callers.serving; c != nil {
			ref.Address = c.origin(&s.request).Addr()
		}
		p.refs[h] = ref
	}
	if ref.Domain == "" {
		ref.Domain = string(r.to)
		if ua, ok := r.attrs.Attr("", "ua"); ok {
			ref.UA = clip(string(ua), uaBytesMax)
		}
		if p.Begin != nil {
			p.begin(ref)
		}
	}
	return ref
}

func (p *program) begin(ref *SessionRef) {
	defer p.call("Begin", ref).end()
	p.Begin(ref)
}

// clip shortens a string to n bytes, at a character's end.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// forget: the session is over.
func (p *program) forget(h holder) {
	ref := p.refs[h]
	if ref == nil {
		return
	}
	delete(p.refs, h)
	if p.End != nil && ref.Domain != "" {
		defer p.call("End", ref).end()
		p.End(ref)
	}
}

// finish tells of the end of what the loop has left when it ended: streams of BOSH sessions that have no connection, and sessions that were remembered. No machine
// is told: it could do nothing any more.
func (p *program) finish() {
	p.srv.backends.each(func(_ uint32, b *backend) {
		if b.ended {
			return
		}
		if !b.orphaned {
			p.terminated(b, false)
		}
		if b.carried {
			p.streams[b.slot].terminate(false)
		}
	})
	for h := range p.refs {
		p.forget(h)
	}
}

// inbox is what is asked of a loop from anywhere: one turn does all of it, so that stanzas for a BOSH client share an answer.
type inbox struct {
	mu    sync.Mutex
	tasks []func()
}

// post has f run on the loop, between callbacks, in the order of the calls. It may be called from any goroutine, the loop's included.
func (p *program) post(f func()) {
	in := &p.inbox
	in.mu.Lock()
	defer in.mu.Unlock()
	in.tasks = append(in.tasks, f)
	if !p.srv.loop.Post(p.handlePosted) {
		in.tasks = nil // the loop has ended
	}
}

// handlePosted does what was asked. One call finds it all, and those behind it nothing.
func (p *program) handlePosted() {
	in := &p.inbox
	in.mu.Lock()
	tasks := in.tasks
	in.tasks = nil
	in.mu.Unlock()
	if len(tasks) == 0 {
		return
	}
	p.srv.enter()
	for _, f := range tasks {
		f()
	}
	p.srv.settle()
}

// Limit is the largest element that may be sent to the client, in bytes.
func (r *SessionRef) Limit() int { return r.srv.cfg.MaxStanzaSize }

// Send gives the client an element that its server did not send, on its first stream that is open. el must own its bytes. On a stream whose stanzas are counted (XEP-0198)
// it is left out, since the client's count would no longer be the server's.
func (r *SessionRef) Send(el *xmlstream.Element) {
	s := r.srv
	s.program.post(func() {
		be := r.stream()
		switch {
		case be == nil:
		case !be.carried && be.xmpp.IsManaged():
			s.complain.warn(s.log, s.now(), "a stanza of the program was not sent: the client and its server count stanzas (XEP-0198)", "session", r.logID())
		default:
			be.owner().handleStanza(s, be.of.stream, el)
		}
	})
}

// Refused logs that something of the program's was refused, one line a second at most.
func (r *SessionRef) Refused(what string, err error) {
	s := r.srv
	s.program.post(func() {
		s.complain.warn(s.log, s.now(), "an element of the program was refused: "+what, "session", r.logID(), "reason", err)
	})
}

// stream is the session's first open stream, or nil.
func (r *SessionRef) stream() *backend {
	s := r.srv
	if s.program.refs[r.holder] != r {
		return nil
	}
	if r.holder.kind == slotSocket {
		if be := s.backendOf(s.sockets.get(r.holder.slot)); be != nil && be.isOpen() {
			return be
		}
		return nil
	}
	ss := s.sessions.get(r.holder.slot)
	for st := range ss.Streams() {
		if be := s.backend(&ss.Session, st); be != nil && be.isOpen() {
			return be
		}
	}
	return nil
}

// Terminate ends the session; ReasonNone: without an error.
func (r *SessionRef) Terminate(why xmppconn.Reason) {
	r.srv.program.post(func() { r.terminate(why) })
}

func (r *SessionRef) terminate(why xmppconn.Reason) {
	s := r.srv
	if s.program.refs[r.holder] != r {
		return
	}
	if r.holder.kind == slotSession {
		s.sessions.get(r.holder.slot).HandleShutdown(s.now(), conditionOf(why), nil)
		return
	}
	w := s.sockets.get(r.holder.slot)
	be := s.backendOf(w)
	w.hurry()
	w.HandleStreamEnd(s.now(), streamErrorOf(why), nil)
	if be != nil {
		be.leave(false)
	}
}

// undelivered offers the program a stanza that its client will not get; false: it does not take it. be is the stream that it came on, or nil. Of a stream
// whose stanzas are counted the server knows what was not acknowledged, and keeps it (XEP-0198 §5), so taking it over would deliver it twice.
func (p *program) undelivered(h holder, st bosh.StreamID, be *backend, stanza []byte) (taken bool) {
	ref := p.refs[h]
	if ref == nil || be != nil && be.xmpp.IsManaged() || slices.Contains(ref.counted, st) || p.NoClient == nil && (be == nil || !be.carried) {
		return false
	}
	el, err := ParseElement(string(stanza), 0)
	if err != nil || !IsStanza(el) { // what belongs to a negotiation is nobody's any more
		return false
	}
	if p.NoClient != nil {
		func() {
			defer p.call("NoClient", ref).end()
			taken = p.NoClient(ref, el)
		}()
	}
	if !taken && be != nil && be.carried {
		p.streams[be.slot].noClient(el)
	}
	return taken
}

var (
	_ attrs = (*bosh.Body)(nil)
	_ attrs = (*wsconn.Open)(nil)
)
