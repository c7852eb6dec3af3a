package loop

// MoveTo makes an established connection another Conn's, in the same loop: to has everything from now on, the descriptor, TLS, output that waits and input that is
// kept, and h is its handler. No deadline is set, and it isn't paused. c is free, without a HandleClose; its memory may be used again when the running callback has returned.
//
// A handler of c's may call it. What a running HandleData leaves is offered to h after it has returned. Nothing happens, and false is the answer, unless c is
// established, no handshake is under way, and to is free.
func (c *Conn) MoveTo(to *Conn, h Handler) bool {
	if c.state != stateOpen || to.state != stateFree || c.tls != nil && c.tls.hs != nil {
		return false
	}
	l := c.loop
	l.waits.Cancel(&c.node)
	*to = Conn{
		loop: l, handler: h, x: c.x, tls: c.tls, fd: c.fd, state: stateOpen, interest: c.interest,
		flags: c.flags &^ (flagDirty | flagLater | flagPaused | flagOffer),
	}
	*c = Conn{loop: l, fd: -1}
	l.table[to.fd] = to
	if to.tls != nil {
		to.tls.owner = to
	}
	if l.current == c {
		l.current, l.movedTo = to, to
	}
	to.mark()
	later := flagOffer
	if to.has(flagDrain) {
		later |= flagDrain
	}
	to.postpone(later)
	return true
}
