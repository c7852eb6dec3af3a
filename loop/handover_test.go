package loop

import (
	"crypto/tls"
	"io"
	"net"
	"sync/atomic"
	"testing"
)

// bouncer echoes up to a few bytes of its connection's input, leaves the rest, and gives the connection to the next loop.
type bouncer struct {
	owner
	worlds []*world
	at     int
	moves  *atomic.Int64
}

func (b *bouncer) HandleData(c *Conn, data []byte) int {
	n := min(len(data), 1+len(data)*2/3)
	c.Write(data[:n])
	next := (b.at + 1) % len(b.worlds)
	if c.HandOver(b.worlds[next].l, func() (*Conn, Handler) {
		to := &bouncer{owner: owner{t: b.t, events: b.events}, worlds: b.worlds, at: next, moves: b.moves}
		return &to.conn, to
	}) {
		b.moves.Add(1)
	}
	return n
}

// Two loops that pass a connection to and fro: every byte comes back, once and in order.
func TestHandOver(t *testing.T) {
	worlds := []*world{newWorld(t, Config{}), newWorld(t, Config{})}
	const size = 600_000
	data := string(pattern(size))
	first := func(fd int, start func(*Conn)) *bouncer {
		b := &bouncer{owner: *newOwner(t), worlds: worlds, moves: new(atomic.Int64)}
		worlds[0].do(func() {
			if !worlds[0].l.establish(&b.conn, b, fd) {
				t.Error("not established")
			}
			start(&b.conn)
		})
		return b
	}
	echoed := func(t *testing.T, c net.Conn, b *bouncer) {
		go func() { _, _ = io.WriteString(c, data) }()
		receive(t, c, data)
		if n := b.moves.Load(); n < 10 {
			t.Errorf("moved %d times only", n)
		} else {
			t.Logf("moved %d times", n)
		}
		c.Close()
		for b.next() != "eof" {
		}
	}
	t.Run("in clear", func(t *testing.T) {
		fd, peer := pair(t)
		echoed(t, peer, first(fd, func(*Conn) {}))
	})
	roles(t, func(t *testing.T, start func(*Conn), peer func(net.Conn) *tls.Conn) {
		fd, raw := pair(t)
		b := first(fd, start)
		echoed(t, peer(raw), b)
	})
	for _, w := range worlds {
		w.do(func() {})
	}
}

// A loop that has ended closes what is given to it.
func TestHandOverToNobody(t *testing.T) {
	a, b := newWorld(t, Config{}), newWorld(t, Config{})
	b.stop()
	fd, peer := pair(t)
	a.open(fd, func(o *owner) {
		o.onData = func(c *Conn, _ []byte) int {
			if !c.HandOver(b.l, func() (*Conn, Handler) { t.Error("taken"); return nil, nil }) {
				t.Error("not given")
			}
			return 0
		}
	})
	send(t, peer, "x")
	receiveEnd(t, peer)
	a.do(func() {
		if a.l.Conns() != 0 {
			t.Errorf("%d connections", a.l.Conns())
		}
	})
}
