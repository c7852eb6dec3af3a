package demo

import (
	"bufio"
	"context"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"
)

// testDeadline bounds each connection of a test, which waits for events and not for time.
const testDeadline = 2 * time.Minute

// failOnError is a log that a panic of the server cannot hide in.
type failOnError struct {
	slog.Handler
	t *testing.T
}

func (h failOnError) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelError }

func (h failOnError) Handle(_ context.Context, r slog.Record) error {
	h.t.Errorf("the server logged: %s", r.Message)
	r.Attrs(func(a slog.Attr) bool { h.t.Log(a); return true })
	return nil
}

func (h failOnError) WithAttrs([]slog.Attr) slog.Handler { return h }

func start(t *testing.T, cfg Config) *Server {
	t.Helper()
	if cfg.Domain == "" {
		cfg.Domain = "localhost"
	}
	cfg.Logger = slog.New(failOnError{t: t})
	s, err := Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// client is the other end of a stream.
type client struct {
	t    *testing.T
	nc   *net.TCPConn
	in   xmlReader
	user string
	me   string // the full JID
	pend []*element
}

func dial(t *testing.T, s *Server) *client {
	t.Helper()
	nc, err := net.DialTCP("tcp", nil, net.TCPAddrFromAddrPort(s.Addr()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nc.Close() })
	nc.SetDeadline(time.Now().Add(testDeadline))
	return &client{t: t, nc: nc, in: xmlReader{in: bufio.NewReader(nc), limit: 16 << 20}}
}

func (c *client) bare() string { return c.user + "@localhost" }

// send writes; %q in the format is not quoted XML: escape first.
func (c *client) send(format string, args ...any) {
	c.t.Helper()
	if len(args) > 0 {
		format = fmt.Sprintf(format, args...)
	}
	if _, err := c.nc.Write([]byte(format)); err != nil {
		c.t.Fatal(err)
	}
}

const streamOpen = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='localhost' version='1.0'>"

// open opens a stream and returns the features.
func (c *client) open() *element {
	c.t.Helper()
	c.send("<?xml version='1.0'?>" + streamOpen)
	c.wantHeader()
	return c.want(nsStreams, "features")
}

func (c *client) wantHeader() *element {
	c.t.Helper()
	h, err := c.in.header()
	if err != nil {
		c.t.Fatalf("reading the stream header: %v", err)
	}
	if !h.is(nsStreams, "stream") || h.attr("from") != "localhost" || h.attr("id") == "" || h.attr("version") != "1.0" {
		c.t.Fatalf("stream header %s", h.xml())
	}
	return h
}

// next is the next element of the stream.
func (c *client) next() *element {
	c.t.Helper()
	if len(c.pend) > 0 {
		el := c.pend[0]
		c.pend = c.pend[1:]
		return el
	}
	el, err := c.in.next()
	if err != nil {
		c.t.Fatalf("%s: reading an element: %v", c.me, err)
	}
	return el
}

// want is the next element, which has to have this name.
func (c *client) want(space, local string) *element {
	c.t.Helper()
	el := c.next()
	if !el.is(space, local) {
		c.t.Fatalf("%s: got %s, want %s in %s", c.me, el.xml(), local, space)
	}
	return el
}

// wantStanza is the next element, a stanza with these attributes: "type=error".
func (c *client) wantStanza(local string, attrs ...string) *element {
	c.t.Helper()
	el := c.want(nsClient, local)
	for _, a := range attrs {
		if name, value, _ := strings.Cut(a, "="); el.attr(name) != value {
			c.t.Fatalf("%s: got %s, want %s", c.me, el.xml(), a)
		}
	}
	return el
}

// wantError is the next element, a stanza error with this condition.
func (c *client) wantError(local, cond string) *element {
	c.t.Helper()
	el := c.wantStanza(local, "type=error")
	if e := el.child(nsClient, "error"); e == nil || e.child(nsStanzas, cond) == nil || e.attr("type") == "" {
		c.t.Fatalf("got %s, want %s", el.xml(), cond)
	}
	return el
}

// wantNothing says that the server has sent nothing so far.
func (c *client) wantNothing() {
	c.t.Helper()
	c.send("<iq type='get' id='nothing'><ping xmlns='urn:xmpp:ping'/></iq>")
	c.wantStanza("iq", "id=nothing", "type=result")
}

// wantStreamError is the next element and the last but the end.
func (c *client) wantStreamError(cond string) {
	c.t.Helper()
	el := c.want(nsStreams, "error")
	if el.child(nsErrors, cond) == nil {
		c.t.Fatalf("got %s, want %s", el.xml(), cond)
	}
	c.wantEnd()
}

// wantEnd says that the server closes the stream and the connection.
func (c *client) wantEnd() {
	c.t.Helper()
	if el, err := c.in.next(); err != errStreamEnd {
		c.t.Fatalf("got %v, %v, want the end of the stream", el, err)
	}
	if n, err := c.in.in.ReadByte(); err == nil {
		c.t.Fatalf("got %q after the end of the stream", n)
	}
}

// ask sends an IQ request and returns the answer, which has to be a result.
func (c *client) ask(kind, to, payload string) *element {
	c.t.Helper()
	if to != "" {
		to = " to='" + to + "'"
	}
	c.send("<iq type='%s' id='q'%s>%s</iq>", kind, to, payload)
	return c.wantStanza("iq", "id=q", "type=result")
}

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func (c *client) auth(mechanism, data string) {
	c.t.Helper()
	c.send("<auth xmlns='%s' mechanism='%s'>%s</auth>", nsSASL, mechanism, data)
}

func (c *client) wantFailure(cond string) {
	c.t.Helper()
	if el := c.want(nsSASL, "failure"); el.child(nsSASL, cond) == nil {
		c.t.Fatalf("got %s, want %s", el.xml(), cond)
	}
}

// bind restarts the stream and binds a resource.
func (c *client) bind(resource string) {
	c.t.Helper()
	if c.open().child(nsBind, "bind") == nil {
		c.t.Fatal("bind is not offered")
	}
	r := ""
	if resource != "" {
		r = "<resource>" + resource + "</resource>"
	}
	el := c.ask("set", "", "<bind xmlns='"+nsBind+"'>"+r+"</bind>")
	c.me = el.child(nsBind, "bind").child(nsBind, "jid").text()
	c.user, _, _ = strings.Cut(c.me, "@")
	if !strings.HasPrefix(c.me, c.bare()+"/"+resource) {
		c.t.Fatalf("bound to %s", c.me)
	}
}

// login is a client with a session, not yet available.
func login(t *testing.T, s *Server, user, resource string) *client {
	t.Helper()
	c := dial(t, s)
	c.open()
	c.auth("PLAIN", b64("\x00"+user+"\x00"+"secret"))
	c.want(nsSASL, "success")
	c.bind(resource)
	return c
}

// online is a client that has sent initial presence.
func online(t *testing.T, s *Server, user, resource string) *client {
	t.Helper()
	c := login(t, s, user, resource)
	c.send("<presence/>")
	c.wantStanza("presence", "from="+c.me, "type=")
	return c
}
