package loop

import "go-xmpp-bosh/timer"

// SetDeadline has HandleDeadline called at t; 0 means never. There is one deadline per connection, and setting it only stores it: the timer is moved
// when it fires too early. Closing takes it away.
func (c *Conn) SetDeadline(t timer.Time) {
	if c.Closed() {
		return
	}
	c.deadline = t
	if t != 0 {
		c.arm(t)
	}
}

// Deadline is the last SetDeadline's, as long as its time has not come.
func (c *Conn) Deadline() timer.Time { return c.deadline }

// arm sees to it that the timer fires at t or before.
func (c *Conn) arm(t timer.Time) {
	if !c.node.Armed() || t < c.node.Due() {
		c.loop.wait(&c.node, waitConn, int(c.fd), t)
	}
}

// handleWait is called when the timer fires.
func (c *Conn) handleWait() {
	now := c.loop.Now()
	c.loop.current = c
	if c.x != nil && c.x.by != 0 && c.x.by <= now {
		c.handleBound()
		return
	}
	due := c.deadline != 0 && c.deadline <= now
	if due {
		c.deadline = 0
	}
	next := c.deadline
	if c.x != nil {
		next = timer.Earlier(next, c.x.by)
	}
	if next != 0 {
		c.arm(next)
	}
	if due {
		c.handler.HandleDeadline(c)
	}
}

// handleBound is called when a stage of the connection's life has taken too long.
func (c *Conn) handleBound() {
	c.x.by = 0
	switch c.state {
	case stateConnecting, stateFlushing, stateStaged:
		c.die(ErrTimeout)
	case stateDiscarding:
		c.die(nil)
	case stateFree, stateOpen, stateDead:
		c.release()
	}
}
