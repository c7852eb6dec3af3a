package loop

import (
	"io"
	"net"
	"slices"
	"strings"
	"testing"
)

func TestCloseSendsWhatWaits(t *testing.T) {
	w := newWorld(t, Config{})
	fd, peer := pair(t)
	smallSendBuffer(t, fd)
	o := w.open(fd)
	data := string(pattern(500_000))
	w.do(func() {
		o.conn.Write([]byte(data))
		o.conn.Close()
		if !o.conn.Closed() {
			t.Error("not closed after Close")
		}
		o.conn.Write([]byte("too late"))
		o.conn.Close()
		o.conn.CloseStaged()
	})
	w.rounds(2)
	o.wantNone()
	receive(t, peer, data)
	o.want("close <nil>")
	receiveEnd(t, peer)
}

func TestCloseOfAnIdleConnection(t *testing.T) {
	w := newWorld(t, Config{})
	fd, peer := pair(t)
	o := w.open(fd)
	w.do(func() {
		o.conn.Close()
		if o.closes != 0 {
			t.Error("HandleClose from inside Close")
		}
	})
	o.want("close <nil>")
	receiveEnd(t, peer)
	w.do(func() {
		if w.l.Conns() != 0 {
			t.Errorf("%d connections", w.l.Conns())
		}
	})
}

func TestAbortDropsWhatWaits(t *testing.T) {
	w := newWorld(t, Config{})
	fd, peer := pair(t)
	smallSendBuffer(t, fd)
	o := w.open(fd)
	w.do(func() {
		o.conn.Write(pattern(500_000))
		o.conn.Abort()
		o.conn.Abort()
		o.conn.Close()
		if o.closes != 0 {
			t.Error("HandleClose from inside Abort")
		}
	})
	o.want("close <nil>")
	if n, err := io.Copy(io.Discard, peer); err != nil || n > 100_000 {
		t.Errorf("%d bytes (%v) after Abort", n, err)
	}
}

// A peer that never reads cannot keep a closing connection for ever; one that reads a little now and then may take its time.
func TestCloseGivesUp(t *testing.T) {
	w := newWorld(t, Config{FlushTimeout: 30})
	fd, peer := pair(t)
	smallSendBuffer(t, fd)
	o := w.open(fd)
	w.do(func() {
		o.conn.Write(pattern(500_000))
		o.conn.Close()
	})
	o.want("close loop: time-out")
	_, _ = io.Copy(io.Discard, peer)
}

// In every handler and by every means, HandleClose comes once and last, and nothing comes after.
func TestCloseFromAnyHandler(t *testing.T) {
	ends := map[string]func(c *Conn){
		"close":  func(c *Conn) { c.Close() },
		"abort":  func(c *Conn) { c.Abort() },
		"staged": func(c *Conn) { c.CloseStaged() },
		"twice":  func(c *Conn) { c.CloseStaged(); c.Abort(); c.Close() },
	}
	for name, end := range ends {
		t.Run("data "+name, func(t *testing.T) {
			w := newWorld(t, Config{})
			fd, peer := pair(t)
			o := w.open(fd, func(o *owner) {
				o.onData = func(c *Conn, _ []byte) int { end(c); c.Resume(); c.Pause(); return 1 }
			})
			send(t, peer, "abc")
			o.want("data abc")
			peer.Close()
			o.want("close*")
		})
		t.Run("eof "+name, func(t *testing.T) {
			w := newWorld(t, Config{})
			fd, peer := pair(t)
			o := w.open(fd, func(o *owner) { o.onEOF = end })
			peer.Close()
			o.want("eof", "close <nil>")
		})
		t.Run("deadline "+name, func(t *testing.T) {
			w := newWorld(t, Config{})
			fd, peer := pair(t)
			o := w.open(fd, func(o *owner) { o.onDeadline = end })
			w.do(func() { o.conn.SetDeadline(w.l.Now()) })
			o.want("deadline")
			peer.Close()
			o.want("close <nil>")
		})
		t.Run("drain "+name, func(t *testing.T) {
			w := newWorld(t, Config{HighWater: 10, LowWater: 1})
			fd, peer := pair(t)
			o := w.open(fd, func(o *owner) { o.onDrain = end })
			w.do(func() { o.conn.Write([]byte("more than ten bytes")) })
			receive(t, peer, "more than ten bytes")
			o.want("drain")
			peer.Close()
			o.want("close <nil>")
		})
		t.Run("other "+name, func(t *testing.T) { // from another connection's handler
			w := newWorld(t, Config{})
			fd, peer := pair(t)
			victim := w.open(fd)
			fd2, peer2 := pair(t)
			w.open(fd2, func(o *owner) {
				o.onData = func(_ *Conn, b []byte) int { end(&victim.conn); return len(b) }
			})
			send(t, peer2, "x")
			peer.Close()
			for e := ""; !strings.HasPrefix(e, "close"); {
				e = victim.next()
			}
			w.rounds(2)
			victim.wantNone()
		})
	}
}

