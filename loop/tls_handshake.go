package loop

import (
	"crypto/tls"
	"io"
	"net"
	"sync"

	"go-xmpp-bosh/timer"
)

// handshakes is the loop's side of all TLS handshakes. Of the connections that want one, a server's has no goroutine before its client has said something, and
// at most Config.HandshakesOpen have one at all; the others are an entry in the queue. Of those goroutines at most Config.Handshakes compute: a handshake that
// waits for its peer gives up its slot meanwhile, so that silent peers don't keep the others waiting.
type handshakes struct {
	waiting []*session
	open    int
	slots   chan struct{} // holds an entry per handshake that computes
}

// handshake is what a session needs until it is secure.
type handshake struct {
	loop   *Loop
	cfg    *tls.Config
	node   timer.Node // the deadline
	remote net.Addr
	phase  shakePhase
	server bool
	full   bool // enough input waits
	ended  bool // the peer's FIN was seen

	// Shared with the goroutine.
	mu      sync.Mutex
	cond    sync.Cond
	in      []byte // received; owned
	inOff   int
	out     []byte // to be sent; owned
	eof     bool   // nothing follows in
	err     error  // the connection has ended
	stalled bool   // the loop wants to be told when in has been read
	posted  bool   // the loop will fetch out
}

// shakePhase is how far a handshake is.
type shakePhase uint8

const (
	shakeNew     shakePhase = iota // until the end of the callback that asked for it
	shakeHello                     // a server that waits for its client's first bytes
	shakeQueued                    // waits until it may have a goroutine
	shakeRunning                   // has one
)

func (p shakePhase) String() string {
	switch p {
	case shakeNew:
		return "new"
	case shakeHello:
		return "hello"
	case shakeQueued:
		return "queued"
	case shakeRunning:
		return "running"
	}
	return "invalid"
}

func newHandshake(l *Loop, cfg *tls.Config, server bool) *handshake {
	hs := &handshake{loop: l, cfg: cfg, server: server}
	hs.cond.L = &hs.mu
	return hs
}

// reading says whether input is wanted.
func (hs *handshake) reading() bool {
	switch hs.phase {
	case shakeHello:
		return true
	case shakeRunning:
		return !hs.full && !hs.ended
	case shakeNew, shakeQueued:
	}
	return false
}

// beginTLS begins the handshake that StartTLS asked for, once the handler that did has returned.
func (c *Conn) beginTLS() {
	hs := c.tls.hs
	if hs == nil || hs.phase != shakeNew {
		return
	}
	l := c.loop
	switch {
	case len(c.tail()) > 0:
		c.die(&TLSError{ErrNotTLS})
		return
	case c.has(flagEOF):
		c.die(&TLSError{io.ErrUnexpectedEOF})
		return
	}
	l.wait(&hs.node, waitHandshake, int(c.fd), l.Now()+l.cfg.HandshakeTimeout)
	if hs.server && len(hs.in) == 0 {
		hs.phase = shakeHello
		return
	}
	c.queueHandshake()
}

func (c *Conn) queueHandshake() {
	c.tls.hs.phase = shakeQueued
	c.loop.waiting = append(c.loop.waiting, c.tls)
	c.loop.startHandshakes()
}

// startHandshakes gives goroutines to those who wait, as many as may have one.
func (l *Loop) startHandshakes() {
	for l.open < l.cfg.HandshakesOpen && len(l.waiting) > 0 {
		s := l.waiting[0]
		l.waiting[0] = nil
		l.waiting = l.waiting[1:]
		c := s.owner
		if c == nil || !c.live() {
			continue
		}
		hs := s.hs
		hs.phase = shakeRunning
		hs.remote = net.TCPAddrFromAddrPort(c.RemoteAddr())
		if hs.server {
			s.conn = tls.Server(s, hs.cfg)
		} else {
			s.conn = tls.Client(s, hs.cfg)
		}
		l.open++
		c.mark() // it reads now
		go hs.run(s)
	}
}

// run is the goroutine. It touches nothing but the handshake's shared part and what crypto/tls owns.
func (hs *handshake) run(s *session) {
	l := hs.loop
	l.slots <- struct{}{}
	err := s.conn.Handshake()
	<-l.slots
	l.Post(func() { l.handleHandshake(s, hs, err) })
}

// read is crypto/tls's, on the goroutine.
func (hs *handshake) read(s *session, b []byte) (int, error) {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	if !hs.ready() {
		<-hs.loop.slots
		for !hs.ready() {
			hs.cond.Wait()
		}
		hs.mu.Unlock()
		hs.loop.slots <- struct{}{}
		hs.mu.Lock()
	}
	if hs.err != nil {
		return 0, hs.err
	}
	if hs.inOff == len(hs.in) {
		return 0, io.EOF
	}
	n := copy(b, hs.in[hs.inOff:])
	hs.inOff += n
	if hs.inOff == len(hs.in) {
		hs.in, hs.inOff = hs.in[:0], 0
		if hs.stalled {
			hs.stalled = false
			hs.loop.Post(func() { hs.handleRead(s) })
		}
	}
	return n, nil
}

func (hs *handshake) ready() bool { return hs.inOff < len(hs.in) || hs.eof || hs.err != nil }

// write is crypto/tls's, on the goroutine.
func (hs *handshake) write(s *session, b []byte) (int, error) {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	if hs.err != nil {
		return 0, hs.err
	}
	hs.out = append(hs.out, b...)
	if !hs.posted {
		hs.posted = true
		hs.loop.Post(func() { hs.send(s) })
	}
	return len(b), nil
}

// abort has the goroutine end.
func (hs *handshake) abort() {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	hs.err = net.ErrClosed
	hs.cond.Signal()
}

// feedHandshake hands input on; none means that the peer has shut down its side.
func (c *Conn) feedHandshake(b []byte) {
	hs := c.tls.hs
	if hs.phase == shakeNew {
		c.beginTLS()
	}
	if len(b) == 0 {
		hs.ended = true
		if hs.phase != shakeRunning {
			c.die(&TLSError{io.ErrUnexpectedEOF})
		}
	}
	c.mark()
	hs.mu.Lock()
	hs.in = append(hs.in, b...)
	hs.eof = hs.ended
	hs.full = len(hs.in)-hs.inOff >= helloBytesMax
	hs.stalled = hs.full
	hs.cond.Signal()
	hs.mu.Unlock()
	if hs.phase == shakeHello && c.live() {
		c.queueHandshake()
	}
}

// handleRead goes on with reading when the goroutine has read what there was.
func (hs *handshake) handleRead(s *session) {
	hs.full = false
	if c := s.owner; c != nil && c.live() {
		c.mark()
	}
}

// send fetches what the goroutine has written.
func (hs *handshake) send(s *session) {
	hs.mu.Lock()
	out := hs.out
	hs.out, hs.posted = nil, false
	hs.mu.Unlock()
	if c := s.owner; c != nil && c.live() && len(out) > 0 {
		c.queue(out)
		c.mark()
	}
}

// handleHandshake is called when the goroutine has ended.
func (l *Loop) handleHandshake(s *session, hs *handshake, err error) {
	l.open--
	defer l.startHandshakes()
	c := s.owner
	if c == nil || !c.live() {
		return
	}
	l.current = c
	hs.send(s)
	l.waits.Cancel(&hs.node)
	if err != nil {
		c.failTLS(err)
		return
	}
	s.hs = nil
	c.mark()
	c.handler.HandleSecure(c)
	s.in, s.eof = hs.in[hs.inOff:], hs.eof // it may have been sent with the last message of the handshake
	c.decrypt()
}
