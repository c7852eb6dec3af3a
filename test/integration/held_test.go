//go:build integration && linux

package integration

import (
	"fmt"
	"net"
	"os"
	"strings"
	"testing"
	"time"
)

// quiet is how long nothing must happen where nothing is right.
const quiet = 300 * time.Millisecond

// TestHeld: a request is held until there is something to say, and then answered at once.
func TestHeld(t *testing.T) {
	t.Parallel()
	b := startBackend(t, "example.test")
	s := startServer(t, b.flag())
	x, peer := createSession(t, s, b)
	c := x.hold(t)
	c.wantSilence(t, quiet)
	peer.send(t, message("down-1")+message("down-2"))
	wantStanzas(t, c.read(t), "down-1", "down-2")
	c.post(t, s.path, x.next(message("up-1"))) // the connection is kept
	peer.expect(t, "id='up-1'")
	c.wantSilence(t, quiet)
	peer.send(t, message("down-3"))
	wantStanzas(t, c.read(t), "down-3")
}

// TestWaitRunsOut: an empty answer after wait seconds, no sooner (XEP-0124 §8).
func TestWaitRunsOut(t *testing.T) {
	t.Parallel()
	b := startBackend(t, "example.test")
	s := startServer(t, b.flag())
	x, _ := createSession(t, s, b, "wait=1")
	if got := x.created.attr("wait"); got != "1" {
		t.Errorf("wait %q, want 1", got)
	}
	start := time.Now()
	wantEmpty(t, x.hold(t).read(t))
	if d := time.Since(start); d < 900*time.Millisecond {
		t.Errorf("answered after %v, want the second that was asked for", d)
	}
	wantEmpty(t, x.hold(t).read(t))
}

// TestHeldRequestOfADeadClient: a held request whose client went away is no answer's destination. What comes
// meanwhile waits for the client's next request, be it the same again or the one after (decisions.md 32).
func TestHeldRequestOfADeadClient(t *testing.T) {
	t.Parallel()
	b := startBackend(t, "example.test")
	s := startServer(t, b.flag())
	ends := map[string]func(t *testing.T, c *httpConn){
		"close": func(t *testing.T, c *httpConn) { c.Close() },
		"reset": func(t *testing.T, c *httpConn) {
			if err := c.SetLinger(0); err != nil {
				t.Fatal(err)
			}
			c.Close()
		},
		"half-close": func(t *testing.T, c *httpConn) {
			if err := c.CloseWrite(); err != nil {
				t.Fatal(err)
			}
		},
	}
	for how, end := range ends {
		for _, later := range []string{"the same request again", "the next request"} {
			t.Run(how+", "+later, func(t *testing.T) {
				t.Parallel()
				x, peer := createSessionSerially(t, s, b)
				c := x.hold(t)
				c.wantSilence(t, quiet)
				end(t, c)
				c.wantEnded(t)
				if how == "half-close" {
					c.wantGone(t) // the server lets go of it: nobody waits there
				} else {
					x.wantNoticed(t)
				}
				peer.send(t, message("kept"))
				x.wantNoticed(t)
				if later == "the next request" {
					x.rid++
				}
				wantStanzas(t, s.exchange(t, x.request(x.rid, "")), "kept")
			})
		}
	}
}

// createSessionSerially keeps sessions of parallel tests from taking each other's backend connection.
func createSessionSerially(t *testing.T, s *server, b *backend) (*session, *backendConn) {
	t.Helper()
	b.creating.Lock()
	defer b.creating.Unlock()
	return createSession(t, s, b)
}

// wantGone waits for the server's side of a connection to end, with nothing said.
func (c *httpConn) wantGone(t *testing.T) {
	t.Helper()
	if r, err := c.tryRead("POST", patience); err == nil && r.body != "" && strings.Contains(r.body, "<message") {
		t.Fatalf("a stanza was sent to a client that has gone: %s", r.body)
	}
}

// wantEnded waits until the kernel has told the server's side of what was done on this one: what was sent on another connection later may be there
// before, on a busy machine.
func (c *httpConn) wantEnded(t *testing.T) {
	t.Helper()
	pair := fmt.Sprintf(":%04X 0100007F:%04X 01 ", c.RemoteAddr().(*net.TCPAddr).Port, c.LocalAddr().(*net.TCPAddr).Port) // 01: established
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for late := time.After(patience); ; {
		table, err := os.ReadFile("/proc/net/tcp")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(table), pair) {
			return
		}
		select {
		case <-tick.C:
		case <-late:
			t.Fatal("the server's side of the connection stays established")
		}
	}
}

// wantNoticed makes sure that the server has seen what was sent or closed before: it has one loop, which served
// this later exchange after it.
func (x *session) wantNoticed(t *testing.T) {
	t.Helper()
	for range 3 {
		wantTerminate(t, x.s.exchange(t, "<body rid='2' sid='none' xmlns='"+nsBOSH+"'/>"), "item-not-found")
	}
}

