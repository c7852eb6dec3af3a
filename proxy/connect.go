package proxy

import (
	"errors"
	"net/netip"
	"slices"

	"go-xmpp-bosh/lookup"
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmppconn"
)

// Bounds of reaching a backend: one attempt, and all of them, in milliseconds; how long an attempt has before the next one joins it
// (RFC 8305 §8); and how many there may be, since the addresses are the domain's choice.
const (
	attemptTimeout = 5_000
	connectTimeout = 15_000
	attemptDelay   = 250
	attemptsMax    = 16
)

// dialing is the search for a server that answers. It is there until the connection is up.
//
// It has a list of targets and works on one at a time: its addresses come from the DNS, and connections to them race (RFC 8305 §5). Only when all of them
// have failed is it the next target's turn (RFC 2782).
type dialing struct {
	id       uint32            // names this search: what belongs to another finds it gone
	targets  []xmppconn.Target // that are left
	target   xmppconn.Target   // the one at hand
	addrs    []netip.Addr      // of the target: known, and not tried
	attempts []*attempt        // under way
	nextAt   timer.Time        // when the next attempt may join them
	until    timer.Time        // when all of it has taken too long
	timer    timer.Node        // until, or nextAt
	failed   xmppconn.Reason   // how the last attempt ended
	err      error             // what was said then
	tried    int               // attempts so far

	service bool // the target is a domain: its SRV records come first
	itself  bool // the target is the domain itself, since it has none
	looking bool // an answer of the DNS is to come
	closing bool // the connection to the server before (see-other-host) is not closed yet
	v6      bool // the last attempt was over IPv6
	told    bool // the operator has a line about it
	short   bool // there was no file descriptor: no attempt before nextAt
}

// addBackend opens a stream to the domain that a client asked for, and says in which slot. Whatever goes wrong is told later, never from here.
func (s *Server) addBackend(of ownerRef, r request) uint32 {
	slot, b := s.backends.alloc()
	b.srv, b.slot, b.of = s, slot, of
	s.stats.Streams[of.kind.transport()].Opened++
	domain := string(r.to)
	if s.program != nil {
		if reason := s.program.open(b, &r); reason != xmppconn.ReasonNone || b.carried {
			b.openCarried(&r, reason)
			return slot
		}
	}
	targets, reason := s.targets(domain, string(r.route))
	only, isOnly := s.only(of)
	if isOnly && reason == xmppconn.ReasonNone {
		targets = []xmppconn.Target{only}
	}
	b.tell(Step{Kind: StepTargets, Targets: targets, Reason: reason})
	if reason == xmppconn.ReasonNone && !s.admitDomain(slot, domain) {
		targets, reason = nil, xmppconn.ReasonPolicyViolation
	}
	if reason == xmppconn.ReasonNone {
		reason = xmppconn.ReasonConnectionFailed
	}
	s.callers.note(s, slot, of, targets)
	b.search(targets, reason)
	b.dialing.service = len(targets) > 0 && targets[0].Kind == xmppconn.KindDomain && !isOnly
	b.xmpp.Open(s.now(), &s.streams, xmppconn.Params{
		Domain:   domain,
		From:     string(r.from),
		Lang:     string(r.lang),
		Version:  string(r.version),
		MaxBytes: uint32(r.bytesMax),
		Tag:      slot,
	})
	s.put(task{do: taskConnect, backend: slot})
	return slot
}

// search begins to look for a server, with the next task.
func (b *backend) search(targets []xmppconn.Target, failed xmppconn.Reason) {
	s := b.srv
	s.seq++
	d := &dialing{id: s.seq, targets: targets, failed: failed, until: s.now() + s.cfg.ConnectTimeout}
	d.timer.Key = uint64(keySearch)<<32 | uint64(b.slot)
	b.dialing = d
	s.stats.searching++
	s.loop.SetTimer(&d.timer, d.until)
}

// endSearch: a server was found, or is no longer looked for.
func (b *backend) endSearch() {
	d := b.dialing
	if d == nil {
		return
	}
	b.dialing = nil
	b.srv.stats.searching--
	s := b.srv
	s.loop.CancelTimer(&d.timer)
	s.names.cancel(b.ticket(d))
	for _, a := range d.attempts {
		a.conn.Abort() // nobody listens to its HandleClose
	}
}

