package proxy

import (
	"log/slog"

	"go-xmpp-bosh/xmlstream"
	"go-xmpp-bosh/xmppconn"
)

// Stream is a stream that a program carries, from its Carrier's side. Its methods may be called from any goroutine; what they do is done on the loop, in the
// order of the calls, and not from inside of them. On a stream that is over they do nothing.
//
// Its backend has no connection, and the machine in it stays at its first stage: it knows the domain, and whether the client was told of the end.
type Stream struct {
	srv     *Server
	slot    uint32 // of the backend
	ref     *SessionRef
	domain  string
	carrier Carrier
	pressed bool // the carrier knows that the client does not fetch
	added   bool // the client was told of the stream
}

// Session is the session that the stream is part of, Domain what it was asked for with.
func (st *Stream) Session() *SessionRef { return st.ref }

// Domain is the domain that the client asked for.
func (st *Stream) Domain() string { return st.domain }

// do has f run on the loop, unless the stream is over by then.
func (st *Stream) do(f func(s *Server, b *backend, w owner)) {
	s := st.srv
	s.program.post(func() {
		if b := s.backends.get(st.slot); b != nil && !b.ended && s.program.streams[st.slot] == st {
			if w := b.owner(); w != nil {
				f(s, b, w)
			}
		}
	})
}

// Added tells the client that its stream is open. What h has must not change any more. The features are to follow, by Respond.
func (st *Stream) Added(h xmppconn.Header) {
	st.do(func(s *Server, b *backend, w owner) {
		st.added = true
		s.program.tell("StreamAdded", s.program.StreamAdded, b)
		w.handleStreamAdded(s, b.of.stream, &h)
	})
}

// Restarted tells it that its stream is open anew.
func (st *Stream) Restarted(h xmppconn.Header) {
	st.do(func(s *Server, b *backend, w owner) {
		s.program.tell("StreamRestarted", s.program.StreamRestarted, b)
		w.handleStreamRestarted(s, b.of.stream, &h)
	})
}

// Respond gives it an element, which must own its bytes.
func (st *Stream) Respond(el *xmlstream.Element) {
	st.do(func(s *Server, b *backend, w owner) {
		if !b.loggedIn {
			b.noteLogin(el)
		}
		b.deliver(w, el)
	})
}

// Hold says that the client is to be held up, since what it sent is not taken; or that it may go on. What it has sent already still comes.
func (st *Stream) Hold(yes bool) {
	st.do(func(s *Server, b *backend, w owner) {
		if b.held = yes; !yes {
			s.hurry(b)
			w.handleDrain(s)
		}
	})
}

// End ends the stream; ReasonClosed: without an error.
func (st *Stream) End(why xmppconn.Reason) {
	st.do(func(_ *Server, b *backend, _ owner) { b.endCarried(why) })
}

// endCarried ends a stream from its carrier's side.
func (b *backend) endCarried(why xmppconn.Reason) {
	s := b.srv
	if w := b.owner(); w != nil {
		s.stats.ended(why)
		if s.logs(slog.LevelDebug) {
			s.log.Debug("stream ended", b.about("domain", b.xmpp.Domain(), "reason", why.String())...)
		}
		b.end(w, why, nil)
	}
	b.buryCarried()
}

// buryCarried: there is no connection whose end is to be waited for.
func (b *backend) buryCarried() {
	b.orphaned = true
	b.xmpp.HandleTerminate(b.srv.now(), true)
	b.bury()
}

// terminateCarried: the client is done with the stream.
func (b *backend) terminateCarried(clean bool) {
	b.srv.program.streams[b.slot].terminate(clean)
	b.buryCarried()
}

// refuseCarried: the stream may not go on, which both sides hear.
func (b *backend) refuseCarried(why xmppconn.Reason) {
	if !b.ended {
		b.srv.program.streams[b.slot].terminate(false)
		b.endCarried(why)
	}
}

func (st *Stream) terminate(clean bool) {
	defer st.srv.program.call("HandleTerminate", st.ref).end()
	st.carrier.HandleTerminate(clean)
}

// take gives the carrier an element from the client.
func (st *Stream) take(el *xmlstream.Element) {
	defer st.srv.program.call("HandleStanza", st.ref).end()
	st.carrier.HandleStanza(el)
}

func (st *Stream) restart(r *StreamRequest) {
	defer st.srv.program.call("HandleRestart", st.ref).end()
	st.carrier.HandleRestart(r)
}

func (st *Stream) press(yes bool) {
	if st.pressed != yes {
		st.pressed = yes
		defer st.srv.program.call("HandlePressure", st.ref).end()
		st.carrier.HandlePressure(yes)
	}
}

func (st *Stream) noClient(el *xmlstream.Element) {
	defer st.srv.program.call("HandleNoClient", st.ref).end()
	st.carrier.HandleNoClient(el)
}

// restartCarried: the client asks for the stream anew, for the same domain or another that it may reach.
func (b *backend) restartCarried(r *StreamRequest) {
	s := b.srv
	if why := s.admit([]byte(r.Domain), nil); why != xmppconn.ReasonNone {
		s.put(task{do: taskEnd, backend: b.slot, reason: why})
		return
	}
	s.program.streams[b.slot].restart(r)
}

// openCarried begins a stream that has no connection, or that the program refuses: of that its client is told like of any other that comes to nothing.
func (b *backend) openCarried(r *request, refused xmppconn.Reason) {
	s := b.srv
	b.xmpp.Open(s.now(), &s.streams, xmppconn.Params{Domain: string(r.to), Tag: b.slot})
	if refused != xmppconn.ReasonNone {
		b.carried = true
		s.program.streams[b.slot] = &Stream{srv: s, slot: b.slot, ref: s.program.ref(b.of), carrier: nobody{}}
		s.put(task{do: taskEnd, backend: b.slot, reason: refused})
	}
}

// nobody carries a stream that is about to be refused.
type nobody struct{}

func (nobody) HandleStanza(*xmlstream.Element)   {}
func (nobody) HandleRestart(*StreamRequest)      {}
func (nobody) HandlePressure(bool)               {}
func (nobody) HandleNoClient(*xmlstream.Element) {}
func (nobody) HandleTerminate(bool)              {}