// TestPipelining: the second request of a connection takes effect while the answer to the first is held, and the
// answers come in order (clients.md: libpurple and gloox do this by default).
func TestPipelining(t *testing.T) {
	t.Parallel()
	b := startBackend(t, "example.test")
	s := startServer(t, b.flag())
	t.Run("the second later", func(t *testing.T) {
		x, peer := createSession(t, s, b)
		c := x.hold(t)
		c.wantSilence(t, quiet)
		c.post(t, s.path, x.next(message("up-1")))
		peer.expect(t, "id='up-1'")
		wantEmpty(t, c.read(t)) // hold is 1: the older one goes
		c.wantSilence(t, quiet)
		peer.send(t, message("down-1"))
		wantStanzas(t, c.read(t), "down-1")
	})
	t.Run("both in one segment", func(t *testing.T) {
		x, peer := createSession(t, s, b, "hold=2")
		c := s.dial(t)
		var both strings.Builder
		for _, body := range []string{x.next(""), x.next(message("up-1"))} {
			fmt.Fprintf(&both, "POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%s", s.path, len(body), body)
		}
		c.send(t, both.String())
		peer.expect(t, "id='up-1'") // both are held now: hold is 2
		peer.send(t, message("down-1"))
		wantStanzas(t, c.read(t), "down-1")
		peer.send(t, message("down-2"))
		wantStanzas(t, c.read(t), "down-2")
	})
	t.Run("answers of one connection never overtake", func(t *testing.T) {
		x, peer := createSession(t, s, b)
		c := x.hold(t)
		c.wantSilence(t, quiet)
		// An answer that is ready at once, behind one that is held: the held one is released (decisions.md 33).
		c.post(t, s.path, "<body rid='2' sid='none' xmlns='"+nsBOSH+"'/>")
		wantEmpty(t, c.read(t))
		wantTerminate(t, c.read(t), "item-not-found")
		peer.send(t, message("down-1"))
		wantStanzas(t, x.exchange(t, ""), "down-1")
	})
}

// TestOutOfOrder: requests take effect in the order of their rids, on whatever connections they come.
func TestOutOfOrder(t *testing.T) {
	t.Parallel()
	b := startBackend(t, "example.test")
	s := startServer(t, b.flag())
	x, peer := createSession(t, s, b)
	first, second := x.next(message("first")), x.next(message("second"))
	late, early := s.dial(t), s.dial(t)
	early.post(t, s.path, second)
	early.wantSilence(t, quiet)
	if strings.Contains(peer.received(), "second") {
		t.Fatal("a request took effect before the one with the rid before it")
	}
	late.post(t, s.path, first)
	peer.expect(t, "id='first'")
	peer.expect(t, "id='second'")
	wantEmpty(t, late.read(t))
	peer.send(t, message("down-1"))
	wantStanzas(t, early.read(t), "down-1")
}

// TestRepeat: a repeated rid gets the byte-identical answer, and takes no effect again (XEP-0124 §14.3).
func TestRepeat(t *testing.T) {
	t.Parallel()
	b := startBackend(t, "example.test")
	s := startServer(t, b.flag())
	x, peer := createSession(t, s, b)
	request := x.next(message("once"))
	c := s.dial(t)
	c.post(t, s.path, request)
	peer.expect(t, "id='once'")
	peer.send(t, message("down-1"))
	answer := c.read(t)
	wantStanzas(t, answer, "down-1")
	for range 3 {
		if again := s.exchange(t, request); again.body != answer.body {
			t.Errorf("the repeat got %s, the first %s", again.body, answer.body)
		}
	}
	if got := strings.Count(peer.received(), "id='once'"); got != 1 {
		t.Errorf("the message reached the backend %d times", got)
	}
}

// TestRIDTooHigh: beyond the window the session ends (XEP-0124 §14.2).
func TestRIDTooHigh(t *testing.T) {
	t.Parallel()
	b := startBackend(t, "example.test")
	s := startServer(t, b.flag())
	x, peer := createSession(t, s, b)
	wantTerminate(t, s.exchange(t, x.request(x.rid+1000, message("astray"))), "item-not-found")
	if got := peer.expectClosed(t); strings.Contains(got, "astray") {
		t.Errorf("its payload reached the backend: %q", got)
	}
}

// TestSessionAttributes: what a creation answer has to carry (XEP-0124 §7.2, XEP-0206 §4).
func TestSessionAttributes(t *testing.T) {
	t.Parallel()
	b := startBackend(t, "example.test")
	s := startServer(t, b.flag())
	x, peer := createSession(t, s, b, "wait=30", "ver=1.6")
	for name, want := range map[string]string{"wait": "30", "hold": "1", "ver": "1.6", "requests": "2", "from": "example.test", "restartlogic": "true"} {
		if got := x.created.attr(name); got != want {
			t.Errorf("%s=%q, want %q: %s", name, got, want, x.created.raw)
		}
	}
	for _, name := range []string{"inactivity", "polling"} {
		if x.created.attr(name) == "" {
			t.Errorf("no %s: %s", name, x.created.raw)
		}
	}
	if got := peer.received(); !strings.Contains(got, "to='example.test'") || !strings.Contains(got, "version='1.0'") {
		t.Errorf("the stream header is %q", got)
	}
}
