package boshserver_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"go-xmpp-bosh/boshserver"
)

// patience bounds every wait of these tests; nothing is ever expected to take that long.
const patience = 60 * time.Second

// transports are what everything is tried over.
var transports = []boshserver.Transport{boshserver.BOSH, boshserver.WebSocket}

// onBoth runs a test over each transport.
func onBoth(t *testing.T, f func(t *testing.T, over boshserver.Transport)) {
	for _, over := range transports {
		t.Run(over.String(), func(t *testing.T) { f(t, over) })
	}
}

// start runs a server until the test ends.
func start(t testing.TB, cfg boshserver.Config) *boshserver.Server {
	t.Helper()
	cfg.Listen = []string{"127.0.0.1:0"}
	s, err := boshserver.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		s.Shutdown(ctx)
	})
	return s
}

// journal is a log that a test waits for and reads.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
	news chan struct{}
}

func newJournal() (*journal, *slog.Logger) {
	j := &journal{news: make(chan struct{}, 1)}
	return j, slog.New(slog.NewTextHandler(j, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	select {
	case j.news <- struct{}{}:
	default:
	}
	return j.text.Write(b)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// want waits for a line with all of these.
func (j *journal) want(t testing.TB, parts ...string) {
	t.Helper()
	late := time.After(patience)
	for {
		for line := range strings.Lines(j.String()) {
			if hasAll(line, parts) {
				return
			}
		}
		select {
		case <-j.news:
		case <-late:
			t.Fatalf("no line with %q in\n%s", parts, j)
		}
	}
}

func hasAll(text string, parts []string) bool {
	for _, p := range parts {
		if !strings.Contains(text, p) {
			return false
		}
	}
	return true
}

// next takes what a handler has put into a channel.
func next[T any](t testing.TB, ch <-chan T) T {
	t.Helper()
	select {
	case v := <-ch:
		return v
	case <-time.After(patience):
		t.Fatal("nothing came")
		panic("unreachable")
	}
}

// A client is a session over either transport.
type client struct {
	t      testing.TB
	server *boshserver.Server
	came   chan string // what the server sends, as it comes; closed at the end
	text   string      // and is not asked for yet
	socket net.Conn    // of a WebSocket

	url   string // of BOSH
	sid   string
	rid   int
	open  int // requests under way
	over  bool
	polls bool // whether it asks for more by itself
}

// connect opens a session to a domain; attrs stand in its first request.
func connect(t testing.TB, s *boshserver.Server, over boshserver.Transport, domain, attrs string) *client {
	t.Helper()
	c := &client{t: t, server: s, came: make(chan string, 16), polls: true}
	if over == boshserver.WebSocket {
		c.openSocket(s, domain, attrs)
		return c
	}
	c.url, c.rid = "http://"+s.Addr().String()+"/http-bind/", 1
	body := c.exchange(fmt.Sprintf("<body rid='1' to='%s' wait='60' hold='1' ver='1.6' xmpp:version='1.0' %s xmlns='http://jabber.org/protocol/httpbind' xmlns:xmpp='urn:xmpp:xbosh'/>", domain, attrs))
	if _, sid, ok := strings.Cut(body, "sid='"); ok {
		c.sid, _, _ = strings.Cut(sid, "'")
	}
	c.text = body
	return c
}

func (c *client) openSocket(s *boshserver.Server, domain, attrs string) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, r, _, err := ws.Dialer{Protocols: []string{"xmpp"}}.Dial(ctx, "ws://"+s.Addr().String()+"/ws/")
	if err != nil {
		c.t.Fatal(err)
	}
	if r == nil {
		r = bufio.NewReader(conn)
	}
	c.socket = conn
	c.t.Cleanup(func() { conn.Close() })
	go func() {
		defer close(c.came)
		rw := struct {
			io.Reader
			io.Writer
		}{r, conn}
		for {
			text, err := wsutil.ReadServerText(rw)
			if err != nil {
				return
			}
			c.came <- string(text)
		}
	}()
	c.send(fmt.Sprintf("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='%s' version='1.0' %s/>", domain, attrs))
}

// exchange posts one body and gives the answer's.
func (c *client) exchange(body string) string {
	r, err := http.Post(c.url, "text/xml", strings.NewReader(body))
	if err != nil {
		return "<lost " + err.Error() + "/>"
	}
	defer r.Body.Close()
	b, _ := io.ReadAll(r.Body)
	return string(b)
}

// send sends an element, or white space over BOSH.
func (c *client) send(text string) {
	c.t.Helper()
	if c.socket != nil {
		if err := wsutil.WriteClientText(c.socket, []byte(text)); err != nil {
			c.t.Log(err)
		}
		return
	}
	c.request("", text)
}

// restart asks for the stream anew.
func (c *client) restart(domain string) {
	if c.socket != nil {
		c.send(fmt.Sprintf("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='%s' version='1.0'/>", domain))
		return
	}
	c.request(fmt.Sprintf("xmpp:restart='true' to='%s'", domain), "")
}

// leave says goodbye.
func (c *client) leave() {
	if c.socket != nil {
		c.send("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>")
		return
	}
	c.request("type='terminate'", "")
}

// request posts a request, once there are no more than the client may have under way (XEP-0124 §14.2).
func (c *client) request(attrs, payload string) {
	for late := time.After(patience); c.open >= 2; {
		if !c.take(late) {
			break
		}
	}
	c.rid++
	c.open++
	body := fmt.Sprintf("<body rid='%d' sid='%s' %s xmlns='http://jabber.org/protocol/httpbind' xmlns:xmpp='urn:xmpp:xbosh'>%s</body>", c.rid, c.sid, attrs, payload)
	go func() { c.came <- c.exchange(body) }()
}

// want waits until what has come has all of these in it, and gives and forgets it.
func (c *client) want(parts ...string) string {
	c.t.Helper()
	late := time.After(patience)
	for !hasAll(c.text, parts) {
		if c.socket == nil && c.open == 0 && c.polls && !c.over {
			c.request("", "")
		}
		if !c.take(late) {
			c.t.Fatalf("%.300q … came, and nothing more; want %q", c.text, parts)
		}
	}
	text := c.text
	c.text = ""
	return text
}

// take waits for what comes next; false: nothing does.
func (c *client) take(late <-chan time.Time) bool {
	select {
	case text, ok := <-c.came:
		c.open--
		c.over = c.over || strings.Contains(text, "type='terminate'")
		c.text += text
		return ok
	case <-late:
		return false
	}
}

// wantEnd waits for the end of the session, with a condition: of BOSH, and of a WebSocket.
func (c *client) wantEnd(bosh, stream string) string {
	c.t.Helper()
	if c.socket != nil {
		if stream == "" {
			return c.want("<close ")
		}
		return c.want("<"+stream+" ", "<close ")
	}
	if bosh == "" {
		return c.want("type='terminate'")
	}
	return c.want("type='terminate'", "condition='"+bosh+"'")
}

// An xmpp is an XMPP server, played by the test, with one stream.
type xmpp struct {
	t testing.TB
	net.Listener
	net.Conn
	r *bufio.Reader
}

func listen(t testing.TB) *xmpp {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return &xmpp{t: t, Listener: l}
}

// backend is the line that leads to it.
func (x *xmpp) backend(domain string) string { return domain + "=" + x.Listener.Addr().String() }

// accept takes a stream and opens it. It is called in a goroutine, as the client waits for it.
func (x *xmpp) accept() {
	c, err := x.Accept()
	if err != nil {
		return
	}
	x.t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(patience))
	x.Conn, x.r = c, bufio.NewReader(c)
	x.want("<stream:stream")
	x.want(">")
	x.say("<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='s1' from='example.org' version='1.0'>" +
		"<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>")
}

// want reads until there is what ends in suffix, and gives all of it.
func (x *xmpp) want(suffix string) string {
	x.t.Helper()
	var b []byte
	for !strings.HasSuffix(string(b), suffix) {
		c, err := x.r.ReadByte()
		if err != nil {
			x.t.Errorf("server: %v after %q, waiting for %q", err, b, suffix)
			return string(b)
		}
		b = append(b, c)
	}
	return string(b)
}

func (x *xmpp) say(text string) {
	if _, err := io.WriteString(x.Conn, text); err != nil {
		x.t.Error(err)
	}
}

// through connects a client to an XMPP server that is played by the test.
func through(t testing.TB, over boshserver.Transport, cfg boshserver.Config, attrs string) (*boshserver.Server, *client, *xmpp) {
	t.Helper()
	x := listen(t)
	cfg.Backends = []string{x.backend("example.org")}
	s := start(t, cfg)
	done := make(chan struct{})
	go func() {
		defer close(done)
		x.accept()
	}()
	c := connect(t, s, over, "example.org", attrs)
	next(t, done)
	c.want("features")
	return s, c, x
}
