package loop

import (
	"log/slog"
	"net"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
)

// listen makes a listener whose connections write down what they get, and are passed on.
func (w *world) listen(addr string) (*Listener, chan *owner) {
	w.Helper()
	owners := make(chan *owner, 4096)
	var ls *Listener
	w.do(func() {
		var err error
		ls, err = w.l.Listen(addr, func() (*Conn, Handler) {
			o := newOwner(w.T)
			o.accepted = true
			owners <- o
			return &o.conn, o
		})
		if err != nil {
			w.Fatal(err)
		}
	})
	return ls, owners
}

func dial(t *testing.T, ls *Listener) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", ls.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestAccept(t *testing.T) {
	w := newWorld(t, Config{})
	ls, owners := w.listen("127.0.0.1:0")
	peers := make([]net.Conn, 3*acceptMax)
	for i := range peers {
		peers[i] = dial(t, ls)
		send(t, peers[i], "hello")
	}
	for range peers {
		o := <-owners
		o.want("data hello")
		w.do(func() {
			if o.connects != 1 {
				t.Errorf("HandleConnect %d times, want once", o.connects)
			}
		})
	}
	w.do(func() {
		if w.l.Conns() != len(peers) {
			t.Errorf("%d connections, want %d", w.l.Conns(), len(peers))
		}
	})
}

func TestAcceptTakesAFewAtATime(t *testing.T) {
	perTurn := map[int64]int{}
	var w *world
	w = newFaultyWorld(t, Config{}, func(k *faultyKernel) {
		k.onAccept = func(int) syscall.Errno { perTurn[w.l.turns]++; return 0 }
	})
	ls, owners := w.listen("127.0.0.1:0")
	w.do(func() { // while the loop is busy, they queue
		for range 3 * acceptMax {
			dial(t, ls)
		}
	})
	for range 3 * acceptMax {
		<-owners
	}
	w.do(func() {
		for turn, n := range perTurn {
			if n > acceptMax {
				t.Errorf("%d accepted in turn %d", n, turn)
			}
		}
	})
}

func TestAcceptRefuses(t *testing.T) {
	w := newWorld(t, Config{})
	var ls *Listener
	w.do(func() { ls, _ = w.l.Listen("127.0.0.1:0", func() (*Conn, Handler) { return nil, nil }) })
	c := dial(t, ls)
	if _, err := c.Read(make([]byte, 1)); err == nil {
		t.Error("not refused")
	}
	w.do(func() {
		if w.l.Conns() != 0 {
			t.Error("a refused connection counts")
		}
	})
}

func TestListenAddresses(t *testing.T) {
	w := newWorld(t, Config{})
	for _, addr := range []string{"127.0.0.1:0", "localhost:0", ":0", "[::]:0", "[::1]:0", "0.0.0.0:0"} {
		if strings.HasPrefix(addr, "[::1]") && !hasIPv6() {
			continue
		}
		ls, owners := w.listen(addr)
		if ls.Addr().Port() == 0 {
			t.Errorf("%s: no port", addr)
		}
		to := ls.Addr().String()
		if ls.Addr().Addr().IsUnspecified() { // both families, or IPv4 alone
			_, port, _ := net.SplitHostPort(to)
			to = net.JoinHostPort("127.0.0.1", port)
		}
		c, err := net.Dial("tcp", to)
		if err != nil {
			t.Errorf("%s: %v", addr, err)
			continue
		}
		o := <-owners
		c.Close()
		o.want("eof")
	}
	for _, addr := range []string{"", "127.0.0.1", "127.0.0.1:http://", "127.0.0.1:99999", "no such host:1"} {
		if _, err := w.l.Listen(addr, nil); err == nil {
			t.Errorf("%q was taken", addr)
		}
	}
}

func hasIPv6() bool {
	ln, err := net.Listen("tcp", "[::1]:0")
	if err == nil {
		ln.Close()
	}
	return err == nil
}

func TestListenerClose(t *testing.T) {
	w := newWorld(t, Config{})
	ls, owners := w.listen("127.0.0.1:0")
	dial(t, ls)
	o := <-owners
	w.do(func() { ls.Close(); ls.Close() })
	w.rounds(2)
	if c, err := net.Dial("tcp", ls.Addr().String()); err == nil {
		c.Close()
		t.Error("still listening")
	}
	w.do(func() { o.conn.Write([]byte("x")) }) // connections stay
	w.rounds(1)
	o.wantNone()
}

