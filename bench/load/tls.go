package load

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"time"

	"golang.org/x/sys/unix"

	"go-xmpp-bosh/bench/epoll"
)

// tlsLink is TLS on one connection. The handshake runs in a goroutine of its own, blocking; then crypto/tls is called from the loop, and its
// reads end with a temporary error when nothing is there, after which it can be asked again.
type tlsLink struct {
	*tls.Conn
}

// tlsConfig checks nothing: servers under test have certificates made for the run. No sessions are resumed: each set-up is a whole one. The key
// exchange is X25519 for all: what a browser prefers by now (with ML-KEM) only some of the servers know, and they would be given more work for it.
var tlsConfig = &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"http/1.1"}, CurvePreferences: []tls.CurveID{tls.X25519}}

// handshakePatience bounds a handshake under load.
const handshakePatience = 30 * time.Second

func (g *Generator) handshake(l *link, f func() error) {
	config := tlsConfig
	if g.target.Transport == Raw {
		config = rawTLSConfig
	}
	side := &fdConn{fd: l.fd, blocking: true, deadline: time.Now().Add(handshakePatience)}
	conn := tls.Client(side, config)
	go func() {
		err := conn.Handshake()
		g.post(func() {
			if l.fd < 0 { // given up meanwhile
				return
			}
			side.blocking, side.link, side.poll = false, l, g.poll
			l.tls = &tlsLink{conn}
			if err == nil {
				err = g.poll.Add(l.fd)
			}
			if err == nil {
				err = f()
			}
			if err == nil {
				g.read(l) // the handshake may have read further than its own end
				return
			}
			g.fail(l.s, fmt.Errorf("TLS: %w", err))
		})
	}()
}

var rawTLSConfig = &tls.Config{InsecureSkipVerify: true, CurvePreferences: tlsConfig.CurvePreferences}

// read reads what is there: 0 and no error when nothing is.
func (t *tlsLink) read(b []byte) (int, error) {
	n, err := t.Read(b)
	if n > 0 {
		return n, nil
	}
	if e, ok := err.(net.Error); ok && e.Timeout() {
		return 0, nil
	}
	return 0, err
}

// fdConn is the connection below TLS.
type fdConn struct {
	fd       int
	blocking bool // during the handshake
	deadline time.Time
	link     *link // afterwards
	poll     *epoll.Poller
}

func (c *fdConn) Read(b []byte) (int, error) {
	for {
		n, err := epoll.Read(c.fd, b)
		if n > 0 || err != nil {
			return n, err
		}
		if !c.blocking {
			return 0, errNothingYet
		}
		if err := c.await(unix.POLLIN); err != nil {
			return 0, err
		}
	}
}

func (c *fdConn) Write(b []byte) (int, error) {
	if !c.blocking {
		return len(b), c.link.out.Send(c.poll, c.fd, b)
	}
	for sent := 0; ; {
		n, err := epoll.Write(c.fd, b[sent:])
		if sent += n; err != nil || sent == len(b) {
			return sent, err
		}
		if err := c.await(unix.POLLOUT); err != nil {
			return sent, err
		}
	}
}

func (c *fdConn) await(what int16) error {
	fds := []unix.PollFd{{Fd: int32(c.fd), Events: what}}
	n, err := unix.Poll(fds, int(max(0, time.Until(c.deadline).Milliseconds())))
	if err != nil && err != unix.EINTR {
		return err
	}
	if n == 0 && err == nil {
		return fmt.Errorf("handshake: %w", io.ErrNoProgress)
	}
	return nil
}

// Close leaves the descriptor to the link.
func (c *fdConn) Close() error                     { return nil }
func (c *fdConn) LocalAddr() net.Addr              { return nil }
func (c *fdConn) RemoteAddr() net.Addr             { return nil }
func (c *fdConn) SetDeadline(time.Time) error      { return nil }
func (c *fdConn) SetReadDeadline(time.Time) error  { return nil }
func (c *fdConn) SetWriteDeadline(time.Time) error { return nil }

// nothingYet is the temporary error after which crypto/tls goes on where it was.
type nothingYet struct{}

var errNothingYet net.Error = nothingYet{}

func (nothingYet) Error() string   { return "nothing to read yet" }
func (nothingYet) Timeout() bool   { return true }
func (nothingYet) Temporary() bool { return true }
