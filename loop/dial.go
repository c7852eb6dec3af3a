package loop

import (
	"net/netip"
	"os"
	"syscall"

	"go-xmpp-bosh/timer"
)

// Dial begins to connect c to an address. It never fails at once: the outcome is h's HandleConnect, or its HandleClose, after the running callback.
// timeout is in milliseconds; 0 leaves it to the kernel. c must be free: zero, or closed and told so.
//
// Output may be written, and a deadline set, right away.
func (l *Loop) Dial(c *Conn, h Handler, to netip.AddrPort, timeout timer.Time) {
	if !l.adopt(c, h) {
		return
	}
	c.state = stateConnecting
	if l.stopping {
		c.die(ErrStopped)
		return
	}
	if !to.IsValid() {
		c.die(os.NewSyscallError("connect", syscall.EINVAL))
		return
	}
	fd, errno := l.kernel.connect(to)
	if errno != 0 {
		c.die(os.NewSyscallError("connect", errno))
		return
	}
	l.enter(c, fd)
	if timeout > 0 {
		c.bound(l.Now() + timeout)
	}
	c.mark()
}

// adopt makes c the loop's. It has no descriptor yet.
func (l *Loop) adopt(c *Conn, h Handler) bool {
	if c.state != stateFree || l.ended {
		l.cfg.Logger.Error("a connection in use was given to the loop", "state", c.state.String(), "ended", l.ended)
		return false
	}
	*c = Conn{loop: l, handler: h, fd: -1}
	l.conns++
	return true
}

// establish makes c a connection that is up, on fd. The caller calls settle, or is called from a callback.
func (l *Loop) establish(c *Conn, h Handler, fd int) bool {
	if !l.adopt(c, h) {
		return false
	}
	l.enter(c, fd)
	c.state = stateOpen
	c.mark()
	return true
}

// handleConnected asks how the connect ended. Nothing is read before: a read would take the answer away.
func (c *Conn) handleConnected() {
	if errno := c.loop.kernel.socketError(int(c.fd)); errno != 0 {
		c.die(os.NewSyscallError("connect", errno))
		return
	}
	// A descriptor that went to another loop and was closed there may be ours again in the batch in which it left: then the event is not about this connect.
	if !c.loop.kernel.remoteAddr(int(c.fd)).IsValid() {
		return
	}
	c.state = stateOpen
	c.unbound()
	c.mark()
	c.handler.HandleConnect(c)
}
