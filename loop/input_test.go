package loop

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestEcho(t *testing.T) {
	w := newWorld(t, Config{})
	fd, peer := pair(t)
	o := w.open(fd, func(o *owner) {
		o.onData = func(c *Conn, b []byte) int { c.Write(b); return len(b) }
	})
	for range 3 {
		send(t, peer, "hello")
		receive(t, peer, "hello")
		o.want("data hello")
	}
}

// What isn't consumed comes again with what follows it.
func TestTailIsKept(t *testing.T) {
	w := newWorld(t, Config{})
	fd, peer := pair(t)
	consume := []int{0, 0, 4, 3}
	o := w.open(fd, func(o *owner) {
		o.onData = func(_ *Conn, b []byte) int {
			n := consume[0]
			consume = consume[1:]
			return n
		}
	})
	send(t, peer, "ab")
	o.want("data ab")
	send(t, peer, "cd")
	o.want("data abcd")
	send(t, peer, "efg")
	o.want("data abcdefg")
	send(t, peer, "")
	send(t, peer, "h")
	o.want("data efgh")
	w.do(func() {
		if got := string(o.conn.tail()); got != "h" {
			t.Errorf("kept %q, want h", got)
		}
	})
}

// An idle connection has no buffer, whatever it has been through.
func TestIdleConnectionOwnsNothing(t *testing.T) {
	w := newWorld(t, Config{})
	fd, peer := pair(t)
	want, got := 0, 0
	o := w.open(fd, func(o *owner) {
		o.quiet = true
		o.onData = func(c *Conn, b []byte) int {
			if len(b) < want {
				return 0
			}
			got = len(b)
			c.Write(b)
			return len(b)
		}
	})
	for _, n := range []int{1, 100, 5000, 70_000, 300_000} {
		w.do(func() { want = n })
		data := pattern(n)
		go func() { _, _ = peer.Write(data) }()
		receive(t, peer, string(data))
		w.do(func() {
			if got != n {
				t.Errorf("the last call had %d bytes, want %d", got, n)
			}
			if o.conn.x != nil {
				t.Errorf("%d bytes later there is still %+v", n, o.conn.x)
			}
		})
	}
}

// A handler that takes what comes in odd portions, one after a long wait, sees every byte once and in order.
func TestEveryByteOnceWhateverIsConsumed(t *testing.T) {
	for _, portion := range []int{1, 3, 1000, 4095, 4097, 50_000, 70_000, 200_000} {
		w := newFaultyWorld(t, Config{}, func(k *faultyKernel) { k.readMax = 977 + portion/3 })
		fd, peer := pair(t)
		data := pattern(max(portion*3, 20_000))
		var got []byte
		done := make(chan struct{})
		w.open(fd, func(o *owner) {
			o.quiet = true
			o.onData = func(_ *Conn, b []byte) int {
				n := len(b) / portion * portion
				if len(got)+len(b) == len(data) {
					n = len(b)
				}
				got = append(got, b[:n]...)
				if len(got) == len(data) {
					close(done)
				}
				return n
			}
		})
		if _, err := peer.Write(data); err != nil {
			t.Fatal(err)
		}
		select {
		case <-done:
		case <-time.After(patience):
			t.Fatalf("portion %d: incomplete", portion)
		}
		if !bytes.Equal(got, data) {
			t.Fatalf("portion %d: bytes differ", portion)
		}
		w.stop()
	}
}

// A stanza of half a megabyte that comes in small pieces is not copied again for each of them.
func TestLongTailIsNotCopiedPerRead(t *testing.T) {
	var c Conn
	l := &Loop{shared: make([]byte, tailBytesSmall+readBytesMax)}
	c.loop = l
	copied, last := 0, (*byte)(nil)
	total := 0
	for total < 500_000 {
		b, have := c.room(l.shared)
		if have != total {
			t.Fatalf("tail of %d bytes, want %d", have, total)
		}
		if &b[0] != last {
			copied += have
			last = &b[0]
		}
		total += 10
		c.keep(b[:have+10], 0)
	}
	if copied > 3_000_000 {
		t.Errorf("%d bytes copied for 500,000 received", copied)
	}
}

