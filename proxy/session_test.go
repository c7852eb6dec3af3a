package proxy

import (
	"fmt"
	"net"
	"strings"
	"testing"
)

// start gives a server whose domain example.org is played by the test, and a session on it.
func start(t testing.TB) (*testSession, string) {
	t.Helper()
	var l net.Listener
	_, addr := startServer(t, func(c *Config) { l = fakeBackend(t, c, "example.org") })
	return openSession(t, addr, l), addr
}

func TestMessagesBothWays(t *testing.T) {
	ts, _ := start(t)
	ts.poll.post(ts.next("", ""))
	ts.more.post(ts.next("", "<message xmlns='jabber:client' to='a@example.org'><body>hi &amp; bye</body></message>"))
	if got := ts.peer.want("</message>"); got != "<message xmlns='jabber:client' to='a@example.org'><body>hi &amp; bye</body></message>" {
		t.Fatalf("the backend got %q", got)
	}
	if body := ts.poll.body(); strings.Contains(body, "<message") { // the hold moves to the newer request
		t.Fatalf("released with %q", body)
	}
	ts.peer.send("<message from='a@example.org'><body>one</body></message><message from='a@example.org'><body>two</body></message>")
	body := ts.more.body()
	wantContains(t, body, "<body>one</body>", "<body>two</body>", "xmlns='jabber:client'")
}

func TestStanzasOfOneReadShareAnAnswer(t *testing.T) {
	ts, _ := start(t)
	ts.poll.post(ts.next("", ""))
	var b strings.Builder
	for i := range 50 {
		fmt.Fprintf(&b, "<message id='%d'/>", i)
	}
	ts.peer.send(b.String())
	body := ts.poll.body()
	wantContains(t, body, "id='0'", "id='49'")
}

// XEP-0124 §14.2: effects are in rid order, whatever order the requests come in.
func TestRequestsOutOfOrder(t *testing.T) {
	ts, addr := start(t)
	first := ts.next("", "<message xmlns='jabber:client' id='1'/>")
	second := ts.next("", "<message xmlns='jabber:client' id='2'/>")
	ts.more.post(second)
	ts.poll.post(first)
	if got := ts.peer.want("id='2'/>"); !strings.Contains(got, "id='1'/>") {
		t.Fatalf("the backend got %q", got)
	}
	ts.poll.body()
	_ = addr
}

// decisions.md 33, clients.md: the second request of a connection takes effect while the first is held, and lets it go.
func TestPipelinedRequests(t *testing.T) {
	ts, _ := start(t)
	ts.poll.post(ts.next("", ""))
	ts.poll.post(ts.next("", "<message xmlns='jabber:client' id='p1'/>"))
	ts.peer.want("id='p1'/>")
	ts.poll.body()
	ts.poll.post(ts.next("", "<message xmlns='jabber:client' id='p2'/>"))
	ts.peer.want("id='p2'/>")
	ts.poll.body()
	ts.peer.send("<message id='back'/>")
	wantContains(t, ts.poll.body(), "id='back'")
}

