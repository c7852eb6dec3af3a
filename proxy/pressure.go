package proxy

import "go-xmpp-bosh/bosh"

// Who sends more than the other side reads is not read on: a server whose client does not fetch (backend.stop), and a client whose server does not
// read, here. Nothing is dropped for it.

// unreadMax is up to where a BOSH client that goes on sending, on one new connection after another, is tolerated, in bytes that its server has not read. Each
// of its connections is read no further from the high-water mark on, so honest clients stay below it.
const unreadMax = 2 << 20

// slowed has the HTTP connections that are not read because a server does not read. Both tables are by slot, and empty as a rule.
type slowed struct {
	by      map[uint32]uint32   // of a connection: its backend
	clients map[uint32][]uint32 // of a backend: its connections, with some, perhaps, that have gone since
}

// hold notes that a connection waits for a backend.
func (w *slowed) hold(client, backend uint32) {
	if w.by == nil {
		w.by, w.clients = map[uint32]uint32{}, map[uint32][]uint32{}
	}
	if held, ok := w.by[client]; !ok || held != backend {
		w.by[client] = backend
		w.clients[backend] = append(w.clients[backend], client)
	}
}

// slow holds the client's connection up if what it sent has made a server's output pass the high-water mark.
func (c *client) slow(m *bosh.Session) {
	s := c.srv
	be := s.flooded
	if s.flooded = nil; be == nil {
		return
	}
	if be.conn.Pending() > unreadMax {
		s.stats.hit(LimitUnread)
		s.complain.warn(s.log, s.now(), "a client sends what its XMPP server does not read; its session was ended", be.about("domain", be.xmpp.Domain())...)
		m.HandleShutdown(s.now(), bosh.CondPolicyViolation, nil)
		return
	}
	s.slowed.hold(c.slot, be.slot)
}

// isSlowed reports whether the client's connection is held up.
func (c *client) isSlowed() bool {
	if len(c.srv.slowed.by) == 0 {
		return false
	}
	_, ok := c.srv.slowed.by[c.slot]
	return ok
}

// hurry lets the clients of a server go on: it has read what was waiting, or is gone.
func (s *Server) hurry(be *backend) {
	if len(s.slowed.clients) == 0 {
		return
	}
	list := s.slowed.clients[be.slot]
	delete(s.slowed.clients, be.slot)
	for _, slot := range list {
		if by, ok := s.slowed.by[slot]; !ok || by != be.slot {
			continue
		}
		delete(s.slowed.by, slot)
		if c := s.clients.get(slot); c != nil {
			c.update()
		}
	}
}
