package lookup

import (
	"net/netip"

	"go-xmpp-bosh/timer"
)

// HandleUDP takes a datagram that came to the socket of a try.
func (r *Resolver) HandleUDP(now timer.Time, name Try, from netip.AddrPort, b []byte) {
	q := r.tries[name]
	if q == nil {
		return
	}
	t := q.try(name)
	if t.tcp {
		return
	}
	m, truncated := read(b, t.id, q.ask, q.qtype)
	switch {
	case !isSame(from, r.cfg.Servers[t.server]):
		q.missed(r, now, t)
	case truncated:
		q.resend(r, now, t, true)
	case m == nil:
		q.missed(r, now, t)
	default:
		q.answered(r, now, t, m)
	}
	r.tell()
}

// HandleTCP takes what a resolver has sent on the connection of a try, what was not consumed before included, and says how much it
// consumed. An answer stands behind its length (RFC 1035 §4.2.2).
func (r *Resolver) HandleTCP(now timer.Time, name Try, b []byte) int {
	q := r.tries[name]
	if q == nil {
		return len(b)
	}
	if len(b) < 2 {
		return 0
	}
	size := int(b[0])<<8 | int(b[1])
	if len(b) < 2+size {
		return 0
	}
	t := q.try(name)
	m, _ := read(b[2:2+size], t.id, q.ask, q.qtype)
	if m == nil { // nobody else can speak here: the resolver is of no use
		q.refused(r, now, t)
	} else {
		q.answered(r, now, t, m)
	}
	r.tell()
	return len(b)
}

// HandleFailed: the socket of a try could not be had, nobody is there, or the connection is gone.
func (r *Resolver) HandleFailed(now timer.Time, name Try) {
	q := r.tries[name]
	if q == nil {
		return
	}
	q.refused(r, now, q.try(name))
	r.tell()
}

// isSame compares addresses, whichever way an IPv4 address is written.
func isSame(a, b netip.AddrPort) bool {
	return a.Port() == b.Port() && a.Addr().Unmap() == b.Addr().Unmap()
}

// missed counts what is no answer to the try. Many are a sign of somebody who guesses (RFC 5452 §9), who cannot on TCP.
func (q *query) missed(r *Resolver, now timer.Time, t *try) {
	t.misses++
	if t.misses == missesMax {
		q.resend(r, now, t, true)
	}
}

// resend puts another try in the place of t, to the same resolver.
func (q *query) resend(r *Resolver, now timer.Time, t *try, tcp bool) {
	server := t.server
	r.closeTry(t)
	q.send(r, now, server, tcp)
}

// refused: the resolver of this try is of no use to the query.
func (q *query) refused(r *Resolver, now timer.Time, t *try) {
	q.bad |= 1 << t.server
	if t.name == q.now.name {
		r.closeTry(&q.now)
		q.keepTrying(r, now)
		return
	}
	r.closeTry(t)
	if q.bad == 1<<len(r.cfg.Servers)-1 {
		q.keepTrying(r, now) // which gives up
	}
}

// answered takes an answer that is one.
func (q *query) answered(r *Resolver, now timer.Time, t *try, m *message) {
	if m.isEDNSRefused() && !q.plain { // RFC 6891 §7: once more without
		q.plain = true
		q.resend(r, now, t, t.tcp)
		return
	}
	v := m.verdict(q.ask, q.qtype)
	if v.kind == verdictUseless {
		q.refused(r, now, t)
		return
	}
	r.best = t.server
	q.from = r.cfg.Servers[t.server]
	q.aliases += v.aliases
	q.keep, q.ttl = min(q.keep, v.keep), min(q.ttl, v.keep)
	switch v.kind {
	case verdictFound:
		r.finish(now, q, &result{outcome: Found, addrs: v.addrs, srvs: v.srvs, keep: max(q.keep, r.cfg.KeepMin)})
	case verdictNoName:
		r.finish(now, q, &result{outcome: NoName, keep: q.negative(r)})
	case verdictNoData:
		r.finish(now, q, &result{outcome: NoData, keep: q.negative(r)})
	case verdictAlias:
		if q.aliases > aliasesMax {
			r.finish(now, q, &result{outcome: Failed, keep: failedKeep})
			return
		}
		q.follow(r, now, v.alias)
	case verdictLoop:
		r.finish(now, q, &result{outcome: Failed, keep: failedKeep})
	case verdictUseless:
	}
}

// negative is how long it may be kept that there is nothing.
func (q *query) negative(r *Resolver) timer.Time {
	return max(min(q.keep, r.cfg.NegativeMax), r.cfg.KeepMin)
}

// follow asks for the name that an alias leads to and whose records did not come along.
func (q *query) follow(r *Resolver, now timer.Time, name string) {
	r.closeTry(&q.old)
	r.closeTry(&q.now)
	if special(name) != nil { // never asked for
		r.finish(now, q, &result{outcome: NoName, keep: failedKeep})
		return
	}
	q.ask, q.bad, q.asked = name, 0, 0
	q.keepTrying(r, now)
}