// Without descriptors, connections that wait are dropped, and the loop goes on.
func TestAcceptWithoutDescriptors(t *testing.T) {
	var none atomic.Bool
	w := newFaultyWorld(t, Config{}, func(k *faultyKernel) {
		spared := false
		k.onAccept = func(int) syscall.Errno {
			if none.Load() && !spared {
				return syscall.EMFILE
			}
			return 0
		}
		k.onClose = func(int) { spared = true }
		k.onSpare = func() syscall.Errno { spared = false; return 0 }
	})
	ls, owners := w.listen("127.0.0.1:0")
	fd, peer := pair(t)
	o := w.open(fd)

	none.Store(true)
	c := dial(t, ls)
	if _, err := c.Read(make([]byte, 1)); err == nil {
		t.Error("not dropped")
	}
	w.wantSleep()
	send(t, peer, "hello")
	o.want("data hello")

	none.Store(false)
	send(t, dial(t, ls), "x")
	(<-owners).want("data x")
}

// Whom the owner ends makes room for who waits: nobody is dropped.
func TestShortageMakesRoom(t *testing.T) {
	var none atomic.Bool
	var w *world
	var idle *owner
	shortages := 0
	w = newFaultyWorld(t, Config{HandleShortage: func() { shortages++; idle.conn.Abort() }}, func(k *faultyKernel) {
		k.onAccept = func(int) syscall.Errno {
			if none.Load() {
				return syscall.EMFILE
			}
			return 0
		}
		k.onClose = func(int) { none.Store(false) }
	})
	ls, owners := w.listen("127.0.0.1:0")
	fd, _ := pair(t)
	idle = w.open(fd)
	none.Store(true)
	send(t, dial(t, ls), "hello")
	(<-owners).want("data hello")
	idle.want("close <nil>")
	w.do(func() {
		if shortages != 1 {
			t.Errorf("%d shortages, want one", shortages)
		}
	})
}

// When even the spare can't be had again, the listener rests, and the poller is not kept busy by it.
func TestListenerRests(t *testing.T) {
	var none atomic.Bool
	w := newFaultyWorld(t, Config{}, func(k *faultyKernel) {
		k.onAccept = func(int) syscall.Errno {
			if none.Load() {
				return syscall.EMFILE
			}
			return 0
		}
		k.onSpare = func() syscall.Errno {
			if none.Load() {
				return syscall.EMFILE
			}
			return 0
		}
	})
	ls, owners := w.listen("127.0.0.1:0")
	none.Store(true)
	send(t, dial(t, ls), "patient")
	for rests := false; !rests; {
		w.do(func() { rests = ls.state == interestNone })
	}
	w.wantSleep()
	w.do(func() { ls.handleRest() }) // too early: there is still none
	w.do(func() {
		if ls.state != interestNone || !ls.node.Armed() {
			t.Error("the rest has ended without a descriptor")
		}
		none.Store(false)
		w.l.wait(&ls.node, waitListener, ls.fd, w.l.Now()) // half a second is long
	})
	(<-owners).want("data patient")
}

// Descriptors that are about to be closed come first: nobody is dropped while there are any.
func TestAcceptWaitsForPendingCloses(t *testing.T) {
	var refuse atomic.Bool
	w := newFaultyWorld(t, Config{}, func(k *faultyKernel) {
		k.onAccept = func(int) syscall.Errno {
			if refuse.CompareAndSwap(true, false) {
				return syscall.EMFILE
			}
			return 0
		}
	})
	ls, owners := w.listen("127.0.0.1:0")
	fd, _ := pair(t)
	o := w.open(fd)
	var c net.Conn
	w.do(func() {
		refuse.Store(true)
		c = dial(t, ls)
		o.conn.Abort()
		w.l.finish()
		ls.handleReadable() // as if both had been in one batch
	})
	(<-owners).wantNone()
	send(t, c, "x")
	o.want("close <nil>")
}

// The real thing, in a process of its own: a low limit of descriptors.
func TestAcceptAtTheLimit(t *testing.T) {
	if !inChild(t) {
		return
	}
	var log strings.Builder
	w := newWorld(t, Config{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	ls, owners := w.listen("127.0.0.1:0")
	send(t, dial(t, ls), "warm-up") // Go's own poller has its descriptors by now
	(<-owners).want("data warm-up")
	addr := ls.Addr()
	k := new(linux)
	var held []int
	for { // the client's ends are in the same process
		fd, errno := k.connect(addr)
		if errno != 0 {
			break
		}
		held = append(held, fd)
	}
	w.rounds(3)
	for _, fd := range held {
		k.close(fd)
	}
	for range len(owners) {
		o := <-owners
		o.want("eof")
		w.do(func() { o.conn.Close() })
	}
	c := dial(t, ls)
	send(t, c, "alive")
	for alive := false; !alive; { // before it come those that were still to be accepted
		alive = (<-owners).next() == "data alive"
	}
	w.stop()
	if !strings.Contains(log.String(), "too many open files") {
		t.Errorf("the limit was not met; the log says %q", log.String())
	}
}
