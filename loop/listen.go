package loop

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"

	"go-xmpp-bosh/timer"
)

// Listener is an address on which connections are accepted.
type Listener struct {
	loop   *Loop
	accept func() (*Conn, Handler)
	fd     int
	addr   netip.AddrPort
	node   timer.Node // ends a rest
	state  interest   // none = rests
}

// Listen accepts connections on addr, "host:port". A host that is empty or "::" means all addresses of both families; port 0 lets the system choose one.
// A name is looked up, which may take its time: this is for start-up.
//
// accept gives memory and a handler to each new connection, and is called on the loop; a nil Conn refuses the connection.
func (l *Loop) Listen(addr string, accept func() (*Conn, Handler)) (*Listener, error) {
	a, dual, err := parseAddr(addr)
	if err != nil {
		return nil, err
	}
	if l.ended {
		return nil, ErrStopped
	}
	fd, err := l.kernel.listen(a, dual, l.cfg.ReusePort)
	if dual && (errors.Is(err, syscall.EAFNOSUPPORT) || errors.Is(err, syscall.EADDRNOTAVAIL)) { // a machine without IPv6
		fd, err = l.kernel.listen(netip.AddrPortFrom(netip.IPv4Unspecified(), a.Port()), false, l.cfg.ReusePort)
	}
	if err != nil {
		return nil, err
	}
	return l.listenOn(fd, accept)
}

// listenOn accepts connections on fd, which becomes the loop's.
func (l *Loop) listenOn(fd int, accept func() (*Conn, Handler)) (*Listener, error) {
	ls := &Listener{loop: l, accept: accept, fd: fd, addr: l.kernel.localAddr(fd)}
	if err := ls.watch(interestRead); err != nil {
		l.kernel.close(fd)
		return nil, err
	}
	l.listeners = append(l.listeners, ls)
	return ls, nil
}

// Addr is the address that is listened on, with the port that the system chose.
func (ls *Listener) Addr() netip.AddrPort { return ls.addr }

// Close stops accepting. Connections in the kernel's queue are reset.
func (ls *Listener) Close() {
	l := ls.loop
	for i, other := range l.listeners {
		if other != ls {
			continue
		}
		l.listeners = append(l.listeners[:i:i], l.listeners[i+1:]...)
		l.waits.Cancel(&ls.node)
		_ = ls.watch(interestNone)
		l.closing = append(l.closing, ls.fd)
		return
	}
}

func (ls *Listener) watch(to interest) error {
	from := ls.state
	ls.state = to
	if from == to {
		return nil
	}
	return ls.loop.poller.set(ls.fd, from, to)
}

// parseAddr reads "host:port"; dual says that both families are meant.
func parseAddr(addr string) (a netip.AddrPort, dual bool, err error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return a, false, fmt.Errorf("listen address: %w", err)
	}
	t, err := net.ResolveTCPAddr("tcp", addr)
	if err != nil {
		return a, false, fmt.Errorf("listen address: %w", err)
	}
	a = t.AddrPort()
	if host == "" || !a.Addr().IsValid() {
		a = netip.AddrPortFrom(netip.IPv6Unspecified(), a.Port())
	}
	return a, a.Addr() == netip.IPv6Unspecified(), nil
}
