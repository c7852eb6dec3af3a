package loop

import (
	"net/netip"

	"go-xmpp-bosh/timer"
)

// Conn is one connection. It stands by value in its owner's struct and is handed to the loop with Dial, or as the answer of a listener's accept function; it must
// not be copied. The zero value is a connection to be. After HandleClose it is one again.
//
// Every method may be called at any time on the loop; on a connection that is not established, or closed, those that change something do nothing. None of them calls a
// handler.
//
// At rest a connection has no buffer, and nothing but this struct and a table entry.
type Conn struct {
	loop     *Loop
	handler  Handler
	x        *extra     // buffers, while there is something in them
	tls      *session   // nil in clear
	node     timer.Node // in the loop's own wheel; due at or before every moment that matters
	deadline timer.Time // the owner's; 0 = none
	fd       int32      // valid while the state is neither free nor dead; -1 = none
	state    state
	interest interest // what the poller knows
	flags    flags
}

// state is the life of a connection. dial.go and accept.go lead into it, close.go out of it.
type state uint8

const (
	stateFree       state = iota // not the loop's
	stateConnecting              // dialled
	stateOpen                    // established
	stateFlushing                // Close: what is pending goes out, then it ends
	stateStaged                  // CloseStaged: the same, and input is thrown away meanwhile
	stateDiscarding              // the writing side is shut down, input is thrown away
	stateDead                    // HandleClose is due
)

func (s state) String() string {
	switch s {
	case stateFree:
		return "free"
	case stateConnecting:
		return "connecting"
	case stateOpen:
		return "open"
	case stateFlushing:
		return "flushing"
	case stateStaged:
		return "staged"
	case stateDiscarding:
		return "discarding"
	case stateDead:
		return "dead"
	}
	return "invalid"
}

// flags are facts that are independent of one another and of the state.
type flags uint16

const (
	flagDirty  flags = 1 << iota // in work.dirty
	flagLater                    // in work.later
	flagPaused                   // Pause
	flagEOF                      // the peer's FIN was seen, after everything before it
	flagFull                     // the kernel takes no more output; the poller will tell
	flagPress                    // passed the high-water mark
	flagDrain                    // HandleDrain is due
	flagOffer                    // the kept tail is to be offered again
	flagFinish                   // CloseWrite: no more output is taken
	flagShut                     // the writing side is shut down
	flagUnsent                   // it died with output that the kernel had not taken
)

func (c *Conn) has(f flags) bool { return c.flags&f != 0 }
func (c *Conn) set(f flags)      { c.flags |= f }
func (c *Conn) unset(f flags)    { c.flags &^= f }

// mark has the connection brought up to date at the end of the callback.
func (c *Conn) mark() {
	if !c.has(flagDirty) {
		c.set(flagDirty)
		c.loop.dirty = append(c.loop.dirty, c)
	}
}

// postpone has the handler called once none is on the stack, for what f says.
func (c *Conn) postpone(f flags) {
	c.set(f)
	if !c.has(flagLater) {
		c.set(flagLater)
		c.loop.later = append(c.loop.later, c)
	}
}

// handleLater does what was postponed.
func (c *Conn) handleLater() {
	c.loop.current = c
	if c.has(flagOffer) {
		c.unset(flagOffer)
		if c.state == stateOpen && !c.has(flagPaused) && len(c.tail()) > 0 {
			c.offer(c.tail())
		}
		if c.tls != nil && c.tls.ended {
			c.endTLS()
		}
	}
	if c.has(flagDrain) {
		c.unset(flagDrain)
		if c.state == stateOpen {
			c.handler.HandleDrain(c)
		}
	}
}

// live says whether the loop has a descriptor for the connection.
func (c *Conn) live() bool { return c.state != stateFree && c.state != stateDead }

// Closed says that nothing can be sent or received any more: the connection was never established, or is closing, or gone.
func (c *Conn) Closed() bool { return c.state != stateOpen && c.state != stateConnecting }

// HungUp asks the kernel whether the peer has closed the connection or its side of it, which a handler is only told once it has been given all that came before.
func (c *Conn) HungUp() bool { return !c.live() || c.loop.kernel.hungUp(int(c.fd)) }

// Unsent says, from HandleClose on, that the connection ended before the kernel had taken all that was written: the peer cannot have the end of it.
func (c *Conn) Unsent() bool { return c.has(flagUnsent) }

// Now is the loop's time; 0 before the connection has had a loop.
func (c *Conn) Now() timer.Time {
	if c.loop == nil {
		return 0
	}
	return c.loop.Now()
}

// LocalAddr asks the system for the connection's own address. The zero value means that there is none.
func (c *Conn) LocalAddr() netip.AddrPort {
	if !c.live() || c.fd < 0 {
		return netip.AddrPort{}
	}
	return c.loop.kernel.localAddr(int(c.fd))
}

// RemoteAddr asks the system for the peer's address. The zero value means that there is none, or none any more.
func (c *Conn) RemoteAddr() netip.AddrPort {
	if !c.live() || c.fd < 0 {
		return netip.AddrPort{}
	}
	return c.loop.kernel.remoteAddr(int(c.fd))
}
