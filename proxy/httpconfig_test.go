package proxy

import (
	"net"
	"strings"
	"testing"
)

func TestAddHeader(t *testing.T) {
	var c HTTP
	for _, h := range []struct{ name, value, want string }{
		{"X-Node", "a", ""},
		{"Set-Cookie", "node=a; Path=/", ""},
		{"Cache-Control", "no-store", ""},
		{"", "a", "no field name"},
		{"X Node", "a", "no field name"},
		{"X-Node:", "a", "no field name"},
		{"X-Node", "a\r\nX-Other: b", "no line ends"},
		{"X-Node", "a\x00", "no line ends"},
		{"content-length", "5", "sets content-length itself"},
		{"access-control-allow-origin", "*", "--allow-origin"},
		{"sec-websocket-protocol", "xmpp", "itself"},
		{"X-Long", strings.Repeat("a", headersBytesMax), "bytes of fields"},
	} {
		err := c.AddHeader(h.name, h.value)
		if h.want == "" && err != nil || h.want != "" && (err == nil || !strings.Contains(err.Error(), h.want)) {
			t.Errorf("%q: %q: error %v, want %q", h.name, h.value, err, h.want)
		}
	}
	if len(c.HTTPHeaders) != 3 {
		t.Errorf("%q", c.HTTPHeaders)
	}
}

// The operator's fields are in every answer, that of an upgrade included, and once where the server has one of that name.
func TestHTTPHeaders(t *testing.T) {
	_, addr := startServer(t, func(c *Config) {
		for _, h := range [][2]string{{"X-Node", "a"}, {"Cache-Control", "no-cache"}} {
			if err := c.AddHeader(h[0], h[1]); err != nil {
				t.Fatal(err)
			}
		}
	})
	const body = "<body rid='1' sid='x' xmlns='http://jabber.org/protocol/httpbind'/>"
	for _, request := range []string{
		"GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET /http-bind/ HTTP/1.1\r\nHost: x\r\n\r\n",
		"OPTIONS /http-bind/ HTTP/1.1\r\nHost: x\r\n\r\n",
		"PUT /http-bind/ HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
		"GET /ws/ HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET /ws/ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: xmpp\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
		"BROKEN\r\n\r\n",
		postText(body),
	} {
		b := dial(t, addr)
		b.raw(request)
		r, _ := b.answer()
		wantHeader(t, r, "X-Node", "a")
		if n := len(r.Header.Values("Cache-Control")); n != 1 {
			t.Errorf("%q: %d fields Cache-Control", request, n)
		}
	}
}

// A pipelined answer waits in a buffer that has room for them.
func TestLongHTTPHeadersBehindAHeldRequest(t *testing.T) {
	long := strings.Repeat("a", 3000)
	var l net.Listener
	_, addr := startServer(t, func(c *Config) {
		l = fakeBackend(t, c, "example.org")
		if err := c.AddHeader("X-Long", long); err != nil {
			t.Fatal(err)
		}
	})
	ts := openSession(t, addr, l)
	ts.poll.raw(postText(ts.next("", "")) + "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
	for range 2 {
		r, _ := ts.poll.answer()
		wantHeader(t, r, "X-Long", long)
	}
}

func TestHTTPTimeouts(t *testing.T) {
	_, addr := startServer(t, func(c *Config) { c.HTTPIdleTimeout = 1 })
	dial(t, addr).closed()
	_, addr = startServer(t, func(c *Config) { c.HTTPHeadTimeout, c.HTTPBodyTimeout = 1, 2 })
	for _, part := range []string{"GET", "POST /http-bind/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc"} {
		b := dial(t, addr)
		b.raw(part)
		if r, _ := b.answer(); r.StatusCode != 408 {
			t.Errorf("%q: %s", part, r.Status)
		}
	}
}
