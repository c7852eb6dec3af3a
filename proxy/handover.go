package proxy

import (
	"net/netip"

	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/loop"
)

// homeOf is the other loop whose session a sid names, or nil.
func (s *Server) homeOf(sid []byte) *Server {
	if len(s.peers) < 2 {
		return nil
	}
	number, ok := bosh.ParseSID(sid)
	if i := int(number >> slotBits); ok && i != s.index && i < len(s.peers) {
		return s.peers[i]
	}
	return nil
}

// leave takes the connection to the loop whose session its newest request is for. The request has not taken effect: it goes along unread. While
// earlier ones are unanswered the connection stays, and the request waits for them; they are let go.
func (c *client) leave(home *Server) {
	c.drop()
	if len(c.queue) > 0 {
		c.marks |= markAwaits
		c.release(len(c.queue))
		return
	}
	marks := c.marks &^ (markExpects | markAwaits)
	who := c.srv.callers.clients[c.slot]
	counted := c.srv.admission.connOf[holder{slotClient, c.slot}]
	if !c.conn.HandOver(home.loop, func() (*loop.Conn, loop.Handler) { return home.welcome(marks, who, counted) }) {
		c.end(false)
		return
	}
	delete(c.srv.admission.connOf, holder{slotClient, c.slot}) // it goes on counting, there
	c.srv.stats.phase(c.phase, phaseMoved)
	c.phase, c.ending = phaseMoved, false
	c.srv.bury(slotClient, c.slot)
}

// welcome gives memory to a connection from another loop.
func (s *Server) welcome(m marks, who origin, counted netip.Addr) (*loop.Conn, loop.Handler) {
	s.enter()
	slot, c := s.clients.alloc()
	c.srv, c.slot, c.marks = s, slot, m
	if who.source.IsValid() {
		put(&s.callers.clients, slot, who)
	}
	if counted.IsValid() {
		hold(&s.admission.connOf, holder{slotClient, slot}, counted)
	}
	return &c.conn, c
}

// drop takes the newest exchange back.
func (c *client) drop() {
	n := len(c.queue) - 1
	c.forgetRequest(&c.queue[n])
	c.queue[n] = exchange{}
	c.queue = c.queue[:n]
}