// A Conn may be used again, in HandleClose itself, while the loop's lists still know it.
func TestConnIsReusedInHandleClose(t *testing.T) {
	w := newWorld(t, Config{})
	fd, peer := pair(t)
	fd2, peer2 := pair(t)
	o := w.open(fd, func(o *owner) {
		o.onClose = func(c *Conn, _ error) {
			if o.closes == 1 {
				o.closes = 0
				o.onClose = nil
				if !w.l.establish(c, o, fd2) {
					t.Error("not free in HandleClose")
				}
			}
		}
	})
	w.do(func() {
		o.conn.Write([]byte("x"))
		o.conn.Pause()
		o.conn.Resume()
		o.conn.SetDeadline(w.l.Now() + 1)
		o.conn.Abort()
	})
	o.want("close <nil>")
	receiveEnd(t, peer)
	send(t, peer2, "second life")
	o.want("data second life")
	w.do(func() { o.conn.Close() })
	o.want("close <nil>")
}

// A descriptor that is closed in a batch of events is not reused in it: an event that is still to come would reach its new owner.
func TestDescriptorIsNotReusedInsideABatch(t *testing.T) {
	w := newWorld(t, Config{})
	const n = 16
	owners, peers, fds := make([]*owner, n), make([]net.Conn, n), make([]int, n)
	fresh := make([]*owner, n)
	replaced := false
	replace := func(*Conn, []byte) int {
		if replaced {
			t.Error("data on a connection that was aborted")
			return 1
		}
		replaced = true
		for i, o := range owners { // all of them have an event in this batch
			o.conn.Abort()
			fd, peer := pair(t)
			defer peer.Close()
			if slices.Contains(fds, fd) {
				t.Errorf("descriptor %d is used again", fd)
			}
			fresh[i] = newOwner(t)
			w.l.establish(&fresh[i].conn, fresh[i], fd)
		}
		return 1
	}
	for i := range n {
		fds[i], peers[i] = pair(t)
		owners[i] = w.open(fds[i], func(o *owner) { o.onData = replace; o.quiet = true })
	}
	w.do(func() {
		for _, p := range peers {
			send(t, p, "x")
		}
	})
	for i := range n {
		owners[i].want("close <nil>")
	}
	for i := range n {
		fresh[i].want("eof")
	}
	w.do(func() {
		if w.l.Conns() != n {
			t.Errorf("%d connections, want %d", w.l.Conns(), n)
		}
	})
}

// The order in which the kernel is asked: all closes come after the callbacks of the batch.
func TestClosesComeAfterTheBatch(t *testing.T) {
	var order []string
	w := newFaultyWorld(t, Config{}, func(k *faultyKernel) { k.onClose = func(int) { order = append(order, "close") } })
	const n = 8
	owners, peers := make([]*owner, n), make([]net.Conn, n)
	for i := range n {
		var fd int
		fd, peers[i] = pair(t)
		owners[i] = w.open(fd, func(o *owner) {
			o.onData = func(c *Conn, b []byte) int {
				order = append(order, "data")
				c.Abort()
				return len(b)
			}
		})
	}
	w.do(func() {
		for _, p := range peers {
			send(t, p, "x")
		}
	})
	for _, o := range owners {
		o.want("data x", "close <nil>")
	}
	w.rounds(2)
	w.do(func() {
		got := strings.Join(order, " ")
		if want := strings.TrimSpace(strings.Repeat("data ", n) + strings.Repeat("close ", n)); got != want {
			t.Errorf("order %q", got)
		}
	})
}

// A client that is still sending gets the answer: the connection isn't reset under it (RFC 9112 §9.6).
func TestStagedCloseDeliversTheAnswer(t *testing.T) {
	w := newWorld(t, Config{})
	fd, peer := tcpPair(t)
	o := w.open(fd, func(o *owner) {
		o.quiet = true
		o.onData = func(c *Conn, b []byte) int {
			c.Write([]byte("413 and why"))
			c.CloseStaged()
			return 0
		}
	})
	sent := make(chan error, 1)
	go func() {
		_, err := peer.Write(pattern(900_000))
		sent <- err
	}()
	if err := <-sent; err != nil {
		t.Fatal(err)
	}
	receive(t, peer, "413 and why")
	receiveEnd(t, peer)
	o.wantNone()
	peer.Close()
	o.want("close <nil>")
}