// giveUp ends the search for a server, with the one line about it that an operator needs.
func (b *backend) giveUp(r xmppconn.Reason) {
	d, s := b.dialing, b.srv
	if (r == xmppconn.ReasonConnectionFailed || d.target.Kind == xmppconn.KindBackend) && !d.told {
		s.complain.warn(s.log, s.now(), "cannot reach the XMPP server of a domain; is it up, and is --backend right?",
			b.about("domain", b.xmpp.Domain(), "last", d.target.String(), "reason", d.err)...)
	}
	b.endSearch()
	b.xmpp.HandleClosed(s.now(), r)
	b.bury()
}

// handleSearchTimer lets the next attempt join, or ends a search that has taken too long.
func (s *Server) handleSearchTimer(slot uint32) {
	b := s.backends.get(slot)
	if b == nil || b.dialing == nil || b.ended {
		return
	}
	if s.now() < b.dialing.until {
		b.connect()
		return
	}
	b.dialing.err = errSearchTime
	if b.dialing.closing {
		b.dialing.targets = nil
		b.conn.Abort() // HandleClose follows, and finds nothing left to try
		return
	}
	b.giveUp(xmppconn.ReasonConnectionFailed)
}

var errSearchTime = errors.New("it took too long")

// connect goes on with the search, as far as it can go now. It may be called at any time.
func (b *backend) connect() {
	d, s := b.dialing, b.srv
	for b.dialing == d && d != nil {
		switch {
		case d.closing:
			return
		case len(d.addrs) > 0 && (len(d.attempts) == 0 && !d.short || s.now() >= d.nextAt):
			b.attempt()
		case len(d.addrs) > 0:
			s.loop.SetTimer(&d.timer, min(d.nextAt, d.until))
			return
		case d.looking || len(d.attempts) > 0:
			s.loop.SetTimer(&d.timer, d.until)
			return
		case len(d.targets) > 0 && d.tried < attemptsMax:
			b.nextTarget()
		default:
			b.giveUp(d.failed)
		}
	}
}

// nextTarget begins with the target that is next.
func (b *backend) nextTarget() {
	d, names := b.dialing, &b.srv.names
	d.target, d.targets = d.targets[0], d.targets[1:]
	if addr, err := netip.ParseAddr(d.target.Host); err == nil {
		d.addrs = append(d.addrs[:0], addr)
		b.tell(Step{Kind: StepAddresses, Target: d.target, Addrs: d.addrs, Last: true})
		return
	}
	d.looking = true
	if d.service {
		d.service = false
		names.service(b.ticket(d), d.target.Host)
		return
	}
	names.addresses(b.ticket(d), d.target.Host)
}

// ticket names a search to the DNS client.
func (b *backend) ticket(d *dialing) lookup.Ticket {
	return lookup.Ticket(b.slot)<<32 | lookup.Ticket(d.id)
}

// searching is the backend whose search has this id, if it still goes on.
func (s *Server) searching(slot, id uint32) *backend {
	b := s.backends.get(slot)
	if b == nil || b.ended || b.dialing == nil || b.dialing.id != id {
		return nil
	}
	return b
}

// permitted applies the address policy (decisions.md 29, 40) and tells the operator which flag would permit a refused address.
func (b *backend) permitted(to netip.Addr) bool {
	d, s := b.dialing, b.srv
	if xmppconn.IsPermitted(d.target.Kind, to, s.isPrivateAllowed(to)) {
		return true
	}
	d.failed, d.told = xmppconn.ReasonConnectionFailed, true
	b.tell(Step{Kind: StepRefused, Target: d.target, To: netip.AddrPortFrom(to, d.target.Port)})
	scheme := ""
	if d.target.DirectTLS {
		scheme = "xmpps:"
	}
	s.complain.warn(s.log, s.now(), "refused to connect to a private address; either flag would permit it",
		b.about("flag", "--backend="+b.xmpp.Domain()+"="+scheme+netip.AddrPortFrom(to, d.target.Port).String(),
			"or", "--allow-private-backends="+netip.PrefixFrom(to.WithZone(""), to.BitLen()).String())...)
	return false
}

// isPrivateAllowed reports whether the operator lets look-ups lead to an address that is not public.
func (s *Server) isPrivateAllowed(to netip.Addr) bool {
	if len(s.cfg.PrivateNetworks) == 0 {
		return s.cfg.AllowPrivateBackends
	}
	to = to.WithZone("").Unmap()
	return slices.ContainsFunc(s.cfg.PrivateNetworks, func(p netip.Prefix) bool { return p.Contains(to) })
}
