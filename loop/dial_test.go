package loop

import (
	"net"
	"net/netip"
	"testing"

	"golang.org/x/sys/unix"
)

func TestDial(t *testing.T) {
	w := newWorld(t, Config{})
	ln, addr := listenGo(t)
	o := newOwner(t)
	o.onConnect = func(c *Conn) { c.Write([]byte("second")) }
	w.do(func() {
		w.l.Dial(&o.conn, o, addr, 10_000)
		o.conn.Write([]byte("first "))
		if len(o.events) != 0 || w.l.Conns() != 1 || o.conn.Closed() {
			t.Error("Dial has called back, or has forgotten the connection")
		}
	})
	peer, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer peer.Close()
	receive(t, peer, "first second")
	o.want("connect")
	w.do(func() {
		if got := o.conn.RemoteAddr(); got != addr {
			t.Errorf("remote %v, want %v", got, addr)
		}
		if got := o.conn.LocalAddr().String(); got != peer.RemoteAddr().String() {
			t.Errorf("local %v, want %v", got, peer.RemoteAddr())
		}
		if o.conn.x != nil || o.conn.interest != interestRead {
			t.Errorf("%+v, interest %v", o.conn.x, o.conn.interest)
		}
	})
	send(t, peer, "hello")
	o.want("data hello")
}

func TestDialFails(t *testing.T) {
	ln, refused := listenGo(t)
	ln.Close()
	for _, c := range []struct {
		to   netip.AddrPort
		want string
	}{
		{refused, "close connect: connection refused"},
		{netip.AddrPort{}, "close connect: invalid argument"},
		{netip.MustParseAddrPort("255.255.255.255:1"), "close connect: *"},
		{netip.MustParseAddrPort("[::ffff:127.0.0.1]:1"), "close connect: connection refused"},
	} {
		w := newWorld(t, Config{})
		o := newOwner(t)
		w.do(func() {
			w.l.Dial(&o.conn, o, c.to, 10_000)
			o.conn.Write([]byte("never sent"))
			if o.closes != 0 {
				t.Error("HandleClose from inside Dial")
			}
		})
		o.want(c.want)
		w.do(func() {
			if w.l.Conns() != 0 || o.conn.node.Armed() || o.conn.state != stateFree {
				t.Error("something is left")
			}
		})
		w.stop()
	}
}

// A socket whose peer's queue is full doesn't get up, and doesn't say so.
func TestDialTimesOut(t *testing.T) {
	w := newWorld(t, Config{})
	addr := fullListener(t)
	o := newOwner(t)
	o.onDeadline = func(c *Conn) { c.SetDeadline(0) }
	w.do(func() {
		w.l.Dial(&o.conn, o, addr, 50)
		o.conn.SetDeadline(w.l.Now() + 10) // the owner's own deadline is another matter
	})
	o.want("deadline", "close loop: time-out")

	w.do(func() {
		w.l.Dial(&o.conn, o, addr, 1_000_000)
		o.closes = 0
		o.conn.Close()
	})
	o.want("close <nil>")
}

// A handler that dials again as soon as it is refused leaves the others their turns.
func TestRedialingHandlerLeavesTurns(t *testing.T) {
	w := newWorld(t, Config{})
	stop := false
	o := newOwner(t)
	o.onClose = func(c *Conn, _ error) {
		o.closes = 0
		<-o.events
		if !stop {
			w.l.Dial(c, o, netip.AddrPort{}, 0)
		}
	}
	w.do(func() { w.l.Dial(&o.conn, o, netip.AddrPort{}, 0) })
	w.rounds(50)
	w.do(func() { stop = true })
	w.rounds(2)
	w.do(func() {
		if w.l.Conns() != 0 {
			t.Error("still dialling")
		}
	})
}

func TestDialWhileStopping(t *testing.T) {
	w := newWorld(t, Config{})
	o := newOwner(t)
	o.onClose = func(c *Conn, _ error) { o.closes = 0; w.l.Dial(c, o, netip.MustParseAddrPort("127.0.0.1:1"), 0) }
	fd, _ := pair(t)
	w.do(func() { w.l.establish(&o.conn, o, fd) })
	w.stop()
	o.want("close <nil>", "close loop: stopped")
}

func TestConnInUseIsNotTaken(t *testing.T) {
	w := newWorld(t, Config{})
	fd, peer := pair(t)
	o := w.open(fd)
	w.do(func() { w.l.Dial(&o.conn, o, netip.MustParseAddrPort("127.0.0.1:1"), 0) })
	send(t, peer, "still there")
	o.want("data still there")
}

func listenGo(t *testing.T) (net.Listener, netip.AddrPort) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	return ln, ln.Addr().(*net.TCPAddr).AddrPort()
}

// fullListener makes an address that answers no more connects: its queue is full.
func fullListener(t *testing.T) netip.AddrPort {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Close(fd) })
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	if err := unix.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	addr := new(linux).localAddr(fd)
	k := new(linux)
	for range 8 { // more than a queue of 0 holds
		c, errno := k.connect(addr)
		if errno != 0 {
			t.Fatal(errno)
		}
		t.Cleanup(func() { k.close(c) })
	}
	return addr
}
