package proxy

import (
	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/loop"
	"go-xmpp-bosh/wsconn"
	"go-xmpp-bosh/xmlstream"
	"go-xmpp-bosh/xmppconn"
)

// WebSockets has the limits of sessions over WebSocket.
type WebSockets = wsconn.Config

// DefaultWebSockets gives them as they are unless told otherwise.
func DefaultWebSockets() WebSockets { return wsconn.DefaultConfig() }

// socket is a WebSocket: the connection of a client that was upgraded, and the session on it. It is a slab record; the session's Slot is the record's, and its
// Tag that of its stream's backend.
type socket struct {
	wsconn.Session
	conn loop.Conn
	srv  *Server
	meter

	pressed bool // the client does not read, and the session knows, or is about to
	slowed  bool // its server does not read, so the client isn't read
}

// HandleConnect and HandleSecure are for connections that begin here, which a WebSocket's has not.
func (w *socket) HandleConnect(*loop.Conn) {}

// HandleSecure never comes.
func (w *socket) HandleSecure(*loop.Conn) {}

// HandleData feeds the session.
func (w *socket) HandleData(_ *loop.Conn, b []byte) int {
	s := w.srv
	s.enter()
	s.busy = w
	before := s.stats.Stanzas[TransportWebSocket].In
	n := w.Session.HandleData(s.now(), b)
	s.busy = nil
	if !s.spend(holder{slotSocket, w.Slot}, int(s.stats.Stanzas[TransportWebSocket].In-before), n) {
		w.refuse()
	}
	s.stats.Bytes[WireWebSocket].In += uint64(n)
	w.in += uint64(n)
	w.slow()
	s.settle()
	return n
}

// HandleEOF: the client writes no more.
func (w *socket) HandleEOF(*loop.Conn) {
	w.srv.enter()
	w.Session.HandleEOF(w.srv.now())
	w.srv.settle()
}

// HandleDrain: the client has read what was waiting for it.
func (w *socket) HandleDrain(*loop.Conn) {
	w.srv.enter()
	w.pressed = false
	w.HandlePressure(w.srv.now(), false)
	w.srv.settle()
}

// HandleDeadline is the session's deadline. While its server holds it up, it cannot answer pings.
func (w *socket) HandleDeadline(*loop.Conn) {
	w.srv.enter()
	if w.slowed && w.srv.backendOf(w) != nil {
		w.conn.SetDeadline(w.srv.now() + slowedPause)
	} else {
		w.HandleTimeout(w.srv.now())
		w.conn.SetDeadline(w.Deadline())
	}
	w.srv.settle()
}

// slowedPause is for how long, in milliseconds, a client that isn't read is not asked whether it is there.
const slowedPause = 30_000

// HandleClose is the last call: the session is over whatever it was doing.
func (w *socket) HandleClose(*loop.Conn, error) {
	w.srv.enter()
	w.HandleGone(w.srv.now())
	w.srv.settle()
}

// refuse ends the session because of what its client does.
func (w *socket) refuse() {
	be := w.srv.backendOf(w)
	w.HandleStreamEnd(w.srv.now(), wsconn.CondPolicyViolation, nil)
	if be != nil {
		be.leave(false)
	}
}

// slow holds the client up while its server does not read what it sent.
func (w *socket) slow() {
	if be := w.srv.backendOf(w); be != nil && be.isPressed() && !w.slowed {
		w.slowed = true
		w.conn.Pause()
	}
}

// hurry lets it go on.
func (w *socket) hurry() {
	if w.slowed {
		w.slowed = false
		w.conn.Resume()
	}
}

// backendOf is the record of a WebSocket's stream, or nil when it has none.
func (s *Server) backendOf(w *socket) *backend {
	be := s.backends.get(w.Tag)
	if be == nil || be.ended || be.of != (ownerRef{slot: w.Slot, kind: ownerSocket}) {
		return nil
	}
	return be
}

func (w *socket) handleStreamAdded(s *Server, _ bosh.StreamID, h *xmppconn.Header) {
	w.HandleStreamAdded(s.now(), wsconn.StreamHeader(*h))
}

func (w *socket) handleStreamRestarted(s *Server, _ bosh.StreamID, h *xmppconn.Header) {
	w.HandleStreamRestarted(s.now(), wsconn.StreamHeader(*h))
}

func (w *socket) handleStanza(s *Server, _ bosh.StreamID, el *xmlstream.Element) {
	s.stats.Stanzas[TransportWebSocket].Out++
	if s.logs(LevelTrace) {
		s.trace(w, toClient, el)
	}
	w.HandleStanza(s.now(), el)
}

func (w *socket) handleStreamEnd(s *Server, _ bosh.StreamID, r xmppconn.Reason, el *xmlstream.Element) {
	w.hurry() // what it has to say, and its goodbye, is no longer for the server
	w.HandleStreamEnd(s.now(), streamErrorOf(r), el)
}

func (w *socket) handleDrain(*Server) { w.hurry() }

func (w *socket) handleFault(*Server) { w.conn.Abort() }

// streamErrorOf is what a WebSocket's client is told of a stream's end (decisions.md 24).
func streamErrorOf(r xmppconn.Reason) wsconn.Condition {
	switch r {
	case xmppconn.ReasonNone, xmppconn.ReasonClosed:
		return wsconn.CondNone
	case xmppconn.ReasonStreamError:
		return wsconn.CondRemoteStreamError
	case xmppconn.ReasonHostUnknown:
		return wsconn.CondHostUnknown
	case xmppconn.ReasonConnectionFailed, xmppconn.ReasonConnectionLost, xmppconn.ReasonTimeout, xmppconn.ReasonTLSFailed,
		xmppconn.ReasonTLSRequired, xmppconn.ReasonBadXML, xmppconn.ReasonNotXMPP:
		return wsconn.CondRemoteConnectionFailed
	case xmppconn.ReasonTooBig, xmppconn.ReasonPolicyViolation, xmppconn.ReasonForbidden:
		return wsconn.CondPolicyViolation
	case xmppconn.ReasonImproperAddressing:
		return wsconn.CondImproperAddressing
	case xmppconn.ReasonShutdown:
		return wsconn.CondSystemShutdown
	case xmppconn.ReasonInternal:
		return wsconn.CondInternalServerError
	}
	return wsconn.CondUndefinedCondition
}
