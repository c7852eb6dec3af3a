package loop

import (
	"crypto/tls"
	"errors"
	"io"
)

// session is the TLS of one connection. crypto/tls reads from and writes to it as its net.Conn (tls_conn.go): during the handshake from a goroutine (hs), because
// crypto/tls cannot suspend a handshake; afterwards from the loop, where a read of nothing is a time-out, which crypto/tls takes as a reason to come again.
//
// Between callbacks all that was received has gone into crypto/tls, and all that it made of it has gone to the handler or into the kept tail: only a
// part of a record stays inside.
type session struct {
	conn  *tls.Conn
	owner *Conn      // nil when the connection is gone
	hs    *handshake // nil when it is done
	in    []byte     // aliases what was received in this callback; crypto/tls hasn't read it
	plain []byte     // owned, from the pool: output to be encrypted

	eof      bool // nothing follows in
	ended    bool // HandleEOF waits until the kept tail has been offered
	notified bool // our close_notify is made
}

// closeNotifyMax is more bytes than a close_notify record takes with any cipher.
const closeNotifyMax = 64

// StartTLS begins a TLS handshake, as the server or as the client; HandleSecure or HandleClose follows. Output that was written before goes out in clear,
// later output is encrypted. cfg is not copied. A client's needs its ServerName.
//
// The clear input must end here: a handler that calls this has consumed everything. Bytes that are left were sent before
// the handshake, perhaps by someone else, and end the connection with ErrNotTLS.
func (c *Conn) StartTLS(cfg *tls.Config, server bool) {
	if c.Closed() || c.tls != nil {
		return
	}
	c.tls = &session{owner: c, hs: newHandshake(c.loop, cfg, server)}
	c.mark()
}

// AcceptTLS begins a handshake as the server, on a connection whose client has said so in clear just before: first is what came behind that, and
// begins the handshake. It is copied; the handler has consumed it.
//
// This is for a preface that a trusted proxy writes (the PROXY protocol), never for STARTTLS.
func (c *Conn) AcceptTLS(cfg *tls.Config, first []byte) {
	if c.Closed() || c.tls != nil {
		return
	}
	hs := newHandshake(c.loop, cfg, true)
	hs.in = append(hs.in, first...)
	hs.full = len(hs.in) >= helloBytesMax
	hs.stalled = hs.full
	c.tls = &session{owner: c, hs: hs}
	c.mark()
}

// TLS describes the connection's TLS; nil when it is in clear, or not yet secure.
func (c *Conn) TLS() *tls.ConnectionState {
	if c.tls == nil || c.tls.hs != nil {
		return nil
	}
	cs := c.tls.conn.ConnectionState()
	return &cs
}

// writeTLS takes output. What is small is collected, to be one record.
func (c *Conn) writeTLS(b []byte) {
	s := c.tls
	if s.hs != nil || len(b) < directBytesMin {
		s.plain = c.loop.buffers.Append(s.plain, b...)
		return
	}
	c.sealTLS()
	c.encrypt(b)
}

// sealTLS encrypts the output that was collected, and TLS's last word when it is time for it.
func (c *Conn) sealTLS() {
	s := c.tls
	if s.hs != nil || !c.live() {
		return
	}
	if len(s.plain) > 0 {
		c.encrypt(s.plain)
		c.loop.buffers.Put(s.plain)
		s.plain = nil
	}
	if (c.state != stateOpen || c.has(flagFinish)) && !s.notified && c.live() {
		s.notified = true
		_ = s.conn.CloseWrite() // fails only after an error that was met already
	}
}

func (c *Conn) encrypt(b []byte) {
	if _, err := c.tls.conn.Write(b); err != nil {
		c.failTLS(err)
	}
}

// drained says that the output is encrypted to its end.
func (s *session) drained() bool { return s.hs == nil && s.notified }

// readTLS reads once, and offers what comes out of it.
func (c *Conn) readTLS() {
	s := c.tls
	b := c.loop.shared[:readBytesMax]
	n, errno := c.receive(b)
	switch {
	case errno != 0:
	case s.hs != nil:
		c.feedHandshake(b[:n])
	default:
		s.in, s.eof = b[:n], n == 0
		c.decrypt()
	}
}

// decrypt makes everything that was received into clear bytes. They are offered, or kept when the handler has paused in between.
func (c *Conn) decrypt() {
	s, l := c.tls, c.loop
	if l.clear == nil {
		l.clear = make([]byte, tailBytesSmall+readBytesMax)
	}
	for c.state == stateOpen {
		b, have := c.room(l.clear)
		n, err := s.fill(b[have:])
		switch {
		case n == 0:
		case c.has(flagPaused):
			c.keep(b[:have+n], 0)
		default:
			c = c.offer(b[:have+n])
		}
		if err == nil {
			continue
		}
		if errors.Is(err, io.EOF) {
			c.endTLS()
		} else if err != errEmpty { //nolint:errorlint // crypto/tls hands it through
			c.failTLS(err)
		}
		break
	}
	if p := l.leftBy(c); p != nil {
		p.raw = append(p.raw, s.in...)
	}
	s.in = nil
}

// fill reads clear bytes until b is full or there are no more.
func (s *session) fill(b []byte) (n int, err error) {
	for n < len(b) && err == nil {
		var m int
		m, err = s.conn.Read(b[n:])
		n += m
	}
	return n, err
}

// endTLS takes note of the peer's close_notify, or of its FIN between two records (which most accept for it).
func (c *Conn) endTLS() {
	if c.state != stateOpen || c.has(flagEOF) {
		return
	}
	if c.has(flagPaused) && len(c.tail()) > 0 {
		c.tls.ended = true // Resume offers the tail, and then tells
		return
	}
	c.tls.ended = false
	c.handleEnd()
}

// handleHangupTLS is called when the peer has shut down its side and our reading is off; there are n bytes of input in the kernel.
func (c *Conn) handleHangupTLS(n int) {
	switch {
	case c.tls.hs != nil:
		if n == 0 && !c.tls.hs.ended {
			c.feedHandshake(nil)
		}
	case n < closeNotifyMax: // nothing of worth but the close_notify
		c.readTLS()
	}
}

// failTLS ends a connection with whose TLS something is wrong. The alert that says so is sent if the kernel takes it now.
func (c *Conn) failTLS(err error) {
	if !c.live() {
		return
	}
	if c.x != nil && len(c.x.out) > c.x.outOff && !c.has(flagFull) {
		_, _ = c.loop.kernel.write(int(c.fd), c.x.out[c.x.outOff:])
		c.dropOutput()
	}
	c.die(&TLSError{err})
}

// abandon lets go of the session when its connection has ended.
func (s *session) abandon() {
	l := s.owner.loop
	s.owner = nil
	if s.hs != nil {
		l.waits.Cancel(&s.hs.node)
		s.hs.abort()
	}
	l.buffers.Put(s.plain)
	s.plain = nil
}
