package proxy

import (
	"errors"
	"net/netip"

	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmppconn"
)

// Bounds of reaching a backend, in milliseconds: one attempt, and all of it.
const (
	attemptTimeout = 5_000
	connectTimeout = 15_000
)

// dialing is the search for a server that answers. It is there until the connection is up.
type dialing struct {
	id      uint32 // names this search: a late answer to a look-up of another finds it gone
	targets []xmppconn.Target
	target  xmppconn.Target // the one whose addresses are being tried
	addrs   []netip.AddrPort
	timer   timer.Node      // bounds all of it
	failed  xmppconn.Reason // how the last attempt ended
	err     error           // what the system said then
	told    bool            // the operator has a line about it

	connecting bool // the loop is at work on an attempt: its HandleClose or HandleConnect is to come
}

// addBackend opens a stream to the domain that a client asked for, and gives its record's slot. Whatever goes wrong is told later, never from here.
func (s *Server) addBackend(of ownerRef, r request) uint32 {
	slot, b := s.backends.alloc()
	b.srv, b.slot, b.of = s, slot, of
	domain := string(r.to)
	targets, reason := xmppconn.Targets(domain, string(r.route), s.cfg.Backends)
	if reason == xmppconn.ReasonNone {
		reason = xmppconn.ReasonConnectionFailed
	}
	s.seq++
	b.dialing = &dialing{id: s.seq, targets: targets, failed: reason}
	b.dialing.timer.Key = uint64(keySearch)<<32 | uint64(slot)
	s.loop.SetTimer(&b.dialing.timer, s.now()+connectTimeout)
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

// endSearch: a server was found, or is no longer looked for.
func (b *backend) endSearch() {
	if b.dialing != nil {
		b.srv.loop.CancelTimer(&b.dialing.timer)
		b.dialing = nil
	}
}

// giveUp ends the search for a server, with the one line about it that an operator needs.
func (b *backend) giveUp(r xmppconn.Reason) {
	d, s := b.dialing, b.srv
	if r == xmppconn.ReasonConnectionFailed && !d.told {
		s.complain.warn(s.log, s.now(), "cannot reach the XMPP server of a domain; is it up, and is --backend right?",
			"domain", b.xmpp.Domain(), "last", d.target.String(), "reason", d.err)
	}
	b.endSearch()
	b.xmpp.HandleClosed(s.now(), r)
	b.bury()
}

// handleSearchTimer ends a search that has taken too long.
func (s *Server) handleSearchTimer(slot uint32) {
	b := s.backends.get(slot)
	if b == nil || b.dialing == nil || b.ended {
		return
	}
	b.dialing.err = errSearchTime
	if b.dialing.connecting {
		b.conn.Abort() // HandleClose follows
		b.dialing.targets, b.dialing.addrs = nil, nil
		return
	}
	b.giveUp(xmppconn.ReasonConnectionFailed)
}

var errSearchTime = errors.New("it took too long")

// tlsPolicy demands TLS outside loopback and private networks: there a stripped STARTTLS offer would give passwords away
// (decisions.md 42).
func tlsPolicy(a netip.Addr) xmppconn.Policy {
	if xmppconn.IsTLSExempt(a) {
		return xmppconn.TLSOffer
	}
	return xmppconn.TLSRequire
}

// connect goes on to the next address, or to the next target's addresses, or gives up.
func (b *backend) connect() {
	d := b.dialing
	for {
		switch {
		case len(d.addrs) > 0:
			to := d.addrs[0]
			d.addrs = d.addrs[1:]
			if !b.permitted(to) {
				continue
			}
			b.directTLS = d.target.DirectTLS
			b.xmpp.SetTLS(tlsPolicy(to.Addr()))
			d.connecting = true
			b.srv.loop.Dial(&b.conn, b, to, attemptTimeout)
			return
		case len(d.targets) > 0:
			d.target, d.targets = d.targets[0], d.targets[1:]
			if addr, err := netip.ParseAddr(d.target.Host); err == nil {
				d.addrs = []netip.AddrPort{netip.AddrPortFrom(addr, d.target.Port)}
				continue
			}
			b.resolve()
			return
		default:
			b.giveUp(d.failed)
			return
		}
	}
}

// resolve looks the target's addresses up; the answer goes on with connect.
func (b *backend) resolve() {
	s, slot, id := b.srv, b.slot, b.dialing.id
	ok := s.resolver.resolve(query{
		host:   b.dialing.target.Host,
		wanted: func() bool { return s.searching(slot, id) != nil },
		done: func(addrs []netip.Addr, err error) {
			s.enter()
			if b := s.searching(slot, id); b != nil {
				b.resolved(addrs, err)
			}
			s.settle()
		},
	})
	if !ok {
		s.complain.warn(s.log, s.now(), "too many name look-ups wait; is the resolver up?", "domain", b.xmpp.Domain())
		s.put(task{do: taskConnect, backend: slot}) // the next target, if any
	}
}

// searching is the backend whose search has this id, if it still goes on.
func (s *Server) searching(slot, id uint32) *backend {
	b := s.backends.get(slot)
	if b == nil || b.ended || b.dialing == nil || b.dialing.id != id {
		return nil
	}
	return b
}

func (b *backend) resolved(addrs []netip.Addr, err error) {
	d := b.dialing
	switch {
	case isNoSuchHost(err):
		d.failed = xmppconn.ReasonHostUnknown
	case err != nil:
		d.failed, d.err = xmppconn.ReasonConnectionFailed, err
	}
	for _, a := range addrs {
		d.addrs = append(d.addrs, netip.AddrPortFrom(a.Unmap(), d.target.Port))
	}
	b.connect()
}

// permitted applies the address policy (decisions.md 40) and tells the operator which flag would permit a refused address.
func (b *backend) permitted(to netip.AddrPort) bool {
	d, s := b.dialing, b.srv
	if xmppconn.IsPermitted(d.target.Kind, to.Addr(), s.cfg.AllowPrivateBackends) {
		return true
	}
	d.failed, d.told = xmppconn.ReasonConnectionFailed, true
	scheme := ""
	if d.target.DirectTLS {
		scheme = "xmpps:"
	}
	s.complain.warn(s.log, s.now(), "refused to connect to a private address; the flag would permit it, or --allow-private-backends",
		"flag", "--backend="+b.xmpp.Domain()+"="+scheme+to.String())
	return false
}

// attemptFailed goes on after a connection that did not come up. The connection's memory may be used again only after
// its HandleClose has returned, hence the detour through Post.
func (b *backend) attemptFailed(err error) {
	s, slot, id := b.srv, b.slot, b.dialing.id
	b.dialing.failed, b.dialing.connecting = xmppconn.ReasonConnectionFailed, false
	if err != nil { // nil: handleSearchTimer did it
		b.dialing.err = err
	}
	s.log.Debug("cannot connect to an XMPP server", "domain", b.xmpp.Domain(), "target", b.dialing.target.String(), "reason", err)
	s.loop.Post(func() {
		s.enter()
		if b := s.searching(slot, id); b != nil {
			b.connect()
		}
		s.settle()
	})
}
