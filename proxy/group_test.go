package proxy

import (
	"fmt"
	"net"
	"strings"
	"testing"
)

// startGroup runs a server of n loops.
func startGroup(t testing.TB, n int, change func(*Config)) (g *Group, addr string) {
	t.Helper()
	cfg := Config{Listen: []string{"127.0.0.1:0"}, Backends: new(Backends)}
	change(&cfg)
	g, err := NewGroup(cfg, n)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- g.Run() }()
	t.Cleanup(func() {
		g.Stop()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return g, g.Addrs()[0].String()
}

// Whichever loop a connection lands on, its session's requests find their way, and so do those of another session on the same connection.
func TestGroup(t *testing.T) {
	var l net.Listener
	g, addr := startGroup(t, 3, func(c *Config) { l = fakeBackend(t, c, "example.org") })
	var sessions []*testSession
	for range 12 {
		sessions = append(sessions, openSession(t, addr, l))
	}
	homes := map[string]bool{}
	for _, ts := range sessions {
		homes[ts.sid[37:38]] = true
	}
	t.Logf("sids name %d kinds of slots", len(homes))
	for i, ts := range sessions {
		for range 3 {
			b := dial(t, addr)
			b.post(ts.next("", fmt.Sprintf("<message to='m%d@example.org'/>", i)))
			ts.peer.want(fmt.Sprintf("<message to='m%d@example.org'/>", i))
			ts.peer.send("<message from='a@example.org'/>")
			wantContains(t, b.body(), "<message")
			// Another session's request on the connection, pipelined behind a poll that is held.
			other := sessions[(i+1)%len(sessions)]
			b.raw(postText(ts.next("", "")) + postText(other.next("", "<presence/>")))
			other.peer.want("<presence/>")
			other.peer.send("<message from='b@example.org'/>")
			wantContains(t, b.body(), "<body ")
			wantContains(t, b.body(), "<message", "from='b@example.org'")
		}
	}
	g.Shutdown()
	for _, ts := range sessions {
		ts.peer.want("</stream:stream>")
	}
}

func TestGroupSizes(t *testing.T) {
	for _, n := range []int{-1, 0, LoopsMax + 1} {
		if _, err := NewGroup(Config{}, n); err == nil || !strings.Contains(err.Error(), "loops") {
			t.Errorf("%d loops: %v", n, err)
		}
	}
}
