package proxy

import (
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmppconn"
)

// stats is a Server's counting: what others are shown of it is in stats_snapshot.go. Its methods are called where things happen, on the loop, and allocate
// nothing.
type stats struct {
	Counters

	phases    [phaseMoved + 1]int // HTTP connections, by what they wait for; those that are held are the others
	searching int                 // streams that look for a server
	shaking   int                 // connections to servers in a TLS handshake

	watch
}

// meter is what a session has carried.
type meter struct {
	since   timer.Time
	in, out uint64
}

// transport is what carries the owners of a kind.
func (k ownerKind) transport() Transport {
	if k == ownerSocket {
		return TransportWebSocket
	}
	return TransportBOSH
}

// phase notes what an HTTP connection waits for now.
func (s *stats) phase(from, to phase) {
	s.phases[from]--
	s.phases[to]++
}

// left notes the end of an HTTP connection. One that was never up has failed in its TLS handshake.
func (s *stats) left(c *client) {
	if c.phase == phaseHeld && len(c.queue) == 0 && !c.ending && c.marks&markSecure == 0 && len(c.srv.listeners) > c.srv.secureFrom {
		s.ClientTLS.Failed++
	}
	s.phase(c.phase, phaseMoved)
}

// took notes a request for a session.
func (s *stats) took(m *meter, bytes int) {
	s.BOSHRequests++
	m.in += uint64(bytes)
}

// gave notes the answer to one.
func (s *Server) gave(e *exchange, bytes int) {
	s.stats.Hold.observe(&HoldBounds, timer.Time(uint32(s.now())-e.at))
	if e.session == 0 {
		return
	}
	if ss := s.sessions.get(e.session - 1); ss != nil {
		ss.out += uint64(bytes)
	}
}

// wrote notes an answer on its way.
func (s *stats) wrote(e *exchange, head, body int) {
	if !e.headOnly {
		head += body
	}
	s.Bytes[WireHTTP].Out += uint64(head)
}

// ended notes the end of a stream.
func (s *stats) ended(r xmppconn.Reason) {
	s.StreamEnds[r]++
	if r == xmppconn.ReasonTooBig {
		s.hit(LimitStanza)
	}
}

// connected notes a connection to a server, after a search that would have ended at until.
func (s *Server) connected(d *dialing) {
	s.stats.Connect.observe(&ConnectBounds, s.now()-(d.until-s.cfg.ConnectTimeout))
}

// shook notes the end of a TLS handshake with a server, if b was in one; err nil: it succeeded, or nobody was interested any more.
func (s *stats) shook(b *backend, secure bool, err error) {
	if !b.shaking {
		return
	}
	s.shaking--
	switch {
	case secure:
		s.ServerTLS.OK++
	case err != nil:
		s.ServerTLS.Failed++
	}
}
