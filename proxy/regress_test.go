package proxy

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"github.com/miekg/dns"
)

// onLoop runs f on the server's loop and waits for it.
func onLoop(s *Server, f func()) {
	done := make(chan struct{})
	s.loop.Post(func() { f(); close(done) })
	<-done
}

// log is a writer for a logger that the test can read.
type logText struct {
	sync.Mutex
	text strings.Builder
}

func (l *logText) Write(b []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	return l.text.Write(b)
}

func (l *logText) String() string {
	l.Lock()
	defer l.Unlock()
	return l.text.String()
}

// A connection that never sends a byte is bounded like one between requests.
func TestSilentConnectionHasADeadline(t *testing.T) {
	s, addr := startServer(t, nil)
	dial(t, addr)
	// An exchange on a second connection is behind the first one's accept.
	b := dial(t, addr)
	b.raw("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
	b.answer()
	onLoop(s, func() {
		s.clients.each(func(_ uint32, c *client) {
			if c.phase != phaseIdle {
				t.Errorf("a connection is %s, want idle", c.phase)
			}
		})
		if s.clients.live != 2 {
			t.Errorf("%d connections", s.clients.live)
		}
	})
}

// The kinds of complaints are ours, however many domains clients think of.
func TestComplaintsDoNotGrowWithInput(t *testing.T) {
	var text logText
	s, addr := startServer(t, func(c *Config) { c.Logger = slog.New(slog.NewTextHandler(&text, nil)) })
	b := dial(t, addr)
	for i := range 200 {
		b.post(createText(1, fmt.Sprintf("u%d.localhost", i)))
		b.answer()
	}
	onLoop(s, func() {
		if n := len(s.complain.seen); n > 3 {
			t.Errorf("%d kinds of complaints", n)
		}
	})
	wantContains(t, text.String(), "--backend=u0.localhost=127.0.0.1:5222")
	if n := strings.Count(text.String(), "level=WARN"); n > 20 {
		t.Errorf("%d warnings in the log", n)
	}
}

// A stream that ends while its server is still looked for is told to its session all the same.
func TestStreamEndsDuringTheSearch(t *testing.T) {
	silent := serveDNS(t, func(*dns.Msg) *dns.Msg { return nil })
	for _, c := range []struct{ name, attrs, payload, want string }{
		{"restart to no name", "xmpp:restart='true' to='..bad..'", "", "improper-addressing"},
		{"an element that is ours", "", "<stream:error xmlns:stream='http://etherx.jabber.org/streams'/>", "bad-request"},
		{"too much", "", "<message xmlns='jabber:client'>" + strings.Repeat("a", 90_000) + "</message>", "policy-violation"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, addr := startServer(t, func(c *Config) { c.DNS = []netip.AddrPort{silent} })
			ts := &testSession{t: t, rid: 1, poll: dial(t, addr), more: dial(t, addr)}
			ts.poll.post(createText(ts.rid, "slow.example"))
			ts.sid = attr(t, ts.poll.body(), "sid")
			ts.poll.post(ts.next(c.attrs, c.payload))
			if c.want == "policy-violation" { // it is the second one that is too much
				ts.more.post(ts.next("", c.payload))
				ts.poll.body()
				ts.poll = ts.more
			}
			wantContains(t, ts.poll.body(), c.want, "terminate")
			onLoop(s, func() {
				if s.backends.live > 1 { // freed by the next callback, which may have been
					t.Errorf("%d backends", s.backends.live)
				}
			})
		})
	}
}

// RFC 9110 §10.1.1: a request that waits for "100 Continue" behind a held one lets it go.
func TestExpectContinueBehindAHeldRequest(t *testing.T) {
	ts, _ := start(t)
	ts.poll.post(ts.next("", ""))
	body := ts.next("", "<message xmlns='jabber:client' id='e'/>")
	head, _, _ := strings.Cut(postText(body), "\r\n\r\n")
	ts.poll.raw(head + "\r\nExpect: 100-continue\r\n\r\n")
	ts.poll.body()
	if line, err := ts.poll.r.ReadString('\n'); err != nil || line != "HTTP/1.1 100 Continue\r\n" {
		t.Fatalf("interim answer %q, %v", line, err)
	}
	if _, err := ts.poll.r.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	ts.poll.raw(body)
	ts.peer.want("id='e'/>")
}

// RFC 9112 §9.6: what is pipelined behind "Connection: close" is not served, also while that one is held.
func TestNothingIsServedBehindConnectionClose(t *testing.T) {
	ts, addr := start(t)
	b := dial(t, addr)
	last, behind := ts.next("", ""), ts.next("", "<message xmlns='jabber:client' id='behind'/>")
	b.raw(strings.Replace(postText(last), "Host:", "Connection: close\r\nHost:", 1) + postText(behind))
	ts.rid--
	ts.more.post(ts.next("", "<message xmlns='jabber:client' id='after'/>"))
	if got := ts.peer.want("id='after'/>"); strings.Contains(got, "behind") {
		t.Fatalf("the backend got %q", got)
	}
	b.body()
	b.closed()
}

// A client that ends its session while its backend is paused: the server's end tag is read, and the stream ends cleanly.
func TestTerminateWhileTheBackendIsPaused(t *testing.T) {
	var l net.Listener
	s, addr := startServer(t, func(c *Config) { l = fakeBackend(t, c, "example.org") })
	ts := openSession(t, addr, l)
	var slot uint32
	onLoop(s, func() {
		s.backends.each(func(n uint32, b *backend) { slot = n })
	})
	flood := make(chan error, 1)
	go func() {
		_, err := io.WriteString(ts.peer.Conn, strings.Repeat("<message><body>"+strings.Repeat("x", 1000)+"</body></message>", 2000))
		flood <- err
	}()
	for paused := false; !paused; {
		onLoop(s, func() {
			s.sessions.each(func(_ uint32, ss *session) { paused = s.backends.get(slot).stopped })
		})
	}
	ts.more.post(ts.next("type='terminate'", ""))
	ts.more.body()
	ts.peer.want("</stream:stream>")
	if err := <-flood; err != nil {
		t.Fatal(err)
	}
	ts.peer.send("</stream:stream>")
	if rest, err := io.ReadAll(ts.peer.r); err != nil || len(rest) > 0 {
		t.Fatalf("the stream's end: %q, %v", rest, err)
	}
}
