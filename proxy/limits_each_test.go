package proxy

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"

	"go-xmpp-bosh/timer"
)

// trespass runs into one limit, and holds the answer to what the documentation says of it.
type trespass struct {
	set func(*Config)
	run func(t *testing.T, s *Server, addr string, l net.Listener)
}

const fromOne = "X-Forwarded-For: 192.0.2.1"

// wantStatus sends a request on a connection of its own.
func wantStatus(t *testing.T, addr, request string, status int) *http.Response {
	t.Helper()
	b := dial(t, addr)
	b.raw(request)
	r, body := b.answer()
	if r.StatusCode != status {
		t.Fatalf("%s, want %d: %s", r.Status, status, body)
	}
	return r
}

// wantBusy asks for one session more.
func wantBusy(t *testing.T, addr string) {
	t.Helper()
	r := wantStatus(t, addr, postWith(createText(1, "example.org"), fromOne), http.StatusServiceUnavailable)
	wantHeader(t, r, "Retry-After", retryAfter)
}

func openOne(t *testing.T, addr string, l net.Listener) *testSession {
	t.Helper()
	ts := &testSession{t: t, rid: 1, poll: dial(t, addr)}
	ts.poll.raw(postWith(createText(1, "example.org"), fromOne))
	ts.peer = acceptPeer(t, l)
	ts.peer.open()
	ts.sid = attr(t, ts.poll.body(), "sid")
	return ts
}

