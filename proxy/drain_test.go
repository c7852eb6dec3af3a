package proxy

import (
	"net"
	"net/http"
	"testing"
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
