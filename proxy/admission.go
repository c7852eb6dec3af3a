package proxy

import (
	"net/netip"

	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmppconn"
)

// Admission is the part of a Config about who may have how much. 0 is no limit, everywhere. Those per address count the client's address, behind trusted
// proxies, an IPv6 address by its /64, and never one of loopback. All are for the loops of a Group together.
type Admission struct {
	SessionsPerAddress    int // more are refused with 503
	ConnectionsPerAddress int // HTTP connections and WebSockets; more are closed
	SessionsPerDomain     int // streams to one domain; more are ended with policy-violation

	// Of one session, over ten seconds; more end it with policy-violation.
	RequestsPerSecond int // BOSH requests, or elements over WebSocket
	BytesPerSecond    int // that its client sends

	LoginTimeout timer.Time // from a session's creation to its log-in; then it is ended with policy-violation
	MemoryMax    uint64     // bytes that the process may have from the system before new sessions are refused with 503
}

// holder names what is counted: a record, by its table and slot.
type holder struct {
	kind slotKind
	slot uint32
}

// admission is what it takes to keep the limits: who of this loop is counted where, in shared. Each table is empty unless its limit is set.
type admission struct {
	sessionOf, connOf map[holder]netip.Addr // whose address is counted
	domainOf          map[holder]string     // of backends

	rates  map[holder]*rate
	logins logins
	memory memory
}

// addressOf is what counts as one client; ok is false for one that isn't counted.
func addressOf(a netip.Addr) (counted netip.Addr, ok bool) {
	a = a.Unmap().WithZone("")
	switch {
	case !a.IsValid() || a.IsLoopback():
		return a, false
	case a.Is6():
		p, err := a.Prefix(64)
		return p.Addr(), err == nil
	}
	return a, true
}

// uncount takes h's one away.
func uncount[K comparable](from *counts[K], of map[holder]K, h holder) {
	if k, ok := of[h]; ok {
		delete(of, h)
		from.give(k)
	}
}

func hold[K comparable](of *map[holder]K, h holder, a K) {
	if *of == nil {
		*of = map[holder]K{}
	}
	(*of)[h] = a
}

// admitConn counts a connection that is up, unless a proxy in front has it; false: its address has too many.
func (c *client) admitConn() bool {
	s := c.srv
	limit := s.cfg.ConnectionsPerAddress
	if limit == 0 || c.isTrusted() {
		return true
	}
	a, ok := addressOf(c.remote().Addr())
	if !ok {
		return true
	}
	if !s.shared.conns.take(a, limit) {
		s.stats.hit(LimitConnectionsPerAddress)
		s.complain.warn(s.log, s.now(), "connections were closed: their address has as many as --max-connections-per-address allows", "address", a)
		return false
	}
	hold(&s.admission.connOf, holder{slotClient, c.slot}, a)
	return true
}

// admitSession counts a session that a request is about to make; false: its address has too many. The holder is known later: settleSession.
func (c *client) admitSession() (a netip.Addr, ok bool) {
	s := c.srv
	limit := s.cfg.SessionsPerAddress
	if limit == 0 {
		return a, true
	}
	a, counted := addressOf(c.origin(&s.request).Addr())
	if !counted {
		return netip.Addr{}, true
	}
	if !s.shared.sessions.take(a, limit) {
		s.stats.hit(LimitSessionsPerAddress)
		s.complain.warn(s.log, s.now(), "sessions were refused with 503: their address has as many as --max-sessions-per-address allows", "address", a)
		return netip.Addr{}, false
	}
	return a, true
}

// begin keeps account of a new session, whose address is a.
func (s *Server) begin(h holder, a netip.Addr, since timer.Time) {
	s.rise()
	if a.IsValid() {
		hold(&s.admission.sessionOf, h, a)
	}
	if s.cfg.LoginTimeout > 0 {
		s.awaitLogin(h, since)
	}
}

// leaveAdmission forgets what was counted for a record that is over.
func (s *Server) leaveAdmission(h holder) {
	t := &s.admission
	if len(t.sessionOf) > 0 {
		uncount(&s.shared.sessions, t.sessionOf, h)
	}
	if len(t.connOf) > 0 {
		uncount(&s.shared.conns, t.connOf, h)
	}
	if len(t.domainOf) > 0 {
		uncount(&s.shared.domains, t.domainOf, h)
	}
	if len(t.rates) > 0 {
		delete(t.rates, h)
	}
}

// becomeSocket: the connection of a client is a WebSocket's now.
func (t *admission) becomeSocket(client, socket uint32) {
	if a, ok := t.connOf[holder{slotClient, client}]; ok {
		delete(t.connOf, holder{slotClient, client})
		t.connOf[holder{slotSocket, socket}] = a
	}
}

// admitDomain counts a stream to a domain; false: there are too many.
func (s *Server) admitDomain(backend uint32, domain string) bool {
	limit := s.cfg.SessionsPerDomain
	if limit == 0 {
		return true
	}
	domain, _ = xmppconn.ParseDomain(domain) // which it is: there are targets
	if !s.shared.domains.take(domain, limit) {
		s.stats.hit(LimitSessionsPerDomain)
		s.complain.warn(s.log, s.now(), "streams were refused: their domain has as many as --max-sessions-per-domain allows", "domain", domain)
		return false
	}
	hold(&s.admission.domainOf, holder{slotBackend, backend}, domain)
	return true
}
