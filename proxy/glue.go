package proxy

import (
	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/xmlstream"
	"go-xmpp-bosh/xmppconn"
)

// boshOutput is the Server as the BOSH sessions see it: where their answers go, and the Connector of their streams.
type boshOutput Server

// Respond answers a request, now or when its turn on its connection comes. A handle whose connection has gone is
// nobody's.
func (o *boshOutput) Respond(h bosh.Handle, r *bosh.Response) {
	s := (*Server)(o)
	c := s.clients.get(uint32(h >> 32))
	if c == nil {
		return
	}
	i := c.find(uint32(h))
	if i < 0 {
		return
	}
	s.gave(&c.queue[i], len(r.Body))
	c.respondBosh(i, r)
}

// Deadline follows a session's deadline when it moves earlier.
func (o *boshOutput) Deadline(m *bosh.Session) {
	s := (*Server)(o)
	s.armSession(s.of(m))
}

// End forgets a session.
func (o *boshOutput) End(m *bosh.Session) {
	s := (*Server)(o)
	ss := s.of(m)
	if s.program != nil {
		s.program.forget(holder{slotSession, ss.slot})
	}
	s.loop.CancelTimer(&ss.timer)
	s.bury(slotSession, ss.slot)
}

// StreamAdd opens a stream to the domain that the body names.
func (o *boshOutput) StreamAdd(m *bosh.Session, st bosh.StreamID, b *bosh.Body) {
	s := (*Server)(o)
	slot := s.addBackend(ownerRef{slot: m.Slot() & slotMask, stream: st}, request{
		to: b.To(), from: b.From(), lang: b.Lang(), version: b.XMPPVersion(), route: b.Route(), bytesMax: s.cfg.MaxDataHeld,
		attrs: b,
	})
	m.SetTag(st, slot)
}

// StreamRestart opens the stream anew on the same connection (XEP-0206 §5).
func (o *boshOutput) StreamRestart(m *bosh.Session, st bosh.StreamID, b *bosh.Body) {
	s := (*Server)(o)
	if be := s.backend(m, st); be != nil {
		be.restart(xmppconn.Restart{To: b.To(), From: b.From(), Lang: b.Lang(), Attrs: streamAttrs(b.StreamAttrs())}, b)
	}
}

// Nodes sends a payload element of a request to the server.
func (o *boshOutput) Nodes(m *bosh.Session, st bosh.StreamID, el *xmlstream.Element) {
	s := (*Server)(o)
	if be := s.backend(m, st); be != nil {
		s.stats.Stanzas[TransportBOSH].In++
		if s.logs(LevelTrace) {
			s.trace(s.of(m), toServer, el)
		}
		if !be.loggedIn {
			be.noteLogin(el)
		}
		if s.program != nil {
			if el = s.program.fromClient(be, el); el == nil {
				return
			}
		}
		be.stanza(el)
		if be.isPressed() {
			s.flooded = be
		}
	}
}

// StreamTerminate closes a stream for the client's part. It may be raised while the stream's own machine is at work, hence
// put off.
func (o *boshOutput) StreamTerminate(m *bosh.Session, st bosh.StreamID, clean bool) {
	s := (*Server)(o)
	s.fall()
	if be := s.backend(m, st); be != nil {
		be.leave(clean)
	}
}

// NoClient is a stanza that its client will not fetch: the sender is told (XEP-0206 §7).
func (o *boshOutput) NoClient(m *bosh.Session, st bosh.StreamID, stanza []byte) {
	s := (*Server)(o)
	be := s.backend(m, st)
	if s.program != nil && s.program.undelivered(holder{slotSession, m.Slot() & slotMask}, st, be, stanza) {
		return
	}
	if be != nil {
		be.xmpp.Bounce(s.now(), stanza)
	}
}

// ResponseAcknowledged is for embedders.
func (o *boshOutput) ResponseAcknowledged(m *bosh.Session, rid uint64) {
	if p := o.program; p != nil {
		p.acknowledged(holder{slotSession, m.Slot() & slotMask}, rid)
	}
}

// Error is a session that ended by a binding error.
func (o *boshOutput) Error(m *bosh.Session, cond bosh.Condition) {
	s := (*Server)(o)
	s.stats.BOSHErrors[cond]++
	s.log.Debug("session error", "session", m.LogID(), "condition", cond.String())
	if s.program != nil {
		s.program.failed(holder{slotSession, m.Slot() & slotMask}, cond.String())
	}
}

// PauseStream stops reading from a server whose client does not fetch what came.
func (o *boshOutput) PauseStream(m *bosh.Session, st bosh.StreamID) {
	if be := (*Server)(o).backend(m, st); be != nil {
		be.stop(true)
	}
}

// ResumeStream reads on.
func (o *boshOutput) ResumeStream(m *bosh.Session, st bosh.StreamID) {
	if be := (*Server)(o).backend(m, st); be != nil {
		be.stop(false)
	}
}

// backend is the record of a session's stream, or nil when it has ended.
func (s *Server) backend(m *bosh.Session, st bosh.StreamID) *backend {
	be := s.backends.get(m.Tag(st))
	if be == nil || be.ended || be.of != (ownerRef{slot: m.Slot() & slotMask, stream: st}) {
		return nil
	}
	return be
}
