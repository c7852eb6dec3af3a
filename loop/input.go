package loop

import "syscall"

// Pause stops the reading. A reset is still noticed, and so is a FIN when nothing was received before it that has to be offered.
func (c *Conn) Pause() {
	if c.Closed() || c.has(flagPaused) {
		return
	}
	c.set(flagPaused)
	c.mark()
}

// Resume starts the reading again. What the loop kept is offered once more, after the running callback.
func (c *Conn) Resume() {
	if c.Closed() || !c.has(flagPaused) {
		return
	}
	c.unset(flagPaused)
	c.mark()
	c.postpone(flagOffer) // also when there is no tail: HandleData may be about to leave one
}

// handleEvent is what the poller has to tell. An event may be older than the present state: it is checked against that.
func (c *Conn) handleEvent(ev events) {
	c.loop.current = c
	if c.state == stateConnecting {
		c.handleConnected()
		return
	}
	if ev&evWritable != 0 && c.has(flagFull) {
		c.unset(flagFull)
		c.mark()
	}
	switch {
	case ev&(evReadable|evHangup|evError) == 0:
	case c.reading():
		c.handleReadable()
	default:
		c.handleHangup(ev)
	}
}

// handleReadable reads once: what is left is told again, after the others had their turn.
func (c *Conn) handleReadable() {
	switch {
	case c.state != stateOpen:
		c.discard()
	case c.tls != nil:
		c.readTLS()
	default:
		c.readClear()
	}
}

func (c *Conn) readClear() {
	b, have := c.room(c.loop.shared)
	n, errno := c.receive(b[have:min(len(b), have+readBytesMax)])
	switch {
	case errno != 0:
	case n == 0:
		c.handleEnd()
	default:
		c.offer(b[:have+n])
	}
}

// receive reads into b. A connection that can't be read has failed.
func (c *Conn) receive(b []byte) (int, syscall.Errno) {
	for {
		n, errno := c.loop.kernel.read(int(c.fd), b)
		//exhaustive:ignore
		switch errno {
		case 0, syscall.EAGAIN:
		case syscall.EINTR:
			continue
		default:
			c.die(errno)
		}
		return n, errno
	}
}

// handleHangup looks what a connection whose input isn't wanted has to say.
func (c *Conn) handleHangup(ev events) {
	k, fd := c.loop.kernel, int(c.fd)
	if ev&evError != 0 {
		if errno := k.socketError(fd); errno != 0 {
			c.die(errno)
			return
		}
	}
	if ev&evHangup == 0 || c.state != stateOpen || c.has(flagEOF) {
		return
	}
	n, errno := k.peek(fd, c.loop.shared[:closeNotifyMax])
	switch {
	case errno == syscall.EAGAIN || errno == syscall.EINTR:
	case errno != 0:
		c.die(errno)
	case c.tls != nil:
		c.handleHangupTLS(n)
	case n == 0 && len(c.tail()) == 0:
		c.handleEnd()
	}
}

// handleEnd takes note of the peer's FIN.
func (c *Conn) handleEnd() {
	if c.has(flagOffer) && len(c.tail()) > 0 { // what was kept comes first; if that pauses, the poller will tell again
		c.offer(c.tail())
		if c.state != stateOpen || c.has(flagPaused) {
			return
		}
	}
	c.set(flagEOF)
	c.mark()
	c.handler.HandleEOF(c)
}

// offer hands b, which is everything that is received and not consumed, to the handler, and keeps what it leaves.
// b aliases the loop's buffer, or the kept tail and the room behind it. The answer is c, or where the handler has moved it.
func (c *Conn) offer(b []byte) *Conn {
	c.unset(flagOffer)
	n := c.handler.HandleData(c, b)
	if c.state == stateFree {
		if p := c.loop.leftBy(c); p != nil {
			p.in = append(p.in, b[min(max(n, 0), len(b)):]...)
			return c
		}
		c = c.loop.movedTo
	}
	if c.state != stateOpen {
		c.dropTail()
		return c
	}
	c.keep(b, min(max(n, 0), len(b))) // a handler that counts wrong harms its own connection
	return c
}

// tail is what is kept.
func (c *Conn) tail() []byte {
	if c.x == nil {
		return nil
	}
	return c.x.in[c.x.inOff:]
}

// room says where to read: the first have bytes of b are the kept tail. A small one is copied to the front of the loop's buffer. A longer one stays where it is, so that
// what trickles in behind it costs no copy of all that came before.
func (c *Conn) room(shared []byte) (b []byte, have int) {
	tail := c.tail()
	if len(tail) <= tailBytesSmall {
		return shared, copy(shared, tail)
	}
	x := c.x
	if free := cap(x.in) - len(x.in); free < tailBytesSmall && x.inOff >= len(tail) {
		x.in = x.in[:copy(x.in, tail)]
		x.inOff = 0
	}
	if free := cap(x.in) - len(x.in); free < tailBytesSmall {
		in := append(c.loop.buffers.Get(len(tail)+len(tail)/2+tailBytesSmall), tail...)
		c.loop.buffers.Put(x.in)
		x.in, x.inOff = in, 0
	}
	return x.in[x.inOff:cap(x.in)], len(tail)
}

// keep keeps what stands in b behind its first n bytes.
func (c *Conn) keep(b []byte, n int) {
	rest := b[n:]
	if len(rest) == 0 {
		c.dropTail()
		return
	}
	x := c.need()
	pool := &c.loop.buffers
	if in := x.in[:cap(x.in)]; x.inOff < len(in) && &b[0] == &in[x.inOff] { // the tail, and what was read behind it
		x.in = in[:x.inOff+len(b)]
		x.inOff += n
		if len(rest) > tailBytesSmall || len(rest) > cap(in)/4 {
			return
		}
	} else if len(rest) <= cap(in) && len(rest) > cap(in)/8 {
		x.in, x.inOff = append(in[:0], rest...), 0
		return
	}
	in := append(pool.Get(len(rest)), rest...)
	pool.Put(x.in)
	x.in, x.inOff = in, 0
}

// dropTail keeps nothing.
func (c *Conn) dropTail() {
	x := c.x
	if x == nil || x.in == nil {
		return
	}
	c.loop.buffers.Put(x.in)
	x.in, x.inOff = nil, 0
	c.release()
}

// discard reads for nobody.
func (c *Conn) discard() {
	n, errno := c.receive(c.loop.shared[:readBytesMax])
	switch {
	case errno != 0:
		return
	case n == 0:
		c.set(flagEOF)
	default:
		x := c.need()
		x.discard += n
		if x.discard > discardBytesMax {
			c.set(flagEOF)
		}
	}
	c.mark()
}
