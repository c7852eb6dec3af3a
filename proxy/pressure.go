package proxy

import "go-xmpp-bosh/bosh"

// Who sends more than the other side reads is not read on: a server whose client does not fetch (backend.stop), and a client whose server does not
// read, here. Nothing is dropped for it.

// unreadMax is up to where a BOSH client that goes on sending, on one new connection after another, is tolerated, in bytes that its server has not read. Each
// of its connections is read no further from the high-water mark on, so honest clients stay below it.
const unreadMax = 2 << 20

// slowed has the HTTP connections that are not read because a server does not read, by slot, with its backend's slot.
type slowed map[uint32]uint32

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
	if s.slowed == nil {
		s.slowed = slowed{}
	}
	s.slowed[c.slot] = be.slot
}

// isSlowed reports whether the client's connection is held up.
func (c *client) isSlowed() bool {
	if len(c.srv.slowed) == 0 {
		return false
	}
	_, ok := c.srv.slowed[c.slot]
	return ok
}

// hurry lets the clients of a server go on: it has read what was waiting, or is gone.
func (s *Server) hurry(be *backend) {
	for slot, by := range s.slowed {
		if by != be.slot {
			continue
		}
		delete(s.slowed, slot)
		if c := s.clients.get(slot); c != nil {
			c.update()
		}
	}
}
