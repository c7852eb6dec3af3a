package loop

// parcel is a connection on its way from one loop to another: between the two it belongs to nobody.
type parcel struct {
	from *Conn // until what its handler leaves is known
	to   *Loop
	take func() (*Conn, Handler)
	fd   int
	tls  *session
	x    *extra // the old loop's
	in   []byte // received, in clear, and not consumed
	raw  []byte // received, encrypted
	out  []byte // not sent
}

// HandOver makes an established connection another loop's. It is for a handler's HandleData: what that leaves goes along, as do TLS and output that waits. c is
// free, without a HandleClose; its memory may be used again when the running callback has returned.
//
// take is called on the other loop, for memory and a handler, as a listener's accept function is; what was left is offered to that handler before anything else. A
// loop that has ended closes the connection. Nothing happens, and false is the answer, unless c is established and open in both directions, and no handshake is under way.
func (c *Conn) HandOver(to *Loop, take func() (*Conn, Handler)) bool {
	if c.state != stateOpen || c.flags&(flagEOF|flagFinish) != 0 || c.tls != nil && c.tls.hs != nil || to == c.loop {
		return false
	}
	l := c.loop
	if c.tls != nil {
		c.sealTLS()
		if c.state != stateOpen {
			return false
		}
		c.tls.owner = nil
	}
	fd := int(c.fd)
	if c.interest != interestNone {
		if err := l.poller.set(fd, c.interest, interestNone); err != nil {
			c.interest = interestNone
			c.die(err)
			return false
		}
	}
	l.table[fd] = nil
	l.waits.Cancel(&c.node)
	l.conns--
	l.leaving = append(l.leaving, &parcel{from: c, to: to, take: take, fd: fd, tls: c.tls, x: c.x})
	*c = Conn{loop: l, fd: -1}
	return true
}

// leftBy is the parcel of a connection that its handler has just given away, or nil.
func (l *Loop) leftBy(c *Conn) *parcel {
	if n := len(l.leaving); n > 0 && l.leaving[n-1].from == c {
		return l.leaving[n-1]
	}
	return nil
}

// send gives parcels to their loops. Nothing of this loop's goes along.
func (l *Loop) sendParcels() {
	for i, p := range l.leaving {
		l.leaving[i] = nil
		p.from = nil
		if x := p.x; x != nil {
			p.out = append(p.out, x.out[x.outOff:]...)
			l.buffers.Put(x.out)
			l.buffers.Put(x.in)
			*x = extra{}
			if len(l.extras) < extrasMax {
				l.extras = append(l.extras, x)
			}
			p.x = nil
		}
		if !p.to.expect(p) {
			l.kernel.close(p.fd)
		}
	}
	l.leaving = l.leaving[:0]
}

// expect takes a parcel in, on any goroutine; false: the loop has ended.
func (l *Loop) expect(p *parcel) bool {
	l.mu.Lock()
	ended := l.phase == phaseEnded
	if !ended {
		l.arriving = append(l.arriving, p)
	}
	l.mu.Unlock()
	if !ended {
		l.Post(l.unpack)
	}
	return !ended
}

// unpack makes a connection of the parcel that has waited longest.
func (l *Loop) unpack() {
	l.mu.Lock()
	p := l.arriving[0]
	l.arriving[0] = nil
	if l.arriving = l.arriving[1:]; len(l.arriving) == 0 {
		l.arriving = nil
	}
	l.mu.Unlock()
	c, h := p.take()
	if c == nil || h == nil || !l.establish(c, h, p.fd) {
		l.kernel.close(p.fd)
		return
	}
	if len(p.out) > 0 {
		c.queue(p.out)
	}
	l.current = c
	if c.tls = p.tls; c.tls != nil {
		c.tls.owner = c
	}
	if len(p.in) > 0 {
		c = c.offer(p.in)
	}
	if next := l.leftBy(c); next != nil { // given away again at once: what is not decrypted goes along
		next.raw = append(next.raw, p.raw...)
		return
	}
	if len(p.raw) > 0 && c.state == stateOpen && c.tls != nil {
		c.tls.in, c.tls.eof = p.raw, false
		c.decrypt()
	}
}

// returnParcels closes what arrived too late.
func (l *Loop) returnParcels() {
	l.mu.Lock()
	late := l.arriving
	l.arriving = nil
	l.mu.Unlock()
	for _, p := range late {
		l.kernel.close(p.fd)
	}
}
