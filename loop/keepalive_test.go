package loop

import (
	"net/netip"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"go-xmpp-bosh/timer"
)

// What a listener's socket has, the connections that it accepts inherit.
func TestKeepAlive(t *testing.T) {
	for _, c := range []struct {
		set     timer.Time
		on      int
		seconds int
	}{
		{0, 1, keepAliveIdle},
		{7 * timer.Second, 1, 7},
		{1, 1, 1},
		{-1, 0, 0},
	} {
		l, err := New(Config{KeepAlive: c.set})
		if err != nil {
			t.Fatal(err)
		}
		ls, err := l.Listen("127.0.0.1:0", func() (*Conn, Handler) { return nil, nil })
		if err != nil {
			t.Fatal(err)
		}
		on, err := unix.GetsockoptInt(ls.fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE)
		if err != nil || on != c.on {
			t.Errorf("%d: SO_KEEPALIVE is %d, %v; want %d", c.set, on, err, c.on)
		}
		idle, err := unix.GetsockoptInt(ls.fd, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE)
		if err != nil || c.on == 1 && idle != c.seconds {
			t.Errorf("%d: TCP_KEEPIDLE is %d, %v; want %d", c.set, idle, err, c.seconds)
		}
		l.Stop()
		if err := l.Run(); err != nil {
			t.Error(err)
		}
	}
}

// Probes over loopback do harm when thousands are due at once, and no good.
func TestNoKeepAliveOverLoopback(t *testing.T) {
	w := newWorld(t, Config{})
	keepAlive := func(c *Conn) int {
		on := -1
		w.do(func() {
			var err error
			if on, err = unix.GetsockoptInt(int(c.fd), unix.SOL_SOCKET, unix.SO_KEEPALIVE); err != nil {
				t.Error(err)
			}
		})
		return on
	}
	accepted, dialled := newOwner(t), newOwner(t)
	var to netip.AddrPort
	w.do(func() {
		ls, err := w.l.Listen("127.0.0.1:0", func() (*Conn, Handler) { return &accepted.conn, accepted })
		if err != nil {
			t.Error(err)
			return
		}
		to = ls.Addr()
		w.l.Dial(&dialled.conn, dialled, to, 0)
	})
	for _, o := range []*owner{accepted, dialled} {
		o.want("connect")
		if on := keepAlive(&o.conn); on != 0 {
			t.Errorf("SO_KEEPALIVE is %d", on)
		}
	}
}

func TestWhoIsOnThisMachine(t *testing.T) {
	for addr, want := range map[string]bool{
		"127.0.0.1": true, "127.255.0.9": true, "::1": true, "::ffff:127.0.0.1": true,
		"128.0.0.1": false, "10.0.0.127": false, "2001:db8::1": false, "::ffff:192.0.2.1": false, "::": false,
	} {
		a := netip.MustParseAddr(addr)
		var sa unix.RawSockaddrAny
		if a.Is4() {
			*(*unix.RawSockaddrInet4)(unsafe.Pointer(&sa)) = unix.RawSockaddrInet4{Family: unix.AF_INET, Addr: a.As4()}
		} else {
			*(*unix.RawSockaddrInet6)(unsafe.Pointer(&sa)) = unix.RawSockaddrInet6{Family: unix.AF_INET6, Addr: a.As16()}
		}
		if got := isLoopback(&sa); got != want {
			t.Errorf("%s: %t", addr, got)
		}
		if got := keepAliveTo(a) == 0; got != want {
			t.Errorf("%s: no probes to it: %t", addr, got)
		}
	}
	if isLoopback(&unix.RawSockaddrAny{Addr: unix.RawSockaddr{Family: unix.AF_UNIX}}) {
		t.Error("a socket of the file system has no probes to switch off")
	}
}
