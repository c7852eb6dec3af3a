package proxy

import (
	"cmp"
	"net/netip"
	"slices"

	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/timer"
)

// room is how connections that nobody misses make room for others when file descriptors run short: connections cost their opener nothing, and without this
// whoever opens enough of them would keep everybody else out. Sessions are bounded by limitSessions, and are never ended here.
type room struct {
	hand    uint32 // the slot at which the next look begins
	leaving int    // connections that were closed, and whose descriptors are about to be free
	found   []stranger
	crowds  map[netip.Addr]int // of the look under way: strangers by address
}

// stranger is an HTTP connection that may be closed. Those with the least ties go first; of them those whose address has the most; of them those that wait longest.
type stranger struct {
	ties  ties
	slot  uint32
	from  netip.Addr
	since timer.Time
}

// ties are what connects an HTTP connection with a session.
type ties uint8

const (
	tiesNone  ties = iota
	tiesLoose      // it has answered for a session that goes on, and may be used again
	tiesClose      // it owes a session an answer
)

func (t ties) String() string {
	names := [...]string{"none", "loose", "close"}
	if int(t) < len(names) {
		return names[t]
	}
	return "invalid"
}

// Of one look: how many places it takes in, each with a system call, and how many connections are closed at most. What a connection that comes in has to
// pay for this is the quotient.
const (
	roomPlaces = 1024
	roomClosed = 64
)

// ties tells how near a connection is to a session.
func (c *client) ties() ties {
	goesOn := func(session uint32) bool {
		if session == 0 {
			return false
		}
		ss := c.srv.sessions.get(session - 1)
		return ss != nil && ss.Activity() != bosh.ActivityEnded
	}
	for i := range c.queue {
		if goesOn(c.queue[i].session) {
			return tiesClose
		}
	}
	if goesOn(c.session) {
		return tiesLoose
	}
	return tiesNone
}

// since is when the connection began to wait for what it waits for.
func (c *client) since() timer.Time {
	due := c.conn.Deadline()
	cfg := &c.srv.cfg
	switch {
	case due == 0: // in a TLS handshake, which has its own time; or a request without a session is at work
	case c.phase == phaseIdle:
		return due - cfg.HTTPIdleTimeout
	case c.phase == phaseHead:
		return due - cfg.HTTPHeadTimeout
	case c.phase == phaseBody:
		return due - cfg.HTTPBodyTimeout
	}
	return c.srv.now()
}

// left notes the end of a connection, whose record stays until the callback has returned.
func (r *room) left(c *client) {
	if c.marks&markLeaving != 0 {
		r.leaving--
	}
	c.marks |= markLeaving
}

// keepRoom is called before each connection that comes in, or that goes out to a server.
func (s *Server) keepRoom() {
	_, _, conns := s.others()
	if conns+s.loop.Conns()-s.room.leaving >= s.descriptors {
		s.makeRoom()
	}
}

// makeRoom closes connections that nobody misses. It may be called at any time: they only end later.
func (s *Server) makeRoom() {
	r := &s.room
	from := r.hand
	if s.lookForRoom(from); len(r.found) == 0 && from > 0 {
		s.lookForRoom(0)
	}
	if n := len(r.found); n > 0 {
		slices.SortFunc(r.found, func(a, b stranger) int {
			return cmp.Or(cmp.Compare(a.ties, b.ties), cmp.Compare(r.crowds[b.from], r.crowds[a.from]), cmp.Compare(a.since, b.since))
		})
		closed := 0
		for _, st := range r.found[:min(roomClosed, (n+1)/2)] {
			if st.ties != r.found[0].ties {
				break
			}
			c := s.clients.get(st.slot)
			c.marks |= markLeaving
			c.ending = true
			c.conn.Abort()
			s.stats.hit(LimitConnections)
			closed++
		}
		r.leaving += closed
		s.complain.warn(s.log, s.now(), "connections were closed to make room, none that a session waits on: file descriptors run short; "+
			"raise their limit (ulimit -n, LimitNOFILE=), or give each address less (--max-connections-per-address)",
			"closed", closed, "address", r.found[0].from, "its-connections", r.crowds[r.found[0].from], "descriptors", s.descriptors)
	}
	clear(r.crowds)
	r.found = r.found[:0]
}

// lookForRoom looks for strangers from a slot on.
func (s *Server) lookForRoom(from uint32) {
	r := &s.room
	if r.crowds == nil {
		r.crowds = map[netip.Addr]int{}
	}
	places := 0
	next, done := s.clients.scan(from, func(slot uint32, c *client) bool {
		if places++; places > roomPlaces {
			return false
		}
		if t := c.ties(); t != tiesClose && c.marks&markLeaving == 0 && c.phase != phaseMoved {
			a, _ := addressOf(c.remote().Addr())
			r.crowds[a]++
			r.found = append(r.found, stranger{t, slot, a, c.since()})
		}
		return true
	})
	if r.hand = next; done {
		r.hand = 0
	}
}
