package proxy

import (
	"net"
	"net/http"
	"testing"

	"go-xmpp-bosh/timer"
)

// Who is sent elsewhere learns where, over either transport; what was queued goes first.
func TestShutdownRedirects(t *testing.T) {
	var l net.Listener
	s, addr := startServer(t, func(c *Config) {
		l = fakeBackend(t, c, "example.org")
		c.RedirectBOSH, c.RedirectWebSocket = "https://other.example/http-bind/", "wss://other.example/ws/"
	})
	ts := openSession(t, addr, l)
	w, _ := openSocketSession(t, addr, l)
	ts.poll.post(ts.next("", ""))
	settled(s)
	s.Shutdown()
	wantContains(t, ts.poll.body(), "condition='see-other-uri'", "<uri>https://other.example/http-bind/</uri>")
	w.want("<close ", "see-other-uri", "wss://other.example/ws/")
}

// What a session's server had sent when the server was told to end reaches the client, though the loop had not read it yet; then comes the last word, on the same connection.
func TestShutdownReadsWhatIsThere(t *testing.T) {
	var l net.Listener
	s, addr := startServer(t, func(c *Config) { l = fakeBackend(t, c, "example.org") })
	ts := openSession(t, addr, l)
	ts.poll.post(ts.next("", ""))
	w, p := openSocketSession(t, addr, l)
	settled(s)
	onLoop(s, func() {
		ts.peer.send("<message from='a@example.org' id='late'/>")
		p.send("<message from='a@example.org' id='late'/>")
		s.drainNow()
	})
	wantContains(t, ts.poll.body(), " id='late'")
	ts.poll.post(ts.next("", ""))
	wantContains(t, ts.poll.body(), "condition='system-shutdown'")
	w.want(" id='late'")
	w.want("system-shutdown")
}

// A request that a proxy sends on a kept connection while the server begins to drain is answered, and told to go.
func TestShutdownAnswersWhatComesMeanwhile(t *testing.T) {
	var l net.Listener
	s, addr := startServer(t, func(c *Config) { l = fakeBackend(t, c, "example.org") })
	openSession(t, addr, l)
	b := dial(t, addr)
	b.raw("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
	b.answer()
	s.Shutdown()
	settled(s)
	b.raw("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
	r, _ := b.answer()
	if r.StatusCode != http.StatusNotFound || !r.Close {
		t.Errorf("%s, Connection: close is %v", r.Status, r.Close)
	}
	b.closed()
}

// A session that holds no request when the server is told to end is given the time of a round trip: what its client sends meanwhile goes to its server, what waits for it
// comes with the answer, and the next request gets the last word. Meanwhile the server is known to drain.
func TestShutdownWaitsForThePoll(t *testing.T) {
	var l net.Listener
	s, addr := startServer(t, func(c *Config) { l, c.DrainTimeout = fakeBackend(t, c, "example.org"), timer.Hour })
	onLoop(s, func() { s.drain.wait = timer.Minute })
	ts := openSession(t, addr, l)
	ts.peer.send("<message from='a@example.org' id='late'/>")
	for taken := false; !taken; {
		onLoop(s, func() { s.enter(); taken = s.stats.Stanzas[TransportBOSH].Out > 1; s.settle() }) // after the features
	}
	s.Shutdown()
	settled(s)
	if st, err := s.Stats(t.Context()); err != nil || !st.Draining {
		t.Errorf("draining is not told: %v, %v", st, err)
	}
	ts.poll.post(ts.next("", "<message to='a@example.org' id='last'/>"))
	wantContains(t, ts.poll.body(), "id='late'")
	ts.peer.want("<message to='a@example.org' id='last'/>")
	ts.poll.post(ts.next("", ""))
	wantContains(t, ts.poll.body(), "terminate", "system-shutdown")
	ts.poll.closed()
	ts.peer.want("</stream:stream>")
}

// A connection between two requests may carry a poll for a session of another loop: a loop without sessions keeps it, too.
func TestShutdownWaitsForOtherLoops(t *testing.T) {
	var l net.Listener
	g, addr := startGroup(t, 2, func(c *Config) { l, c.DrainTimeout = fakeBackend(t, c, "example.org"), timer.Hour })
	for _, s := range g.servers {
		onLoop(s, func() { s.drain.wait = timer.Minute })
	}
	ts := openSession(t, addr, l)
	var away *Server
	for _, s := range g.servers {
		onLoop(s, func() {
			if s.live() == 0 {
				away = s
			}
		})
	}
	var b *browser
	for there := 0; there == 0; { // where a connection lands is the kernel's choice
		b = dial(t, addr)
		b.raw("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
		b.answer()
		onLoop(away, func() {
			away.clients.each(func(_ uint32, c *client) {
				if c.conn.RemoteAddr().String() == b.LocalAddr().String() {
					there++
				}
			})
		})
	}
	onLoop(away, away.drainNow)
	g.Shutdown()
	b.post(ts.next("", "<message to='a@example.org' id='last'/>"))
	ts.peer.want("<message to='a@example.org' id='last'/>")
	wantContains(t, b.body(), "terminate", "system-shutdown")
}

// Where nobody is connected who could poll, nothing is waited for: what is queued goes back at once.
func TestShutdownWithNobodyThere(t *testing.T) {
	var l net.Listener
	s, addr := startServer(t, func(c *Config) { l, c.DrainTimeout = fakeBackend(t, c, "example.org"), timer.Hour })
	onLoop(s, func() { s.drain.wait = timer.Minute })
	ts := openSession(t, addr, l)
	ts.poll.Close()
	ts.more.Close()
	for left := 1; left > 0; {
		onLoop(s, func() { s.enter(); left = s.clients.live; s.settle() })
	}
	s.Shutdown()
	ts.peer.want("</stream:stream>")
}
