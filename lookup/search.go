package lookup

import (
	"net/netip"

	"github.com/miekg/dns"

	"go-xmpp-bosh/timer"
)

// search is one question of the owner's: two queries, whose answers it puts together.
type search struct {
	ticket  Ticket
	name    string
	service bool
	told    bool // addresses have been told
	done    bool // nothing is told any more
	delayed bool // the resolution delay has passed
	node    timer.Node
	got     [2]*result // nil: not in yet
}

// The parts of a search.
const (
	partAAAA = 0
	partA    = 1
	partTLS  = 0 // _xmpps-client
	partTCP  = 1 // _xmpp-client
)

// Addresses asks for the addresses of a host: a name as xmppconn.ParseDomain gives it, or an address, which answers itself.
func (r *Resolver) Addresses(now timer.Time, t Ticket, host string) {
	if known := r.known(host); known != nil {
		r.out.Addresses(t, known.addrs, known.outcome, true)
		return
	}
	s := r.newSearch(t, host)
	r.ask(now, question{host, dns.TypeAAAA}, s, partAAAA)
	r.ask(now, question{host, dns.TypeA}, s, partA)
	s.advance(r, now)
	r.tell()
}

func (r *Resolver) newSearch(t Ticket, name string) *search {
	r.Cancel(t)
	s := &search{ticket: t, name: name}
	r.searches[t] = s
	return s
}

// Cancel: nobody wants the answer any more. Queries that are on their way go on, for the cache.
func (r *Resolver) Cancel(t Ticket) {
	if s := r.searches[t]; s != nil {
		s.end(r)
	}
}

func (s *search) end(r *Resolver) {
	s.done = true
	r.disarm(&s.node)
	delete(r.searches, s.ticket)
}

// advance does what can be done with what is in.
func (s *search) advance(r *Resolver, now timer.Time) {
	switch {
	case s.done:
	case s.service:
		s.advanceService(r)
	default:
		s.advanceAddresses(r, now)
	}
}

// advanceAddresses tells of IPv6 addresses as soon as they are in, and of IPv4 ones after a short wait for those (RFC 8305 §3).
func (s *search) advanceAddresses(r *Resolver, now timer.Time) {
	v6, v4 := s.got[partAAAA], s.got[partA]
	switch {
	case v6 != nil && v4 != nil:
		s.end(r)
		s.tellRest(r, v6, v4)
	case s.told:
	case v6 != nil && len(v6.addrs) > 0:
		s.told = true
		r.out.Addresses(s.ticket, v6.addrs, Found, false)
	case v4 == nil || len(v4.addrs) == 0:
	case s.delayed:
		s.told = true
		r.out.Addresses(s.ticket, v4.addrs, Found, false)
	case !s.node.Armed():
		r.arm(now, &s.node, s, now+resolutionDelay)
	}
}

// tellRest tells of what has not been told, when both answers are in.
func (s *search) tellRest(r *Resolver, v6, v4 *result) {
	var addrs []netip.Addr
	switch {
	case !s.told:
		addrs = Interleave(append(append(addrs, v6.addrs...), v4.addrs...), false)
	case s.delayed: // IPv4 has been told
		addrs = v6.addrs
	default:
		addrs = v4.addrs
	}
	outcome := Found
	if len(addrs) == 0 && !s.told {
		outcome = worse(v6.outcome, v4.outcome)
	}
	r.out.Addresses(s.ticket, addrs, outcome, true)
}

// worse puts two outcomes without addresses together. A name that does not exist has records of no type; where one answer is missing, there may
// have been something.
func worse(a, b Outcome) Outcome {
	for _, o := range [...]Outcome{NoName, Busy, TimedOut, Failed} {
		if a == o || b == o {
			return o
		}
	}
	return NoData
}

// handleTimer: IPv4 has waited long enough.
func (s *search) handleTimer(r *Resolver, now timer.Time) {
	s.delayed = true
	s.advance(r, now)
}

// Interleave sorts addresses so that the families take turns (RFC 8305 §4), IPv6 first unless it has just had its turn; within a family they
// stay in order.
func Interleave(addrs []netip.Addr, v4First bool) []netip.Addr {
	var v6, v4 []netip.Addr
	for _, a := range addrs {
		if a.Unmap().Is4() {
			v4 = append(v4, a)
		} else {
			v6 = append(v6, a)
		}
	}
	first, second := v6, v4
	if v4First {
		first, second = v4, v6
	}
	out := make([]netip.Addr, 0, len(addrs))
	for len(first) > 0 || len(second) > 0 {
		if len(first) > 0 {
			out, first = append(out, first[0]), first[1:]
		}
		if len(second) > 0 {
			out, second = append(out, second[0]), second[1:]
		}
	}
	return out
}
