//go:build !race

package loop

import (
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

func TestConnSize(t *testing.T) {
	if n := unsafe.Sizeof(Conn{}); n != 88 {
		t.Errorf("a connection takes %d bytes, want 88", n)
	}
}

// step makes a loop that doesn't run by itself, and a connection that echoes.
func step(t testing.TB) (*Loop, *owner, [2]int) {
	t.Helper()
	l, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Stop(); _ = l.Run() })
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Close(fds[1]) })
	o := &owner{events: make(chan string, 100), quiet: true}
	o.onData = func(c *Conn, b []byte) int {
		c.SetDeadline(c.Now() + 60_000)
		c.Write(b)
		return len(b)
	}
	if !l.establish(&o.conn, o, fds[0]) {
		t.Fatal("not established")
	}
	l.settle()
	return l, o, fds
}

// An echo allocates nothing, whatever its size, and whether the message comes whole or in two parts.
func TestEchoAllocatesNothing(t *testing.T) {
	l, o, fds := step(t)
	half := 0
	o.onData = func(c *Conn, b []byte) int {
		if half++; half%2 == 1 && len(b) < 20_000 {
			return 0
		}
		c.SetDeadline(c.Now() + 60_000)
		c.Write(b)
		return len(b)
	}
	buf := make([]byte, 64<<10)
	for _, size := range []int{1, 500, 5000, 20_000} {
		data := pattern(size)
		if n := testing.AllocsPerRun(200, func() {
			for range 2 {
				_, _ = unix.Write(fds[1], data)
				l.handleEvent(fds[0], evReadable)
			}
			if n, _ := unix.Read(fds[1], buf); n != 2*size {
				t.Fatalf("%d bytes came back, want %d", n, 2*size)
			}
		}); n != 0 {
			t.Errorf("%v allocations for an echo of %d bytes, want 0", n, size)
		}
	}
}

// Pausing, resuming and waiting for room allocate nothing either.
func TestPressureAllocatesNothing(t *testing.T) {
	l, o, fds := step(t)
	_ = unix.SetsockoptInt(fds[0], unix.SOL_SOCKET, unix.SO_SNDBUF, 1)
	data, buf := pattern(100_000), make([]byte, 100_000)
	l.cfg.HighWater, l.cfg.LowWater = 1000, 100
	if n := testing.AllocsPerRun(100, func() {
		o.conn.Pause()
		o.conn.Write(data)
		l.settle()
		for o.conn.Pending() > 0 {
			_, _ = unix.Read(fds[1], buf)
			l.handleEvent(fds[0], evWritable)
		}
		for n := 1; n > 0; {
			n, _ = unix.Read(fds[1], buf)
		}
		o.conn.Resume()
		l.settle()
		<-o.events
	}); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}

// What an echo over TLS allocates is crypto/tls's: two small readers per record that it reads.
func TestTLSEchoAllocations(t *testing.T) {
	for name, v := range versions {
		n := testing.AllocsPerRun(500, tlsEcho(t, v))
		t.Logf("%s: %v allocations per echo, both sides", name, n)
		if n > 4 {
			t.Errorf("%s: %v allocations per echo, want at most 4", name, n)
		}
	}
}

// tlsEcho makes a TLS connection between two connections of one loop, and returns what sends a message and waits for its echo.
func tlsEcho(t testing.TB, version uint16) func() {
	t.Helper()
	id := newIdentity(t)
	l, server, fds := step(t)
	fd, err := unix.FcntlInt(uintptr(fds[1]), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	client := &owner{events: make(chan string, 100), quiet: true}
	if !l.establish(&client.conn, client, fd) {
		t.Fatal("not established")
	}
	server.conn.StartTLS(id.server(version), true)
	cfg := id.client(version)
	cfg.SessionTicketsDisabled = true
	client.conn.StartTLS(cfg, false)
	l.settle()
	for len(server.events) == 0 || len(client.events) == 0 {
		l.handleEvent(fds[0], evReadable)
		l.handleEvent(fd, evReadable)
		l.runPosted()
	}
	data := pattern(500)
	return func() {
		client.conn.Write(data)
		l.settle()
		l.handleEvent(fds[0], evReadable)
		l.handleEvent(fd, evReadable)
		if client.conn.Closed() || server.conn.Pending() != 0 {
			t.Fatal("no echo")
		}
	}
}
