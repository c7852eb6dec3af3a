package proxy

import (
	"errors"
	"net/netip"
	"slices"
	"syscall"

	"go-xmpp-bosh/loop"
	"go-xmpp-bosh/xmppconn"
)

// attempt is one connection in a race for a server (RFC 8305 §5). The first that is up becomes the backend's; the others are dropped.
type attempt struct {
	conn   loop.Conn
	srv    *Server
	slot   uint32 // the backend's
	id     uint32 // of its search
	target xmppconn.Target
	to     netip.AddrPort
}

// attempt begins to connect to the next address.
func (b *backend) attempt() {
	d, s := b.dialing, b.srv
	addr := d.addrs[0]
	d.addrs = d.addrs[1:]
	if !b.permitted(addr) {
		return
	}
	if d.tried++; d.tried == attemptsMax {
		d.addrs = nil
	}
	d.v6 = addr.Unmap().Is6()
	d.short, d.nextAt = false, s.now()+attemptDelay
	a := &attempt{srv: s, slot: b.slot, id: d.id, target: d.target, to: netip.AddrPortFrom(addr, d.target.Port)}
	d.attempts = append(d.attempts, a)
	s.keepRoom()
	b.tell(Step{Kind: StepDial, Target: a.target, To: a.to})
	s.loop.Dial(&a.conn, a, a.to, attemptTimeout)
}

// search is the backend that the attempt is for, while it is still in want of a server.
func (a *attempt) search() *backend { return a.srv.searching(a.slot, a.id) }

// HandleConnect: this one has won.
func (a *attempt) HandleConnect(*loop.Conn) {
	s := a.srv
	s.enter()
	if b := a.search(); b != nil {
		b.won(a)
	} else {
		a.conn.Abort()
	}
	s.settle()
}

// won makes the attempt's connection the backend's.
func (b *backend) won(a *attempt) {
	d := b.dialing
	d.drop(a)
	b.directTLS, b.proxy = a.target.DirectTLS, a.target.Proxy
	if !a.conn.MoveTo(&b.conn, b) {
		a.conn.Abort()
		b.giveUp(xmppconn.ReasonInternal)
		return
	}
	b.srv.connected(d)
	b.endSearch()
	if b.stopped {
		b.conn.Pause()
	}
	b.tell(Step{Kind: StepWon, Target: a.target, To: a.to, Policy: b.srv.cfg.policy(b.xmpp.Domain(), a.to.Addr())})
	b.connected(a.to.Addr())
}

// drop forgets an attempt.
func (d *dialing) drop(a *attempt) {
	for i, other := range d.attempts {
		if other == a {
			d.attempts = append(d.attempts[:i], d.attempts[i+1:]...)
			return
		}
	}
}

// HandleClose: it did not come up, so the next address is tried at once (RFC 8305 §5).
func (a *attempt) HandleClose(_ *loop.Conn, err error) {
	s := a.srv
	s.enter()
	if b := a.search(); b != nil {
		d := b.dialing
		d.drop(a)
		d.failed, d.err, d.nextAt = xmppconn.ReasonConnectionFailed, err, 0
		if noDescriptor(err) && d.tried < attemptsMax { // says nothing about the server; those of connections that were closed are free with the next turn
			d.addrs = slices.Insert(d.addrs, 0, a.to.Addr())
			d.short, d.nextAt = true, s.now()+attemptDelay
			s.makeRoom()
		}
		b.tell(Step{Kind: StepFailed, Target: a.target, To: a.to, Err: err})
		s.log.Debug("cannot connect to an XMPP server", b.about("domain", b.xmpp.Domain(), "target", a.target.String(), "address", a.to, "reason", err)...)
		b.connect()
	}
	s.settle()
}

func noDescriptor(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}

// An attempt has no other life: what is up belongs to the backend.
func (a *attempt) HandleData(_ *loop.Conn, b []byte) int { return len(b) }
func (a *attempt) HandleEOF(*loop.Conn)                  {}
func (a *attempt) HandleDrain(*loop.Conn)                {}
func (a *attempt) HandleSecure(*loop.Conn)               {}
func (a *attempt) HandleDeadline(*loop.Conn)             {}
