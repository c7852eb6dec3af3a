package loop

import (
	"testing"

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
