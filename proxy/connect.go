package proxy

import (
	"net/netip"

	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmppconn"
)

// Bounds of reaching a backend, in milliseconds: one attempt, and all of it.
const (
	attemptTimeout = 5_000
	connectTimeout = 15_000
)

// dialing is the search for a server that answers.
type dialing struct {
	id      uint32 // names this search: a late answer to a look-up of another finds it gone
	targets []xmppconn.Target
	target  xmppconn.Target // the one whose addresses are being tried
	addrs   []netip.AddrPort
	until   timer.Time
	failed  xmppconn.Reason // how the last attempt ended

	connecting bool // the loop is at work on an attempt: its HandleClose or HandleConnect is to come
}

// addBackend opens a stream to the domain that a session asked for. Whatever goes wrong is told later, never from here.
func (s *Server) addBackend(ss *session, id bosh.StreamID, body *bosh.Body) {
	slot, b := s.backends.alloc()
	b.srv, b.slot, b.session, b.stream = s, slot, ss.slot, id
	ss.SetTag(id, slot)
	s.seq++
	b.dialing = &dialing{id: s.seq, until: s.now() + connectTimeout, failed: xmppconn.ReasonConnectionFailed}
	domain := string(body.To())
	targets, reason := xmppconn.Targets(domain, string(body.Route()), s.cfg.Backends)
	b.xmpp.Open(s.now(), &s.streams, xmppconn.Params{
		Domain:   domain,
		From:     string(body.From()),
		Lang:     string(body.Lang()),
		Version:  string(body.XMPPVersion()),
		MaxBytes: uint32(s.cfg.MaxDataHeld),
		Tag:      slot,
	})
	b.dialing.targets, b.dialing.failed = targets, reason
	if reason == xmppconn.ReasonNone {
		b.dialing.failed = xmppconn.ReasonConnectionFailed
	}
	s.put(task{do: taskConnect, backend: slot})
}

// giveUp ends the search for a server.
func (b *backend) giveUp(r xmppconn.Reason) {
	b.dialing = nil
	b.xmpp.HandleClosed(b.srv.now(), r)
	b.bury()
}

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
	for !b.ended {
		left := d.until - b.srv.now()
		switch {
		case left <= 0:
			b.giveUp(xmppconn.ReasonConnectionFailed)
			return
		case len(d.addrs) > 0:
			to := d.addrs[0]
			d.addrs = d.addrs[1:]
			if !b.permitted(to) {
				continue
			}
			b.directTLS = d.target.DirectTLS
			b.xmpp.SetTLS(tlsPolicy(to.Addr()))
			d.connecting = true
			b.srv.loop.Dial(&b.conn, b, to, min(left, attemptTimeout))
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
	ok := s.resolver.resolve(b.dialing.target.Host, func(addrs []netip.Addr, err error) {
		s.enter()
		if b := s.searching(slot, id); b != nil {
			b.resolved(addrs, err)
		}
		s.settle()
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
		b.srv.complain.warn(b.srv.log, b.srv.now(), "the look-up of an XMPP server's address failed", "host", d.target.Host, "reason", err)
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
	d.failed = xmppconn.ReasonConnectionFailed
	s.complain.warn(s.log, s.now(), "refused to connect to a private address; --backend="+b.xmpp.Domain()+"="+to.String()+
		" would permit it, or --allow-private-backends", "domain", b.xmpp.Domain(), "address", to)
	return false
}

// attemptFailed goes on after a connection that did not come up. The connection's memory may be used again only after
// its HandleClose has returned, hence the detour through Post.
func (b *backend) attemptFailed(err error) {
	s, slot, id := b.srv, b.slot, b.dialing.id
	b.dialing.failed, b.dialing.connecting = xmppconn.ReasonConnectionFailed, false
	s.complain.warn(s.log, s.now(), "cannot connect to an XMPP server", "domain", b.xmpp.Domain(), "host", b.dialing.target.Host, "reason", err)
	s.loop.Post(func() {
		s.enter()
		if b := s.searching(slot, id); b != nil {
			b.connect()
		}
		s.settle()
	})
}
