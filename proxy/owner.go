package proxy

import (
	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/xmlstream"
	"go-xmpp-bosh/xmppconn"
)

// owner is the client's side of a stream: a BOSH session, or a WebSocket. It is told what the stream's machine has to say. st is the stream within a
// BOSH session; a WebSocket has one.
type owner interface {
	handleStreamAdded(s *Server, st bosh.StreamID, h *xmppconn.Header)
	handleStreamRestarted(s *Server, st bosh.StreamID, h *xmppconn.Header)
	handleStanza(s *Server, st bosh.StreamID, el *xmlstream.Element)
	handleStreamEnd(s *Server, st bosh.StreamID, r xmppconn.Reason, el *xmlstream.Element)
	// handleDrain: the server has read what was waiting for it.
	handleDrain(s *Server)
	// handleFault ends it because of a fault of ours.
	handleFault(s *Server)
}

// ownerKind says in which table an owner stands.
type ownerKind uint8

const (
	ownerSession ownerKind = iota
	ownerSocket
	ownerProbe // of a Prober
)

func (k ownerKind) String() string {
	switch k {
	case ownerSession:
		return "session"
	case ownerSocket:
		return "socket"
	case ownerProbe:
		return "probe"
	}
	return "invalid"
}

// ownerRef names an owner, and the stream within it.
type ownerRef struct {
	slot   uint32
	kind   ownerKind
	stream bosh.StreamID
}

// request is a client's wish for a stream, from a <body/> or a WebSocket's header. Its bytes are borrowed.
type request struct {
	to, from, lang, version, route []byte

	bytesMax int // the largest stanza that the client's transport takes (XEP-0478)
	attrs    attrs
}

// owner is who wants to hear of the stream, or nil.
func (b *backend) owner() owner {
	switch {
	case b.orphaned:
	case b.of.kind == ownerSocket:
		if w := b.srv.sockets.get(b.of.slot); w != nil {
			return w
		}
	case b.of.kind == ownerProbe:
		return b.srv.probes[b.of.slot]
	default:
		if ss := b.srv.sessions.get(b.of.slot); ss != nil {
			return ss
		}
	}
	return nil
}

// handleStreamAdded passes the server's header on.
func (ss *session) handleStreamAdded(s *Server, st bosh.StreamID, h *xmppconn.Header) {
	be := s.backend(&ss.Session, st)
	ss.HandleStreamAdded(s.now(), st, bosh.StreamHeader{
		ID: h.ID, From: h.From, Lang: h.Lang, Secure: ss.secure && be != nil && be.isStreamSecure(),
	})
	s.touch(ss) // a server older than 1.0 sends no features that would do it
}

func (ss *session) handleStreamRestarted(s *Server, st bosh.StreamID, h *xmppconn.Header) {
	ss.HandleStreamRestarted(s.now(), st, bosh.StreamHeader{ID: h.ID, From: h.From, Lang: h.Lang})
}

// handleStanza: all that come in one read are flushed together.
func (ss *session) handleStanza(s *Server, st bosh.StreamID, el *xmlstream.Element) {
	s.stats.Stanzas[TransportBOSH].Out++
	if s.logs(LevelTrace) {
		s.trace(ss, toClient, el)
	}
	ss.HandleStanza(s.now(), st, el)
	s.touch(ss)
}

func (ss *session) handleStreamEnd(s *Server, st bosh.StreamID, r xmppconn.Reason, el *xmlstream.Element) {
	ss.HandleStreamEnd(s.now(), st, conditionOf(r), el)
	s.touch(ss)
}

func (ss *session) handleDrain(*Server) {}

func (ss *session) handleFault(s *Server) {
	ss.HandleShutdown(s.now(), bosh.CondInternalServerError, nil)
}
