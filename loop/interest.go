package loop

// interest is what the poller watches of a descriptor. Changing it is a system call or two, so it is brought up to date once, at the end of a callback.
type interest uint8

const (
	interestNone      interest = iota // not in the poller
	interestRead                      // data and FIN
	interestReadWrite                 // and room for output, while output waits
	interestConnect                   // the end of a connect
	interestHangup                    // edge-triggered: FIN, reset, and room for output, but not data
	interestEdge                      // edge-triggered readability: the timer
)

func (i interest) String() string {
	switch i {
	case interestNone:
		return "none"
	case interestRead:
		return "read"
	case interestReadWrite:
		return "read-write"
	case interestConnect:
		return "connect"
	case interestHangup:
		return "hang-up"
	case interestEdge:
		return "edge"
	}
	return "invalid"
}

// want derives the interest from the connection's state.
func (c *Conn) want() interest {
	switch {
	case c.state == stateConnecting:
		return interestConnect
	case !c.reading():
		return interestHangup
	case c.has(flagFull):
		return interestReadWrite
	}
	return interestRead
}

// reading says whether input is wanted. When it isn't, a FIN that the peer sent would be readable for ever; interestHangup tells of it once.
func (c *Conn) reading() bool {
	switch c.state {
	case stateOpen:
		if c.tls != nil && c.tls.hs != nil {
			return c.tls.hs.reading()
		}
		return c.flags&(flagPaused|flagEOF) == 0
	case stateStaged, stateDiscarding:
		return !c.has(flagEOF)
	case stateFree, stateConnecting, stateFlushing, stateDead:
	}
	return false
}

// watch brings the poller up to date.
func (c *Conn) watch() {
	to := c.want()
	if to == c.interest {
		return
	}
	from := c.interest
	c.interest = to
	if err := c.loop.poller.set(int(c.fd), from, to); err != nil {
		c.interest = interestNone
		c.die(err)
	}
}