var trespasses = [Limits]trespass{
	LimitSessions: {func(c *Config) { c.MaxSessions = 1 }, func(t *testing.T, _ *Server, addr string, l net.Listener) {
		openOne(t, addr, l)
		wantBusy(t, addr)
	}},
	LimitDescriptors: {nil, func(t *testing.T, s *Server, addr string, l net.Listener) {
		openOne(t, addr, l)
		onLoop(s, func() { s.descriptors = 5 })
		wantBusy(t, addr)
	}},
	LimitMemory: {func(c *Config) { c.MemoryMax = 1 }, func(t *testing.T, _ *Server, addr string, _ net.Listener) { wantBusy(t, addr) }},
	LimitSessionsPerAddress: {func(c *Config) { c.SessionsPerAddress = 1 }, func(t *testing.T, _ *Server, addr string, l net.Listener) {
		openOne(t, addr, l)
		wantBusy(t, addr)
	}},
	LimitConnectionsPerAddress: {func(c *Config) { c.ConnectionsPerAddress, c.ProxyProtocol = 1, true }, func(t *testing.T, _ *Server, addr string, _ net.Listener) {
		const head = "PROXY TCP4 192.0.2.1 192.0.2.9 1 80\r\n"
		first := dial(t, addr)
		first.raw(head + "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
		first.answer()
		b := dial(t, addr)
		b.raw(head)
		b.closed()
	}},
	LimitSessionsPerDomain: {func(c *Config) { c.SessionsPerDomain = 1 }, func(t *testing.T, _ *Server, addr string, l net.Listener) {
		openOne(t, addr, l)
		b := dial(t, addr)
		b.post(createText(1, "example.org"))
		wantContains(t, b.body(), "terminate", "policy-violation")
	}},
	LimitRequests: {func(c *Config) { c.RequestsPerSecond = 1 }, func(t *testing.T, _ *Server, addr string, l net.Listener) {
		ts := openOne(t, addr, l)
		for body := ""; !strings.Contains(body, "terminate"); {
			ts.poll.raw(postText(ts.next("", "<presence/>")) + postText(ts.next("", "<presence/>")))
			if body = ts.poll.body(); !strings.Contains(body, "terminate") {
				ts.poll.post(ts.next("", "<presence/>"))
				body = ts.poll.body()
			} else {
				wantContains(t, body, "policy-violation")
			}
		}
	}},
	LimitBytes: {func(c *Config) { c.BytesPerSecond = 1000 }, func(t *testing.T, _ *Server, addr string, l net.Listener) {
		ts := openOne(t, addr, l)
		ts.poll.post(ts.next("", "<message>"+strings.Repeat("x", 11_000)+"</message>"))
		wantContains(t, ts.poll.body(), "terminate", "policy-violation")
	}},
	LimitLogin: {func(c *Config) { c.LoginTimeout = 50 }, func(t *testing.T, _ *Server, addr string, _ net.Listener) {
		b := dial(t, addr)
		b.post(createText(1, "example.org")) // its server says nothing
		body := b.body()
		if !strings.Contains(body, "terminate") {
			ts := &testSession{t: t, rid: 1, sid: attr(t, body, "sid")}
			b.post(ts.next("", ""))
			body = b.body()
		}
		wantContains(t, body, "terminate", "policy-violation")
	}},
	LimitBody: {nil, func(t *testing.T, _ *Server, addr string, _ net.Listener) {
		wantStatus(t, addr, "POST /http-bind/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100001\r\n\r\n", http.StatusRequestEntityTooLarge)
	}},
	LimitHead: {nil, func(t *testing.T, _ *Server, addr string, _ net.Listener) {
		wantStatus(t, addr, "GET / HTTP/1.1\r\nHost: x\r\nA: "+strings.Repeat("a", 100_000)+"\r\n\r\n", http.StatusRequestHeaderFieldsTooLarge)
	}},
	LimitHeadTime: {func(c *Config) { c.HTTPHeadTimeout = 1 }, func(t *testing.T, _ *Server, addr string, _ net.Listener) {
		wantStatus(t, addr, "GET / HTTP/1.1\r\nHo", http.StatusRequestTimeout)
	}},
	LimitBodyTime: {func(c *Config) { c.HTTPBodyTimeout = 1 }, func(t *testing.T, _ *Server, addr string, _ net.Listener) {
		wantStatus(t, addr, "POST /http-bind/ HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n<", http.StatusRequestTimeout)
	}},
	LimitIdle: {func(c *Config) { c.HTTPIdleTimeout = 1 }, func(t *testing.T, _ *Server, addr string, _ net.Listener) {
		dial(t, addr).closed()
	}},
	LimitStanza: {func(c *Config) { c.MaxStanzaSize = 2000 }, func(t *testing.T, _ *Server, addr string, l net.Listener) {
		ts := openOne(t, addr, l)
		ts.poll.post(ts.next("", ""))
		ts.peer.send("<message>" + strings.Repeat("x", 3000) + "</message>")
		wantContains(t, ts.poll.body(), "terminate", "policy-violation")
	}},
	LimitUnread: {nil, func(t *testing.T, _ *Server, addr string, l net.Listener) {
		ts := openOne(t, addr, l)
		payload := "<message>" + strings.Repeat("x", 90_000) + "</message>"
		before := ts.poll
		before.post(ts.next("", payload))
		for n := 0; ; n++ { // each lets the one before it go
			b := dial(t, addr)
			b.post(ts.next("", payload))
			if _, body := before.answer(); strings.Contains(body, "policy-violation") {
				return
			}
			if before.Close(); n > 300 {
				t.Fatal("no end")
			}
			before = b
		}
	}},
	LimitConnections: {nil, func(t *testing.T, s *Server, addr string, _ net.Listener) {
		b := dial(t, addr)
		b.raw("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
		b.answer()
		onLoop(s, s.makeRoom)
		if _, err := io.ReadAll(b.r); err != nil {
			t.Log(err)
		}
	}},
}

// TestEachLimit exceeds every limit there is: it is answered as documented, counted once at least, under a name that docs/operating.md explains. Who adds one adds how it is run into.
func TestEachLimit(t *testing.T) {
	manual, err := os.ReadFile("../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	for l := range Limit(Limits) {
		t.Run(l.String(), func(t *testing.T) {
			c := trespasses[l]
			if c.run == nil {
				t.Fatal("nobody has said how it is run into")
			}
			if !strings.Contains(string(manual), fmt.Sprintf("| `%s` |", l)) {
				t.Errorf("docs/operating.md has no row with the label %q", l)
			}
			s, addr, listener := startAdmission(t, func(cfg *Config) {
				cfg.DrainTimeout = timer.Second
				if c.set != nil {
					c.set(cfg)
				}
			})
			c.run(t, s, addr, listener)
			onLoop(s, func() {
				if s.stats.Limits[l] == 0 {
					t.Error("it was not counted")
				}
			})
		})
	}
}
