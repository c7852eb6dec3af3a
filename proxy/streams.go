package proxy

import (
	"log/slog"

	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/xmlstream"
	"go-xmpp-bosh/xmppconn"
)

// streamOutput is the Server as the XMPP streams see it: their connections, and the sessions that they belong to.
//
// A stream speaks to its session in the middle of its own work on what the server sent, which is what the session is for,
// and now and then in the middle of the session's (an element of the client's that is refused). The latter is put off.
type streamOutput Server

func (o *streamOutput) of(st *xmppconn.Stream) (*Server, *backend) {
	s := (*Server)(o)
	return s, s.backends.get(st.Tag)
}

// Send writes to the server.
func (o *streamOutput) Send(st *xmppconn.Stream, b []byte) {
	_, be := o.of(st)
	o.stats.Bytes[WireXMPP].Out += uint64(len(b))
	be.conn.Write(b)
}

// StartTLS begins the handshake.
func (o *streamOutput) StartTLS(st *xmppconn.Stream) {
	_, be := o.of(st)
	be.startTLS()
}

// StreamAdded passes the server's header on.
func (o *streamOutput) StreamAdded(st *xmppconn.Stream, h *xmppconn.Header) {
	s, be := o.of(st)
	if w := be.owner(); w != nil {
		if p := s.program; p != nil {
			p.tell("StreamAdded", p.StreamAdded, be)
		}
		w.handleStreamAdded(s, be.of.stream, h)
	}
}

// StreamRestarted passes the header of a restarted stream on.
func (o *streamOutput) StreamRestarted(st *xmppconn.Stream, h *xmppconn.Header) {
	s, be := o.of(st)
	if w := be.owner(); w != nil {
		if p := s.program; p != nil {
			p.tell("StreamRestarted", p.StreamRestarted, be)
		}
		w.handleStreamRestarted(s, be.of.stream, h)
	}
}

// Response is an element for the client.
func (o *streamOutput) Response(st *xmppconn.Stream, el *xmlstream.Element) {
	s, be := o.of(st)
	if !be.loggedIn {
		be.noteLogin(el)
	}
	w := be.owner()
	switch {
	case w == nil:
	case s.busy == w:
		kept := el.Clone()
		s.put(task{do: taskResponse, backend: be.slot, el: &kept})
	default:
		be.deliver(w, el)
	}
}

// End tells the session that its stream is over.
func (o *streamOutput) End(st *xmppconn.Stream, r xmppconn.Reason, el *xmlstream.Element) {
	s, be := o.of(st)
	s.stats.ended(r)
	s.logEnd(be, r)
	w := be.owner()
	switch {
	case w == nil:
	case s.busy == w:
		s.put(task{do: taskEnd, backend: be.slot, reason: r})
	default:
		be.end(w, r, el)
	}
}

// CloseSocket closes the connection after what was sent.
func (o *streamOutput) CloseSocket(st *xmppconn.Stream) {
	_, be := o.of(st)
	be.stop(false) // a session that does not fetch must not keep us from seeing the server's end
	be.conn.Close()
}

// AbortSocket drops the connection, or the search for a server.
func (o *streamOutput) AbortSocket(st *xmppconn.Stream) {
	_, be := o.of(st)
	be.abort()
}

// Deadline follows the stream's deadline when it moves earlier.
func (o *streamOutput) Deadline(st *xmppconn.Stream) {
	_, be := o.of(st)
	be.bound()
}

// conditionOf is what a BOSH client is told of a stream's end (decisions.md 24, 27, 38 to 41).
func conditionOf(r xmppconn.Reason) bosh.Condition {
	switch r {
	case xmppconn.ReasonNone, xmppconn.ReasonClosed:
		return bosh.CondNone
	case xmppconn.ReasonStreamError:
		return bosh.CondRemoteStreamError
	case xmppconn.ReasonHostUnknown:
		return bosh.CondHostUnknown
	case xmppconn.ReasonConnectionFailed, xmppconn.ReasonConnectionLost, xmppconn.ReasonTimeout, xmppconn.ReasonTLSFailed,
		xmppconn.ReasonTLSRequired, xmppconn.ReasonBadXML, xmppconn.ReasonNotXMPP:
		return bosh.CondRemoteConnectionFailed
	case xmppconn.ReasonTooBig, xmppconn.ReasonPolicyViolation:
		return bosh.CondPolicyViolation
	case xmppconn.ReasonForbidden:
		return bosh.CondBadRequest
	case xmppconn.ReasonImproperAddressing:
		return bosh.CondImproperAddressing
	case xmppconn.ReasonShutdown:
		return bosh.CondSystemShutdown
	case xmppconn.ReasonInternal:
		return bosh.CondInternalServerError
	}
	return bosh.CondUndefinedCondition
}

// advice is what an operator can do about a stream that ended for a reason that is not its client's; "" where nothing is
// to be done.
func advice(r xmppconn.Reason) string {
	switch r {
	case xmppconn.ReasonTimeout:
		return "the XMPP server did not answer in time"
	case xmppconn.ReasonTLSRequired:
		return "the XMPP server offers no TLS, which is demanded outside private networks"
	case xmppconn.ReasonTLSFailed:
		return "the XMPP server refused STARTTLS, or sent data before it"
	case xmppconn.ReasonBadXML, xmppconn.ReasonNotXMPP:
		return "what answers there does not speak XMPP"
	case xmppconn.ReasonTooBig:
		return "the XMPP server sent a stanza above --max-xmpp-stanza-size"
	case xmppconn.ReasonConnectionLost:
		return "the XMPP server went away without closing the stream"
	case xmppconn.ReasonInternal:
		return "a fault of bosh-server itself: please report it"
	case xmppconn.ReasonNone, xmppconn.ReasonClosed, xmppconn.ReasonStreamError, xmppconn.ReasonHostUnknown, xmppconn.ReasonConnectionFailed,
		xmppconn.ReasonPolicyViolation, xmppconn.ReasonForbidden, xmppconn.ReasonImproperAddressing, xmppconn.ReasonShutdown:
	}
	return ""
}

// logEnd writes the one line about a stream's end.
func (s *Server) logEnd(be *backend, r xmppconn.Reason) {
	if a := advice(r); a != "" {
		s.complain.warn(s.log, s.now(), "stream ended: "+a, be.about("domain", be.xmpp.Domain(), "reason", r.String())...)
		return
	}
	if s.logs(slog.LevelDebug) {
		s.log.Debug("stream ended", be.about("domain", be.xmpp.Domain(), "reason", r.String())...)
	}
}