// Both requests of one segment, the answers in their order.
func TestPipelinedInOneSegment(t *testing.T) {
	ts, _ := start(t)
	a, b := ts.next("", "<message xmlns='jabber:client' id='a'/>"), ts.next("", "<message xmlns='jabber:client' id='b'/>")
	ts.poll.raw(postText(a) + postText(b) + "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
	ts.peer.want("id='b'/>")
	ts.poll.body()
	ts.poll.body()
	if r, _ := ts.poll.answer(); r.StatusCode != 404 {
		t.Fatalf("third answer: %s", r.Status)
	}
}

// decisions.md 32: what was to go out on a dead connection stays until the client asks again.
func TestHeldRequestWhoseClientHasGone(t *testing.T) {
	for _, again := range []string{"the same rid", "the next rid"} {
		t.Run(again, func(t *testing.T) {
			ts, addr := start(t)
			held := ts.next("", "")
			ts.poll.post(held)
			// An answered request on the other connection shows that the held one has arrived.
			ts.more.raw("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
			ts.more.answer()
			ts.poll.Close()
			// The server learns of the FIN in its own time; a session that is asked again by the same rid must cope either way,
			// so only the stanza has to come after it: a round trip over a new connection is behind the FIN in the server's poller.
			probe := dial(t, addr)
			probe.raw("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
			probe.answer()
			ts.peer.send("<message id='kept'/>")
			request := held
			if again == "the next rid" {
				request = ts.next("", "")
			}
			ts.more.post(request)
			wantContains(t, ts.more.body(), "id='kept'")
		})
	}
}

// XEP-0124 §14.3: a repeated rid gets the byte-identical answer.
func TestRepeatedRequest(t *testing.T) {
	ts, _ := start(t)
	request := ts.next("", "")
	ts.poll.post(request)
	ts.peer.send("<message id='once'/>")
	first := ts.poll.body()
	ts.more.post(request)
	if again := ts.more.body(); again != first {
		t.Fatalf("repeat: %q, first: %q", again, first)
	}
}

func TestTerminateByClient(t *testing.T) {
	ts, _ := start(t)
	ts.poll.post(ts.next("", ""))
	ts.more.post(ts.next("type='terminate'", "<presence xmlns='jabber:client' type='unavailable'/>"))
	got := ts.peer.want("</stream:stream>")
	wantContains(t, got, "<presence xmlns='jabber:client' type='unavailable'/>")
	wantContains(t, ts.poll.body(), "terminate")
	ts.more.body()
}

func TestTerminateByBackend(t *testing.T) {
	ts, _ := start(t)
	ts.poll.post(ts.next("", ""))
	ts.peer.send("<message id='last'/></stream:stream>")
	body := ts.poll.body()
	wantContains(t, body, "id='last'", "terminate")
}

func TestStreamErrorOfBackend(t *testing.T) {
	ts, _ := start(t)
	ts.poll.post(ts.next("", ""))
	ts.peer.send("<message id='before'/><stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>")
	body := ts.poll.body()
	wantContains(t, body, "id='before'", "remote-stream-error", "terminate", "<stream:error>", "xmlns:stream=")
}

func TestRestart(t *testing.T) {
	ts, _ := start(t)
	ts.poll.post(ts.next("xmpp:restart='true' to='example.org' xml:lang='en'", ""))
	ts.peer.want("<stream:stream")
	ts.peer.want(">")
	ts.peer.send(peerHeader + peerFeatures)
	wantContains(t, ts.poll.body(), "<stream:features")
}

// A backend that can't be reached is told within seconds, as is a name that doesn't exist.
func TestUnreachableBackends(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := closed.Addr().String()
	closed.Close()
	_, addr := startServer(t, func(c *Config) {
		if err := c.Backends.Add("refused.example=" + nobody); err != nil {
			t.Fatal(err)
		}
	})
	for _, c := range []struct{ name, request, want string }{
		{"refused", createText(1, "refused.example"), "remote-connection-failed"},
		{"no such name", createText(1, "nobody.invalid"), "host-unknown"},
		{"not a name", createText(1, "not a name!"), "improper-addressing"},
		{"no to", strings.Replace(createText(1, "x"), "to='x'", "", 1), "improper-addressing"},
		{"private", strings.Replace(createText(1, "elsewhere.example"), " wait", " route='xmpp:127.0.0.1:"+strings.Split(nobody, ":")[1]+"' wait", 1), "remote-connection-failed"},
		{"loopback name", createText(1, "localhost"), "remote-connection-failed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := dial(t, addr)
			b.post(c.request)
			body := b.body()
			// The creation answer may come before the backend's fate is known.
			if !strings.Contains(body, "terminate") {
				b.post(fmt.Sprintf("<body rid='2' sid='%s' xmlns='http://jabber.org/protocol/httpbind'/>", attr(t, body, "sid")))
				body = b.body()
			}
			wantContains(t, body, c.want, "terminate")
		})
	}
}

func TestShutdownEndsHeldRequests(t *testing.T) {
	var l net.Listener
	cfg := func(c *Config) { l = fakeBackend(t, c, "example.org") }
	s, addr := startServer(t, cfg)
	ts := openSession(t, addr, l)
	ts.poll.post(ts.next("", ""))
	ts.more.raw("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
	ts.more.answer()
	s.Shutdown()
	body := ts.poll.body()
	wantContains(t, body, "system-shutdown", "terminate")
	ts.poll.closed()
	ts.peer.want("</stream:stream>")
}
