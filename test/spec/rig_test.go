package spec

import (
	"net"
	"testing"
	"time"

	"go-xmpp-bosh/proxy"
)

// patience bounds every wait; nothing is ever expected to take that long.
const patience = 20 * time.Second

// server is the connection manager under test, with an XMPP server behind it that the test plays.
type server struct {
	t    testing.TB
	addr string
	cm   *proxy.Server
	xmpp net.Listener // serves example.org and other.example
}

// serve runs one until the test ends.
func serve(t testing.TB) *server { return serveWith(t, func(*proxy.Config) {}) }

func serveWith(t testing.TB, change func(*proxy.Config)) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	cfg := proxy.Config{Listen: []string{"127.0.0.1:0"}, Backends: new(proxy.Backends)}
	for _, domain := range []string{"example.org", "other.example"} {
		if err := cfg.Backends.Add(domain + "=" + l.Addr().String()); err != nil {
			t.Fatal(err)
		}
	}
	change(&cfg)
	cm, err := proxy.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cm.Run() }()
	t.Cleanup(func() {
		cm.Stop()
		if err := <-done; err != nil {
			t.Errorf("the server ended: %v", err)
		}
	})
	return &server{t, cm.Addrs()[0].String(), cm, l}
}

func within(t testing.TB, c interface{ SetDeadline(time.Time) error }) {
	t.Helper()
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
}
