package proxy

import (
	"net"
	"net/http"
	"testing"
)

// All loops of a Group accept on one socket that was handed over.
func TestInheritedSocket(t *testing.T) {
	made, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer made.Close()
	f, err := made.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	g, addr := startGroup(t, 3, func(c *Config) { c.Listen = []string{InheritedAddress(int(f.Fd()))} })
	if addr != made.Addr().String() {
		t.Fatalf("the server is at %s, want %s", addr, made.Addr())
	}
	for i, s := range g.servers {
		if len(s.Addrs()) != 1 || s.Addrs()[0].String() != addr {
			t.Errorf("loop %d listens on %v, want %s", i, s.Addrs(), addr)
		}
	}
	for range 20 {
		b := dial(t, addr)
		b.raw("GET /http-bind/ HTTP/1.1\r\nHost: h\r\n\r\n")
		if r, _ := b.answer(); r.StatusCode != http.StatusOK {
			t.Errorf("status %d, want 200", r.StatusCode)
		}
	}
}

func TestInheritedSocketThatIsNone(t *testing.T) {
	for _, addr := range []string{"fd/", "fd/x", "fd/-1", "fd/1048576"} {
		if _, err := NewGroup(Config{Listen: []string{addr}}, 1); err == nil {
			t.Errorf("a server listens on %q", addr)
		}
	}
}
