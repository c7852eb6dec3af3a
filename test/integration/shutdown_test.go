//go:build integration && linux

package integration

import (
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestShutdown: SIGTERM and SIGINT end every session with system-shutdown, close every stream in good order, and
// the process with 0.
func TestShutdown(t *testing.T) {
	t.Parallel()
	for name, sig := range map[string]os.Signal{"SIGTERM": syscall.SIGTERM, "SIGINT": syscall.SIGINT} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := startBackend(t, "example.test")
			s := startServer(t, b.flag())
			holding, peer1 := createSession(t, s, b)
			held := holding.hold(t)
			held.wantSilence(t, quiet)
			resting, peer2 := createSession(t, s, b)
			_ = resting // nothing is held there: nobody to tell
			creating := s.dial(t)
			creating.post(t, s.path, creation(5, "example.test"))
			b.accept(t) // says nothing, so that the creation is not answered yet
			idle, half := s.dial(t), s.dial(t)
			half.send(t, "POST "+s.path+" HTTP/1.1\r\nHost: h\r\nContent-Le")

			s.signal(t, sig)
			wantTerminate(t, held.read(t), "system-shutdown")
			held.wantClosed(t)
			for _, peer := range []*backendConn{peer1, peer2} {
				if got := peer.expectClosed(t); !strings.HasSuffix(strings.TrimSpace(got), "</stream:stream>") {
					t.Errorf("a stream ended with %q, want </stream:stream>", got[max(0, len(got)-100):])
				}
			}
			// Granted already, without features, or refused: either way it is answered.
			if r := parseBody(t, creating.read(t)); r.attr("type") == "terminate" && r.attr("condition") != "system-shutdown" {
				t.Errorf("the creation under way got %s", r.raw)
			}
			idle.wantGone(t)
			half.wantGone(t)
			if code := s.wait(t); code != 0 {
				t.Errorf("exit status %d, want 0", code)
			}
			if c, err := net.DialTimeout("tcp", s.addr, time.Second); err == nil {
				c.Close()
				t.Error("the port is still open")
			}
		})
	}
}

// TestShutdownWithStubbornPeers: neither a backend that doesn't answer the end of its stream nor a client that
// doesn't read keeps the process from ending.
func TestShutdownWithStubbornPeers(t *testing.T) {
	t.Parallel()
	b := startBackend(t, "example.test")
	b.stubborn.Store(true)
	s := startServer(t, b.flag())
	x, peer := createSession(t, s, b)
	c := x.hold(t)
	if err := c.SetReadBuffer(4 << 10); err != nil {
		t.Fatal(err)
	}
	c.wantSilence(t, quiet)
	big := strings.Repeat("x", 200_000)
	for range 20 {
		peer.send(t, "<message xmlns='jabber:client' to='bob@example.test'><body>"+big+"</body></message>")
	}
	s.signal(t, syscall.SIGTERM)
	if code := s.wait(t); code != 0 {
		t.Errorf("exit status %d, want 0", code)
	}
}
