package loop

// Handler is the owner of a connection. Its methods run on the loop, one at a time, and never from inside a method of Conn or Loop.
//
// For every Conn that was given to the loop, HandleClose is the last call and comes exactly once; until it has returned, the Conn's memory belongs to the loop too.
type Handler interface {
	// HandleConnect says that a connection is up: one that was dialled, or one that was accepted in clear. One accepted by a listener with TLS is up with
	// HandleSecure.
	HandleConnect(c *Conn)

	// HandleData offers all bytes that are received and not yet consumed, and is answered with how many of them are consumed by now. The loop keeps
	// the others and offers them again with what follows them, or after Resume. b is borrowed, and may be written to; it is never empty.
	HandleData(c *Conn, b []byte) int

	// HandleEOF says that the peer has shut down its side, after all its data was offered. The connection can still be written to; nothing closes it but
	// its handler. It comes at most once, and also while reading is paused when nothing is left to be offered.
	HandleEOF(c *Conn)

	// HandleDrain says that the output that waits has fallen to the low-water mark after it had passed the high-water mark.
	HandleDrain(c *Conn)

	// HandleSecure says that the TLS handshake that StartTLS began has succeeded. What comes now came encrypted.
	HandleSecure(c *Conn)

	// HandleDeadline says that the moment that was set with SetDeadline has come. None is set any more.
	HandleDeadline(c *Conn)

	// HandleClose says that the connection is gone, and why: nil when our side closed it (or the loop was stopped), else what the system said
	// (errors.Is with a syscall.Errno works), ErrTimeout, or a *TLSError. c is empty by now and may be used for a new connection once the call has returned.
	HandleClose(c *Conn, err error)
}
