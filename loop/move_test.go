package loop

import (
	"crypto/tls"
	"io"
	"net"
	"testing"

	"go-xmpp-bosh/timer"
)

// mover is the handler of a connection that another takes over in the middle of its input.
func mover(t *testing.T, consume int, to *owner) func(c *Conn, b []byte) int {
	return func(c *Conn, _ []byte) int {
		if !c.MoveTo(&to.conn, to) {
			t.Error("not moved")
		}
		if c.state != stateFree || c.MoveTo(&to.conn, to) {
			t.Error("what has moved is not free")
		}
		to.conn.Write([]byte("after"))
		return consume
	}
}

// What the old handler leaves is the new one's, and so is all that follows.
func TestMove(t *testing.T) {
	w := newWorld(t, Config{})
	fd, peer := pair(t)
	next := newOwner(t)
	o := w.open(fd, func(o *owner) { o.onData = mover(t, 3, next) })
	w.do(func() {
		o.conn.Write([]byte("before "))
		o.conn.SetDeadline(w.l.Now() + timer.Second)
	})
	send(t, peer, "onetwo")
	o.want("data onetwo")
	next.want("data two")
	receive(t, peer, "before after")
	send(t, peer, "three")
	next.want("data three")
	w.do(func() {
		if w.l.Conns() != 1 || o.conn.state != stateFree {
			t.Errorf("%d connections, the old one is %s", w.l.Conns(), o.conn.state)
		}
		next.conn.SetDeadline(w.l.Now() + timer.Millisecond)
	})
	next.want("deadline")
	closeWrite(t, peer)
	next.want("eof")
	w.do(func() { next.conn.Close() })
	next.want("close <nil>")
	receiveEnd(t, peer)
}

// A connection that can't be moved stays.
func TestMoveRefused(t *testing.T) {
	w := newWorld(t, Config{})
	fd, _ := pair(t)
	other, _ := pair(t)
	a, b := w.open(fd), w.open(other)
	w.do(func() {
		if a.conn.MoveTo(&b.conn, b) {
			t.Error("moved to one in use")
		}
		var free, free2 Conn
		if free.MoveTo(&free2, a) {
			t.Error("moved from nowhere")
		}
	})
}

// TestUnsent: who ends with output that the kernel had not taken, knows it.
func TestUnsent(t *testing.T) {
	for _, size := range []int{100, 2 * directBytesMin} {
		w := newWorld(t, Config{})
		fd, peer := tcpPair(t)
		o := w.open(fd)
		o.onClose = func(c *Conn, _ error) {
			if !c.Unsent() {
				t.Errorf("%d bytes to a connection that was reset count as sent", size)
			}
		}
		w.do(func() { // the loop hears of the reset no earlier than after the write
			_ = peer.SetLinger(0)
			peer.Close()
			o.conn.Write(pattern(size))
		})
		o.next()
	}
	w := newWorld(t, Config{})
	fd, peer := pair(t)
	o := w.open(fd)
	o.onClose = func(c *Conn, _ error) {
		if c.Unsent() {
			t.Error("what was read counts as unsent")
		}
	}
	w.do(func() { o.conn.Write([]byte("x")); o.conn.Close() })
	receive(t, peer, "x")
	o.want("close <nil>")
}

// Inside TLS nothing is lost either, however the records come.
func TestMoveWithTLS(t *testing.T) {
	roles(t, func(t *testing.T, start func(*Conn), peer func(net.Conn) *tls.Conn) {
		w := newWorld(t, Config{})
		fd, raw := pair(t)
		next := newOwner(t)
		next.quiet = true
		next.onData = func(c *Conn, b []byte) int { c.Write(b); return len(b) }
		o := w.open(fd, func(o *owner) {
			o.quiet = true
			o.onData = mover(t, 1, next)
		})
		w.do(func() { start(&o.conn) })
		p := peer(raw)
		data := string(pattern(100_000))
		go func() { _, _ = io.WriteString(p, data) }()
		receive(t, p, "after"+data[1:])
		p.Close()
		next.want("eof")
		w.do(func() { next.conn.Close() })
	})
}
