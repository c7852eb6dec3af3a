package loop

// Close ends the connection once its output is sent. What is received from now on is not read: where the peer may still be sending, it gets a reset and may lose
// the answer, so that CloseStaged is what an error answer needs. A connection that isn't up yet, or whose handshake isn't done, ends at once.
func (c *Conn) Close() { c.close(stateFlushing) }

// CloseStaged ends the connection as RFC 9112 §9.6 has it: the output is sent, the writing side is shut down, and what the peer still sends is read and
// thrown away until it closes too, for 2 s and 1 MB at most.
func (c *Conn) CloseStaged() { c.close(stateStaged) }

// Abort ends the connection at once; output that waits is dropped.
func (c *Conn) Abort() {
	if c.live() {
		c.die(nil)
	}
}

func (c *Conn) close(to state) {
	switch {
	case c.state == stateConnecting, c.state == stateOpen && c.tls != nil && c.tls.hs != nil:
		c.die(nil)
	case c.state == stateOpen:
		c.state = to
		c.deadline = 0
		c.unset(flagPaused | flagOffer | flagPress | flagDrain)
		c.bound(c.loop.Now() + c.loop.cfg.FlushTimeout)
		c.mark()
	}
}

// update brings a connection up to date at the end of a callback.
func (c *Conn) update() {
	switch c.state {
	case stateFree, stateDead:
		return
	case stateConnecting:
	case stateOpen:
		c.updateOpen()
	case stateFlushing, stateStaged:
		c.updateClosing()
	case stateDiscarding:
		if c.has(flagEOF) {
			c.die(nil)
		}
	}
	if c.live() {
		c.watch()
	}
}

func (c *Conn) updateOpen() {
	if c.tls != nil {
		c.beginTLS()
		c.sealTLS()
	}
	c.flush()
	if c.state != stateOpen {
		return
	}
	c.ease()
	if c.has(flagFinish) && !c.has(flagShut) && c.drained() {
		c.shut()
	}
}

func (c *Conn) updateClosing() {
	c.dropTail() // not before: its handler may have been looking at it
	if c.tls != nil {
		c.sealTLS()
	}
	c.flush()
	if !c.live() || !c.drained() {
		return
	}
	if c.state == stateFlushing || c.has(flagEOF) {
		c.die(nil)
		return
	}
	c.shut()
	c.state = stateDiscarding
	c.bound(c.loop.Now() + discardTimeout)
}

// drained says that all output is sent, TLS's last word included.
func (c *Conn) drained() bool {
	if c.tls != nil && !c.tls.drained() {
		return false
	}
	return c.Pending() == 0
}

func (c *Conn) shut() {
	if !c.has(flagShut) {
		c.set(flagShut)
		c.loop.kernel.shutdown(int(c.fd))
	}
}

// die ends the connection. HandleClose comes when no handler is on the stack.
func (c *Conn) die(err error) {
	if !c.live() {
		return
	}
	if c.state == stateDiscarding { // all was sent; how the peer leaves changes nothing
		err = nil
	}
	if c.Pending() > 0 {
		c.set(flagUnsent)
	}
	c.state = stateDead
	c.loop.dead = append(c.loop.dead, death{c, err})
}

// bury gives back everything the connection has, and says so to its owner.
func (c *Conn) bury(err error) {
	l := c.loop
	if c.interest != interestNone {
		_ = l.poller.set(int(c.fd), c.interest, interestNone)
	}
	if c.fd >= 0 {
		l.table[c.fd] = nil
		l.closing = append(l.closing, int(c.fd))
	}
	if c.tls != nil {
		c.tls.abandon()
	}
	c.drop()
	l.waits.Cancel(&c.node)
	l.conns--
	h := c.handler
	*c = Conn{loop: l, fd: -1, flags: c.flags & flagUnsent}
	h.HandleClose(c, err)
}