func TestWrongCountsAreClamped(t *testing.T) {
	w := newWorld(t, Config{})
	fd, peer := pair(t)
	n := 100
	o := w.open(fd, func(o *owner) {
		o.onData = func(*Conn, []byte) int { return n }
	})
	send(t, peer, "abc")
	o.want("data abc")
	w.do(func() { n = -5 })
	send(t, peer, "def")
	o.want("data def")
	w.do(func() { n = 1 << 60 })
	send(t, peer, "g")
	o.want("data defg")
	w.do(func() {
		if len(o.conn.tail()) != 0 {
			t.Error("a tail is left")
		}
	})
}

func TestPauseStopsReadingAndResumeOffersTheTail(t *testing.T) {
	w := newWorld(t, Config{})
	fd, peer := pair(t)
	o := w.open(fd, func(o *owner) {
		o.onData = func(c *Conn, b []byte) int {
			if i := bytes.IndexByte(b, '.'); i >= 0 {
				c.Pause()
				return i + 1
			}
			return len(b)
		}
	})
	send(t, peer, "one.two.three")
	o.want("data one.two.three")
	send(t, peer, ".four")
	w.rounds(3)
	o.wantNone()
	w.do(func() { o.conn.Resume() })
	o.want("data two.three")
	w.rounds(3)
	o.wantNone()
	w.do(func() { o.conn.Resume() })
	o.want("data three", "data .four")
	w.rounds(3)
	o.wantNone()
}

// Resume offers the tail in a later turn, not from inside the call.
func TestResumeDoesNotCallBack(t *testing.T) {
	w := newWorld(t, Config{})
	fd, peer := pair(t)
	depth, calls := 0, 0
	o := w.open(fd, func(o *owner) {
		o.onData = func(c *Conn, b []byte) int {
			if depth++; depth > 1 {
				t.Error("HandleData inside HandleData")
			}
			defer func() { depth-- }()
			c.Pause()
			c.Resume()
			if calls++; calls < 100 {
				return 0
			}
			return len(b)
		}
	})
	send(t, peer, "x")
	for range 100 {
		o.want("data x")
	}
	w.rounds(2)
	o.wantNone()
}

// An event that was harvested before the handler of another connection paused this one is ignored.
func TestStaleEventAfterPause(t *testing.T) {
	w := newWorld(t, Config{})
	fda, peera := pair(t)
	fdb, peerb := pair(t)
	a, b := w.open(fda), w.open(fdb)
	w.do(func() { // both become readable in one batch
		a.onData = func(_ *Conn, d []byte) int { b.conn.Pause(); return len(d) }
		b.onData = func(_ *Conn, d []byte) int { a.conn.Pause(); return len(d) }
		send(t, peera, "a")
		send(t, peerb, "b")
	})
	w.rounds(3)
	if len(a.events)+len(b.events) != 1 {
		t.Fatalf("%d events, want one: whichever came first silences the other", len(a.events)+len(b.events))
	}
	w.do(func() { a.conn.Resume(); b.conn.Resume() })
	if len(a.events) == 1 {
		a.want("data a")
		b.want("data b")
	} else {
		b.want("data b")
		a.want("data a")
	}
}

func TestEOF(t *testing.T) {
	w := newWorld(t, Config{})
	fd, peer := pair(t)
	o := w.open(fd, func(o *owner) {
		o.onData = func(_ *Conn, b []byte) int { return strings.Count(string(b), "x") }
	})
	send(t, peer, "xxy")
	o.want("data xxy")
	closeWrite(t, peer)
	o.want("eof")
	w.do(func() { o.conn.Write([]byte("still here")) })
	receive(t, peer, "still here")
	w.rounds(3)
	o.wantNone()
	w.do(func() { o.conn.Close() })
	o.want("close <nil>")
	receiveEnd(t, peer)
}

// A peer that has gone doesn't keep the loop busy.
func TestHangupDoesNotSpin(t *testing.T) {
	for name, setup := range map[string]func(c *Conn){
		"read":                    func(*Conn) {},
		"paused":                  func(c *Conn) { c.Pause() },
		"both sides shut":         func(c *Conn) { c.CloseWrite() },
		"paused, both sides shut": func(c *Conn) { c.Pause(); c.CloseWrite() },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, Config{})
			fd, peer := tcpPair(t)
			o := w.open(fd)
			w.do(func() { setup(&o.conn) })
			closeWrite(t, peer)
			o.want("eof")
			w.wantSleep()
			peer.Close()
			w.rounds(3)
			w.wantSleep()
			w.do(func() { o.conn.Close() })
			o.want("close*")
		})
	}
}