func TestStagedCloseIsBounded(t *testing.T) {
	t.Run("bytes", func(t *testing.T) {
		w := newWorld(t, Config{})
		fd, peer := tcpPair(t)
		o := w.open(fd)
		w.do(func() { o.conn.CloseStaged() })
		if _, err := io.Copy(peer, strings.NewReader(string(pattern(40<<20)))); err == nil {
			t.Error("40 MB were taken")
		}
		o.want("close <nil>")
	})
	t.Run("time", func(t *testing.T) {
		w := newWorld(t, Config{})
		fd, peer := tcpPair(t)
		o := w.open(fd)
		w.do(func() { o.conn.CloseStaged() })
		receiveEnd(t, peer)
		w.do(func() { // shorten the two seconds
			if o.conn.state != stateDiscarding || o.conn.x.by <= w.l.Now() || o.conn.x.by > w.l.Now()+discardTimeout {
				t.Errorf("state %v until %d", o.conn.state, o.conn.x.by)
			}
			o.conn.bound(w.l.Now() + 1)
		})
		o.want("close <nil>")
	})
	t.Run("reset", func(t *testing.T) {
		w := newWorld(t, Config{})
		fd, peer := tcpPair(t)
		o := w.open(fd)
		w.do(func() { o.conn.CloseStaged() })
		receiveEnd(t, peer)
		_ = peer.SetLinger(0)
		peer.Close()
		o.want("close <nil>")
	})
	t.Run("slow reader", func(t *testing.T) { // input is taken while the answer waits
		w := newWorld(t, Config{})
		fd, peer := pair(t)
		smallSendBuffer(t, fd)
		o := w.open(fd)
		data := string(pattern(300_000))
		w.do(func() { o.conn.Write([]byte(data)); o.conn.CloseStaged() })
		send(t, peer, string(pattern(500_000)))
		receive(t, peer, data)
		receiveEnd(t, peer)
		peer.Close()
		o.want("close <nil>")
	})
}

// Stop closes everything and says so.
func TestStopEndsConnections(t *testing.T) {
	w := newWorld(t, Config{})
	var owners []*owner
	var peers []net.Conn
	for range 50 {
		fd, peer := pair(t)
		owners = append(owners, w.open(fd))
		peers = append(peers, peer)
	}
	w.stop()
	for i, o := range owners {
		o.want("close <nil>")
		receiveEnd(t, peers[i])
	}
}

// Every method does nothing on a connection that isn't one.
func TestMethodsOfAFreeConn(t *testing.T) {
	check := func(c *Conn) {
		c.Write([]byte("x"))
		c.Pause()
		c.Resume()
		c.Close()
		c.CloseStaged()
		c.CloseWrite()
		c.Abort()
		c.SetDeadline(5)
		c.StartTLS(nil, false)
		if c.Pending() != 0 || c.Pressed() || !c.Closed() || c.TLS() != nil || c.LocalAddr().IsValid() || c.RemoteAddr().IsValid() {
			t.Error("a free connection has something")
		}
	}
	check(new(Conn))
	w := newWorld(t, Config{})
	fd, _ := pair(t)
	o := w.open(fd, func(o *owner) { o.onClose = func(c *Conn, _ error) { check(c) } })
	w.do(func() {
		o.conn.Abort()
		o.conn.Write([]byte("x"))
		o.conn.SetDeadline(5)
		o.conn.Pause()
		o.conn.Resume()
		o.conn.Close()
		if !o.conn.Closed() || o.conn.RemoteAddr().IsValid() {
			t.Error("not closed after Abort")
		}
	})
	o.want("close <nil>")
	w.do(func() { check(&o.conn) })
}

// HungUp knows of a FIN behind data, before the handler is told of either.
func TestHungUp(t *testing.T) {
	for _, end := range []struct {
		name string
		do   func(net.Conn)
		want bool
	}{
		{"nothing", func(net.Conn) {}, false},
		{"shutdown", func(c net.Conn) { _ = c.(interface{ CloseWrite() error }).CloseWrite() }, true},
		{"close", func(c net.Conn) { c.Close() }, true},
	} {
		t.Run(end.name, func(t *testing.T) {
			w := newWorld(t, Config{})
			fd, peer := pair(t)
			o := w.open(fd)
			w.do(func() {
				send(t, peer, "hello")
				if o.conn.HungUp() {
					t.Error("hung up while the peer is there")
				}
				end.do(peer)
				if got := o.conn.HungUp(); got != end.want {
					t.Errorf("HungUp is %v, want %v", got, end.want)
				}
			})
		})
	}
}
