package proxy

import (
	"net"
	"net/http"
	"testing"
)

// Overload is 503 for both kinds, never 4xx (clients.md); who is in stays in.
func TestMaxSessions(t *testing.T) {
	var l net.Listener
	_, addr := startServer(t, func(c *Config) {
		l = fakeBackend(t, c, "example.org")
		c.MaxSessions = 2
	})
	ts := openSession(t, addr, l)
	w, p := openSocketSession(t, addr, l)
	b := dial(t, addr)
	for range 2 {
		b.post(createText(1, "example.org"))
		r, _ := b.answer()
		if r.StatusCode != http.StatusServiceUnavailable {
			t.Fatalf("a session too many: %s", r.Status)
		}
		wantHeader(t, r, "Retry-After", retryAfter)
		wantHeader(t, r, "Access-Control-Allow-Origin", "*")
		b.raw(upgradeText + "\r\n")
		if r, _ = b.answer(); r.StatusCode != http.StatusServiceUnavailable {
			t.Fatalf("a WebSocket too many: %s", r.Status)
		}
	}
	ts.poll.post(ts.next("", "<message to='a@example.org'/>"))
	ts.peer.want("<message to='a@example.org'/>")
	// A session that has ended makes room, although it is remembered.
	ts.poll.post(ts.next("type='terminate'", ""))
	ts.poll.body()
	b.post(createText(1, "example.org"))
	acceptPeer(t, l).open()
	b.body()
	w.Close()
	p.want("</stream:stream>")
	for { // the socket's end and the request are two events
		b.raw(upgradeText + "\r\n")
		r, _ := b.answer()
		if r.StatusCode == http.StatusSwitchingProtocols {
			break
		}
	}
}

// The descriptors carry more WebSockets than BOSH sessions.
func TestDescriptors(t *testing.T) {
	s, _ := startServer(t, nil)
	wait := make(chan struct{})
	s.loop.Post(func() {
		defer close(wait)
		s.descriptors = 12
		for range 6 {
			s.sockets.live++
			if full := s.isFull(); full != (s.sockets.live >= 5) {
				t.Errorf("%d WebSockets: full is %v", s.sockets.live, full)
			}
		}
		s.sockets.live = 0
		for range 4 {
			s.env.Counts.Opened++
			if full := s.isFull(); full != (s.boshLive() >= 4) {
				t.Errorf("%d sessions: full is %v", s.boshLive(), full)
			}
		}
		s.env.Counts.Opened = 0
	})
	<-wait
}

// What streams take beyond one a session counts, too: several of one session, and those that wait for their server's end.
func TestDescriptorsOfStreams(t *testing.T) {
	s, _ := startServer(t, nil)
	onLoop(s, func() {
		s.descriptors = 12
		s.backends.live = 9
		if s.isFull() {
			t.Error("full with 9 streams")
		}
		s.backends.live = 10
		if !s.isFull() {
			t.Error("not full with 10 streams")
		}
		s.backends.live = 0
	})
}
