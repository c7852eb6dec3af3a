package proxy

import (
	"go-xmpp-bosh/wsconn"
	"go-xmpp-bosh/xmlstream"
	"go-xmpp-bosh/xmppconn"
)

// socketOutput is the Server as the sessions over WebSocket see it: their sockets, and the Connector of their streams.
type socketOutput Server

func (o *socketOutput) of(m *wsconn.Session) (*Server, *socket) {
	s := (*Server)(o)
	return s, s.sockets.get(m.Slot)
}

// Send writes to the client. What it does not read in time holds its server up.
func (o *socketOutput) Send(m *wsconn.Session, b []byte) {
	s, w := o.of(m)
	s.stats.Bytes[WireWebSocket].Out += uint64(len(b))
	w.out += uint64(len(b))
	w.conn.Write(b)
	if !w.pressed && w.conn.Pressed() {
		w.pressed = true
		s.put(task{do: taskPressed, session: w.Slot})
	}
}

// CloseSocket closes the connection after what was sent.
func (o *socketOutput) CloseSocket(m *wsconn.Session) {
	_, w := o.of(m)
	w.conn.CloseStaged()
}

// AbortSocket drops it.
func (o *socketOutput) AbortSocket(m *wsconn.Session) {
	_, w := o.of(m)
	w.conn.Abort()
}

// Deadline follows the session's deadline when it moves earlier.
func (o *socketOutput) Deadline(m *wsconn.Session) {
	_, w := o.of(m)
	w.conn.SetDeadline(w.Session.Deadline())
}

// End forgets the session.
func (o *socketOutput) End(m *wsconn.Session) {
	o.stats.Sessions[TransportWebSocket].Ended++
	if o.program != nil {
		o.program.forget(holder{slotSocket, m.Slot})
	}
	(*Server)(o).bury(slotSocket, m.Slot)
}

// StreamAdd opens a stream to the domain that the client's header names.
func (o *socketOutput) StreamAdd(m *wsconn.Session, h *wsconn.Open) {
	s := (*Server)(o)
	m.Tag = s.addBackend(ownerRef{slot: m.Slot, kind: ownerSocket}, request{
		to: h.To, from: h.From, lang: h.Lang, version: h.Version, bytesMax: s.cfg.MaxStanzaSize, attrs: h,
	})
}

// StreamRestart opens the stream anew on the same connection (RFC 7395 §3.7).
func (o *socketOutput) StreamRestart(m *wsconn.Session, h *wsconn.Open) {
	s, w := o.of(m)
	if be := s.backendOf(w); be != nil {
		be.restart(xmppconn.Restart{To: h.To, From: h.From, Lang: h.Lang}, h)
	}
}

// Nodes sends an element to the server.
func (o *socketOutput) Nodes(m *wsconn.Session, el *xmlstream.Element) {
	s, w := o.of(m)
	if be := s.backendOf(w); be != nil {
		s.stats.Stanzas[TransportWebSocket].In++
		if s.logs(LevelTrace) {
			s.trace(w, toServer, el)
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
	}
}

// StreamTerminate closes the stream for the client's part.
func (o *socketOutput) StreamTerminate(m *wsconn.Session, clean bool) {
	s, w := o.of(m)
	if be := s.backendOf(w); be != nil {
		be.leave(clean)
	}
}

// NoClient is a stanza that its client will not read: the sender is told (XEP-0206 §7, decisions.md 30).
func (o *socketOutput) NoClient(m *wsconn.Session, stanza []byte) {
	s, w := o.of(m)
	be := s.backendOf(w)
	if s.program != nil && s.program.undelivered(holder{slotSocket, w.Slot}, 0, be, stanza) {
		return
	}
	if be != nil {
		be.xmpp.Bounce(s.now(), stanza)
	}
}

// Error is a session that ended with a condition.
func (o *socketOutput) Error(m *wsconn.Session, c wsconn.Condition) {
	s := (*Server)(o)
	s.stats.SocketErrors[c]++
	s.log.Debug("session error", "session", m.LogID(), "condition", c.String())
	if s.program != nil {
		s.program.failed(holder{slotSocket, m.Slot}, c.String())
	}
}

// PauseStream stops reading from a server whose client does not read.
func (o *socketOutput) PauseStream(m *wsconn.Session) { o.stop(m, true) }

// ResumeStream reads on.
func (o *socketOutput) ResumeStream(m *wsconn.Session) { o.stop(m, false) }

func (o *socketOutput) stop(m *wsconn.Session, yes bool) {
	s, w := o.of(m)
	if be := s.backendOf(w); be != nil {
		be.stop(yes)
	}
}
