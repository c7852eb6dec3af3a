package proxy

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// patience bounds every wait of these tests; nothing is ever expected to take that long.
const patience = 60 * time.Second

// startServer runs a server on a free port of 127.0.0.1 until the test ends.
func startServer(t testing.TB, change func(*Config)) (*Server, string) {
	t.Helper()
	cfg := Config{Listen: []string{"127.0.0.1:0"}, Backends: new(Backends)}
	cfg.DNS = []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:9")} // nobody's: a test that asks brings its own
	cfg.Hosts = Hosts{}
	if change != nil {
		change(&cfg)
	}
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Run() }()
	t.Cleanup(func() {
		s.Stop()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return s, s.Addrs()[0].String()
}

// A peer is the far end of one backend connection, played by the test.
type peer struct {
	t testing.TB
	net.Conn
	r *bufio.Reader
}

// fakeBackend listens; the domain is served from it.
func fakeBackend(t testing.TB, cfg *Config, domain string) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	if err := cfg.Backends.Add(domain + "=" + l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	return l
}

// acceptPeer takes the next backend connection.
func acceptPeer(t testing.TB, l net.Listener) *peer {
	t.Helper()
	if err := l.(*net.TCPListener).SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return newPeer(t, c)
}

func newPeer(t testing.TB, c net.Conn) *peer { return &peer{t, c, bufio.NewReader(c)} }

// want reads until the backend has been sent what ends in suffix, and returns all of it.
func (p *peer) want(suffix string) string {
	p.t.Helper()
	var b []byte
	for !strings.HasSuffix(string(b), suffix) {
		c, err := p.r.ReadByte()
		if err != nil {
			p.t.Fatalf("backend: %v after %q, waiting for %q", err, b, suffix)
		}
		b = append(b, c)
	}
	return string(b)
}

func (p *peer) send(s string) {
	p.t.Helper()
	if _, err := io.WriteString(p.Conn, s); err != nil {
		p.t.Fatal(err)
	}
}

const (
	peerHeader   = `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='s1' from='example.org' version='1.0' xml:lang='en'>`
	peerFeatures = `<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>`
)

// open plays the opening of a stream that needs no authentication.
func (p *peer) open() {
	p.t.Helper()
	p.want("<stream:stream")
	p.want(">")
	p.send(peerHeader + peerFeatures)
}

// A browser is one HTTP connection to the server.
type browser struct {
	t testing.TB
	net.Conn
	r *bufio.Reader
}

func dial(t testing.TB, addr string) *browser {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return &browser{t, c, bufio.NewReader(c)}
}

// raw writes bytes as they are.
func (b *browser) raw(s string) {
	b.t.Helper()
	if _, err := io.WriteString(b.Conn, s); err != nil {
		b.t.Fatal(err)
	}
}

// post sends a BOSH request.
func (b *browser) post(body string) {
	b.t.Helper()
	b.raw(postText(body))
}

func postText(body string) string {
	return fmt.Sprintf("POST /http-bind/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

// answer reads one HTTP answer.
func (b *browser) answer() (*http.Response, string) {
	b.t.Helper()
	r, err := http.ReadResponse(b.r, nil)
	if err != nil {
		b.t.Fatalf("reading an answer: %v", err)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		b.t.Fatalf("reading an answer's body: %v", err)
	}
	return r, string(body)
}

// body reads an answer that must be a BOSH body with status 200 and the headers that every one has.
func (b *browser) body() string {
	b.t.Helper()
	r, body := b.answer()
	if r.StatusCode != http.StatusOK {
		b.t.Fatalf("status %s, body %q", r.Status, body)
	}
	wantHeader(b.t, r, "Access-Control-Allow-Origin", "*")
	wantHeader(b.t, r, "Content-Type", "text/xml; charset=utf-8")
	if r.ContentLength != int64(len(body)) {
		b.t.Fatalf("Content-Length %d for %d bytes", r.ContentLength, len(body))
	}
	return body
}

// closed waits for the server's end of the connection.
func (b *browser) closed() {
	b.t.Helper()
	rest, err := io.ReadAll(b.r)
	if err != nil || len(rest) > 0 {
		b.t.Fatalf("wanted the end of the connection, got %q, %v", rest, err)
	}
}

func wantHeader(t testing.TB, r *http.Response, name, want string) {
	t.Helper()
	if got := r.Header.Get(name); got != want {
		t.Fatalf("%s: %q, want %q", name, got, want)
	}
}

func wantContains(t testing.TB, got string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(got, p) {
			t.Fatalf("%q is not in %q", p, got)
		}
	}
}

// attr is an attribute of an answer's <body>.
func attr(t testing.TB, body, name string) string {
	t.Helper()
	tag, _, _ := bytes.Cut([]byte(body), []byte(">"))
	for _, q := range []string{"'", `"`} {
		if _, after, ok := strings.Cut(string(tag), " "+name+"="+q); ok {
			v, _, _ := strings.Cut(after, q)
			return v
		}
	}
	t.Fatalf("no attribute %s in %q", name, tag)
	return ""
}

// A session of the tests: its next request's number, and the two connections of a strophe.js.
type testSession struct {
	t    testing.TB
	sid  string
	rid  int
	poll *browser
	more *browser
	peer *peer
}

// openSession logs a client in as far as BOSH goes: created, features received, nothing held.
func openSession(t testing.TB, addr string, l net.Listener) *testSession {
	t.Helper()
	ts := &testSession{t: t, rid: 1000, poll: dial(t, addr), more: dial(t, addr)}
	ts.poll.post(createText(ts.rid, "example.org"))
	ts.peer = acceptPeer(t, l)
	ts.peer.open()
	body := ts.poll.body()
	wantContains(t, body, "<stream:features", "xmlns:stream=")
	ts.sid = attr(t, body, "sid")
	return ts
}

func createText(rid int, to string) string {
	return fmt.Sprintf("<body rid='%d' to='%s' wait='60' hold='1' ver='1.6' xml:lang='en' xmpp:version='1.0' "+
		"xmlns='http://jabber.org/protocol/httpbind' xmlns:xmpp='urn:xmpp:xbosh'/>", rid, to)
}

// next is the text of the session's next request.
func (ts *testSession) next(attrs, payload string) string {
	ts.rid++
	return fmt.Sprintf("<body rid='%d' sid='%s' %s xmlns='http://jabber.org/protocol/httpbind' xmlns:xmpp='urn:xmpp:xbosh'>%s</body>",
		ts.rid, ts.sid, attrs, payload)
}
