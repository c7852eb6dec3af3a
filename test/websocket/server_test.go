package websocket

import (
	"testing"

	"go-xmpp-bosh/proxy"
)

// startServer runs a server in front of the backend until the test ends.
func startServer(t testing.TB, b *backend, change func(*proxy.Config)) (addr string) {
	t.Helper()
	cfg := proxy.Config{Listen: []string{"127.0.0.1:0"}, Backends: new(proxy.Backends)}
	if err := cfg.Backends.Add("*=" + b.addr); err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&cfg)
	}
	s, err := proxy.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Run() }()
	t.Cleanup(func() {
		s.Stop()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return s.Addrs()[0].String()
}
