package loop

import "syscall"

// Write sends b, which is borrowed. Small output is collected and sent once, at the end of the callback; what is large goes to the kernel at
// once, and only what that doesn't take is copied. What is written before the connection is up goes out when it is. Write never
// fails: a connection that can't be written to ends, and is told so.
func (c *Conn) Write(b []byte) {
	if c.Closed() || c.has(flagFinish) || len(b) == 0 {
		return
	}
	switch {
	case c.tls != nil:
		c.writeTLS(b)
	case len(b) >= directBytesMin && c.state == stateOpen && !c.has(flagFull):
		c.writeThrough(b)
	default:
		c.queue(b)
	}
	if !c.has(flagPress) && c.Pending() > c.loop.cfg.HighWater {
		c.set(flagPress)
	}
	c.mark()
}

// Pending is the number of output bytes that the kernel has not taken. On a TLS connection those that are encrypted count as such.
func (c *Conn) Pending() int {
	n := 0
	if c.x != nil {
		n = len(c.x.out) - c.x.outOff
	}
	if c.tls != nil {
		n += len(c.tls.plain)
	}
	return n
}

// Pressed says that the output has passed the high-water mark, and that HandleDrain is to come.
func (c *Conn) Pressed() bool { return c.flags&(flagPress|flagDrain) != 0 }

// CloseWrite shuts the writing side down once the output is sent. Input goes on.
func (c *Conn) CloseWrite() {
	if c.Closed() || c.has(flagFinish) {
		return
	}
	c.set(flagFinish)
	c.mark()
}

// queue puts b behind the output.
func (c *Conn) queue(b []byte) {
	x := c.need()
	if x.outOff > 0 && cap(x.out)-len(x.out) < len(b) {
		if x.outOff >= len(x.out)-x.outOff { // more is free than would be moved
			x.out = x.out[:copy(x.out, x.out[x.outOff:])]
			x.outOff = 0
		}
	}
	if cap(x.out)-len(x.out) < len(b) {
		rest := x.out[x.outOff:]
		size := len(rest) + len(b)
		if len(rest) > 0 {
			size += len(rest) / 2
		}
		out := append(c.loop.buffers.Get(size), rest...)
		c.loop.buffers.Put(x.out)
		x.out, x.outOff = out, 0
	}
	x.out = append(x.out, b...)
}

// writeThrough sends what is queued and b without copying b, as far as the kernel takes it.
func (c *Conn) writeThrough(b []byte) {
	var queued []byte
	if c.x != nil {
		queued = c.x.out[c.x.outOff:]
	}
	n, errno := c.send(queued, b)
	if errno != 0 && errno != syscall.EAGAIN {
		return
	}
	c.taken(min(n, len(queued)))
	if rest := b[max(n-len(queued), 0):]; len(rest) > 0 {
		c.queue(rest)
		c.short(errno)
	}
}

// short notices that the kernel did not take everything. When the poller tells of room by its edge alone, there is one to come only after
// the kernel has said that there is none.
func (c *Conn) short(errno syscall.Errno) {
	if errno == syscall.EAGAIN || c.reading() {
		c.set(flagFull)
	}
}

// send offers bytes to the kernel. A connection that can't be written to has failed.
func (c *Conn) send(a, b []byte) (int, syscall.Errno) {
	for {
		n, errno := c.loop.kernel.writev(int(c.fd), a, b)
		//exhaustive:ignore
		switch errno {
		case 0, syscall.EAGAIN:
		case syscall.EINTR:
			continue
		default:
			c.set(flagUnsent)
			c.die(errno)
		}
		return n, errno
	}
}

// flush sends the output, as far as the kernel takes it.
func (c *Conn) flush() {
	for c.x != nil && len(c.x.out) > c.x.outOff && !c.has(flagFull) {
		out := c.x.out[c.x.outOff:]
		n, errno := c.send(nil, out)
		if errno != 0 && errno != syscall.EAGAIN {
			return
		}
		c.taken(n)
		if n == len(out) {
			return
		}
		c.short(errno)
		if n > 0 && c.state != stateOpen { // it moves: give it more time
			c.bound(c.loop.Now() + c.loop.cfg.FlushTimeout)
		}
	}
}

// taken drops n bytes of output that the kernel has.
func (c *Conn) taken(n int) {
	x := c.x
	if x == nil {
		return
	}
	x.outOff += n
	if x.outOff == len(x.out) {
		c.dropOutput()
	}
}

func (c *Conn) dropOutput() {
	x := c.x
	if x == nil || x.out == nil {
		return
	}
	c.loop.buffers.Put(x.out)
	x.out, x.outOff = nil, 0
	c.release()
}

// ease notices that the output has fallen to the low-water mark.
func (c *Conn) ease() {
	if c.has(flagPress) && c.Pending() <= c.loop.cfg.LowWater {
		c.unset(flagPress)
		c.postpone(flagDrain)
	}
}
