package loop

import "go-xmpp-bosh/timer"

// extra is what a connection needs only while something is under way. The loop keeps the records for the next connection.
type extra struct {
	in      []byte     // owned, from the pool: received; what stands behind inOff is not consumed
	inOff   int        //
	out     []byte     // owned, from the pool: to be sent; what stands behind outOff is not taken by the kernel
	outOff  int        //
	by      timer.Time // the loop's own deadline: of connecting, or of the stage of closing; 0 = none
	discard int        // bytes that were thrown away
}

// need gives the connection its extra.
func (c *Conn) need() *extra {
	if c.x != nil {
		return c.x
	}
	l := c.loop
	if n := len(l.extras); n > 0 {
		c.x = l.extras[n-1]
		l.extras = l.extras[:n-1]
	} else {
		c.x = new(extra)
	}
	return c.x
}

// extrasMax is how many free records are kept.
const extrasMax = 1024

// release takes the extra away when there is nothing in it.
func (c *Conn) release() {
	x := c.x
	if x == nil || x.in != nil || x.out != nil || x.by != 0 || x.discard != 0 {
		return
	}
	c.x = nil
	*x = extra{}
	if len(c.loop.extras) < extrasMax {
		c.loop.extras = append(c.loop.extras, x)
	}
}

// drop throws the buffers away.
func (c *Conn) drop() {
	if c.x == nil {
		return
	}
	c.x.by, c.x.discard = 0, 0
	c.dropTail()
	c.dropOutput()
	c.release()
}

// bound sets the loop's own deadline.
func (c *Conn) bound(t timer.Time) {
	c.need().by = t
	c.arm(t)
}

// unbound takes it away.
func (c *Conn) unbound() {
	if c.x != nil {
		c.x.by = 0
		c.release()
	}
}

// Trim gives all memory that waits for further connections to the garbage collector.
func (l *Loop) Trim() {
	l.extras = nil
	l.buffers.Trim()
}
