package loop

import (
	"net"
	"os"
	"testing"
)

// listenerFile is a descriptor of a socket that somebody else has made.
func listenerFile(t *testing.T, l interface{ File() (*os.File, error) }) int {
	t.Helper()
	f, err := l.File()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return int(f.Fd()) // which makes it blocking: ours must not be
}

// A socket that was handed over is accepted on, and stays with whoever made it when the loop has ended.
func TestInherit(t *testing.T) {
	made, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer made.Close()
	fd := listenerFile(t, made.(*net.TCPListener))
	w := newWorld(t, Config{})
	owners := make(chan *owner, 4)
	var ls *Listener
	w.do(func() {
		ls, err = w.l.Inherit(fd, func() (*Conn, Handler) {
			o := newOwner(w.T)
			o.accepted = true
			owners <- o
			return &o.conn, o
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := ls.Addr().String(); got != made.Addr().String() {
		t.Errorf("it listens on %s, want %s", got, made.Addr())
	}
	for range 2 {
		send(t, dial(t, ls), "hello")
		(<-owners).want("data hello")
	}
	addr := ls.Addr().String()
	w.do(func() { ls.Close() })
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatalf("nobody can wait in the socket: %v", err)
	}
	defer c.Close()
	later, err := made.Accept()
	if err != nil {
		t.Fatal(err)
	}
	later.Close()
}

func TestInheritRefuses(t *testing.T) {
	udp, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer udp.Close()
	local, err := net.ListenUnix("unix", &net.UnixAddr{Name: t.TempDir() + "/s", Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	defer local.Close()
	file, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w := newWorld(t, Config{})
	for name, fd := range map[string]int{
		"UDP": listenerFile(t, udp), "a Unix socket": listenerFile(t, local), "a file": int(file.Fd()), "nothing": 1 << 20,
	} {
		w.do(func() {
			if ls, err := w.l.Inherit(fd, nil); err == nil {
				t.Errorf("%s was taken for a listening socket", name)
				ls.Close()
			}
		})
	}
}