// wantSleep checks that no event comes by itself, by counting the loop's clock readings while the test itself is at rest.
func (w *world) wantSleep() {
	w.Helper()
	var before, after int64
	w.rounds(4)
	w.do(func() { before = w.l.turns })
	timeout := unix.NsecToTimeval(int64(30 * time.Millisecond))
	_, _ = unix.Select(0, nil, nil, nil, &timeout)
	w.do(func() { after = w.l.turns })
	if after-before > 3 {
		w.Errorf("%d callbacks while nothing happened", after-before)
	}
}

// FIN while paused: at once when there is nothing before it, after it otherwise.
func TestEOFWhilePaused(t *testing.T) {
	w := newWorld(t, Config{})
	fd, peer := tcpPair(t)
	o := w.open(fd)
	w.do(func() { o.conn.Pause() })
	closeWrite(t, peer)
	o.want("eof")

	fd, peer = tcpPair(t)
	o = w.open(fd)
	w.do(func() { o.conn.Pause() })
	w.rounds(2)
	send(t, peer, "last words")
	closeWrite(t, peer)
	w.rounds(3)
	o.wantNone()
	w.do(func() { o.conn.Resume() })
	o.want("data last words", "eof")
}

// A tail that was kept comes before the end, also when the end comes first.
func TestEOFBehindKeptTail(t *testing.T) {
	w := newWorld(t, Config{})
	fd, peer := pair(t)
	first := true
	o := w.open(fd, func(o *owner) {
		o.onData = func(c *Conn, b []byte) int {
			if first {
				first = false
				c.Pause()
				return 1
			}
			return len(b)
		}
	})
	send(t, peer, "abc")
	closeWrite(t, peer)
	o.want("data abc")
	w.rounds(3)
	o.wantNone()
	w.do(func() { o.conn.Resume() })
	o.want("data bc", "eof")
}

func TestResetIsNoticed(t *testing.T) {
	for name, setup := range map[string]func(c *Conn){
		"read":   func(*Conn) {},
		"paused": func(c *Conn) { c.Pause() },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, Config{})
			fd, peer := tcpPair(t)
			o := w.open(fd)
			w.do(func() { setup(&o.conn) })
			_ = peer.SetLinger(0)
			peer.Close()
			o.want("close connection reset by peer")
		})
	}
}

func TestResetAfterEOF(t *testing.T) {
	w := newWorld(t, Config{})
	fd, peer := tcpPair(t)
	o := w.open(fd)
	closeWrite(t, peer)
	o.want("eof")
	_ = peer.SetLinger(0)
	peer.Close()
	o.want("close*")
}

// A long tail that ends small doesn't keep its large buffer.
func TestTailMovesToASmallBuffer(t *testing.T) {
	w := newWorld(t, Config{})
	fd, peer := pair(t)
	o := w.open(fd, func(o *owner) {
		o.quiet = true
		o.onData = func(_ *Conn, b []byte) int {
			if len(b) < 100_000 {
				return 0
			}
			o.note("enough")
			return len(b) - 10
		}
	})
	if _, err := peer.Write(pattern(100_000)); err != nil {
		t.Fatal(err)
	}
	o.want("enough")
	w.do(func() {
		if n := cap(o.conn.x.in); n > 64 || len(o.conn.tail()) != 10 {
			t.Errorf("a tail of %d in a buffer of %d", len(o.conn.tail()), n)
		}
	})
}

// Urgent data is no data, and doesn't keep the poller busy.
func TestUrgentData(t *testing.T) {
	for _, pause := range []bool{false, true} {
		w := newWorld(t, Config{})
		fd, peer := tcpPair(t)
		o := w.open(fd)
		w.do(func() {
			if pause {
				o.conn.Pause()
			}
		})
		if err := unix.Sendto(dupOf(t, peer), []byte("!"), unix.MSG_OOB, nil); err != nil {
			t.Fatal(err)
		}
		w.wantSleep()
		o.wantNone()
		send(t, peer, "hello")
		w.do(func() { o.conn.Resume() })
		o.want("data hello")
		w.stop()
	}
}
