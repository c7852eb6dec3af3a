package proxy

import (
	"testing"

	"go-xmpp-bosh/timer"
)

// What can be taken is, sessions keep what they have, and what cannot change stays.
func TestReconfigure(t *testing.T) {
	s, addr := startServer(t, func(c *Config) { fakeBackend(t, c, "example.org") })
	next := Config{Listen: []string{"127.0.0.1:1"}, Path: "/other/", MaxSessions: 1, MaxDataHeld: 5, Backends: new(Backends)}
	next.HTTPIdleTimeout, next.DrainTimeout, next.SystemInfoPassword, next.AccessLog = 7*timer.Second, 9, "x", 3
	l := fakeBackend(t, &next, "example.net")
	s.Reconfigure(next)
	seen := make(chan Config)
	s.loop.Post(func() { seen <- s.cfg })
	c := <-seen
	if c.MaxSessions != 1 || c.HTTPIdleTimeout != 7*timer.Second || c.DrainTimeout != 9 || c.SystemInfoPassword != "x" || c.AccessLog != 3 {
		t.Errorf("not taken: %+v", c)
	}
	if c.Path != "/http-bind/" || c.MaxDataHeld != 100_000 || c.Listen[0] == "127.0.0.1:1" {
		t.Errorf("changed: %+v", c)
	}
	b := dial(t, addr)
	b.post(createText(1, "example.net"))
	p := acceptPeer(t, l)
	p.open()
	wantContains(t, b.body(), "<stream:features")
	b.post(createText(1, "example.net"))
	if r, _ := b.answer(); r.StatusCode != 503 {
		t.Errorf("a second session: %s", r.Status)
	}
}

// A client that reads nothing holds a shutdown up for the drain time and no longer; a time of none is not waited for.
func TestDrainTimeout(t *testing.T) {
	for _, drain := range []timer.Time{-1, 50} {
		s, err := New(Config{Listen: []string{"127.0.0.1:0"}, DrainTimeout: drain})
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { done <- s.Run() }()
		b := dial(t, s.Addrs()[0].String())
		b.raw("POST /http-bind/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n") // its connection stays open
		accepted := make(chan bool)
		for up := false; !up; {
			s.loop.Post(func() { accepted <- s.loop.Conns() > 0 })
			up = <-accepted
		}
		s.Shutdown()
		if err := <-done; err != nil {
			t.Errorf("%d: %v", drain, err)
		}
	}
}
