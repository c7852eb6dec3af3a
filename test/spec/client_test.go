package spec

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
)

// conn is one HTTP connection to the server.
type conn struct {
	t testing.TB
	net.Conn
	r *bufio.Reader
}

func (s *server) dial() *conn {
	s.t.Helper()
	c, err := net.Dial("tcp", s.addr)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { c.Close() })
	within(s.t, c)
	return &conn{s.t, c, bufio.NewReader(c)}
}

// raw writes bytes as they are.
func (c *conn) raw(s string) {
	c.t.Helper()
	if _, err := io.WriteString(c.Conn, s); err != nil {
		c.t.Fatal(err)
	}
}

// post sends a BOSH request; fields are further lines of its head.
func (c *conn) post(body string, fields ...string) {
	c.t.Helper()
	c.raw(postText(body, fields...))
}

func postText(body string, fields ...string) string {
	head := "POST /http-bind/ HTTP/1.1\r\nHost: localhost\r\n"
	for _, f := range fields {
		head += f + "\r\n"
	}
	return fmt.Sprintf("%sContent-Length: %d\r\n\r\n%s", head, len(body), body)
}

// response reads one HTTP answer.
func (c *conn) response() (*http.Response, string) {
	c.t.Helper()
	r, err := http.ReadResponse(c.r, nil)
	if err != nil {
		c.t.Fatalf("reading an answer: %v", err)
	}
	text, err := io.ReadAll(r.Body)
	if err != nil {
		c.t.Fatalf("reading an answer: %v", err)
	}
	return r, string(text)
}

// answer reads one BOSH answer, which has the status 200.
func (c *conn) answer() *answer {
	c.t.Helper()
	r, text := c.response()
	if r.StatusCode != http.StatusOK {
		c.t.Fatalf("status %s with %q", r.Status, text)
	}
	return read(c.t, text)
}

// outcome reads the answer to a creation, or what follows it: a creation's waits for about a second for news of the stream.
func (c *conn) outcome() *answer {
	c.t.Helper()
	a := c.answer()
	if len(a.children) > 0 || a.attrs["type"] != "" {
		return a
	}
	return c.ask(fmt.Sprintf("<body rid='%d' sid='%s'%s/>", firstRID+1, a.attr("sid"), namespaces))
}

// ask posts a request and reads its answer.
func (c *conn) ask(body string) *answer {
	c.t.Helper()
	c.post(body)
	return c.answer()
}

// closed waits for the server to end the connection, without a further byte.
func (c *conn) closed() {
	c.t.Helper()
	if rest, err := io.ReadAll(c.r); err != nil || len(rest) > 0 {
		c.t.Fatalf("want the end of the connection, got %q, %v", rest, err)
	}
}

const (
	namespaces = " xmlns='" + nsBind + "' xmlns:xmpp='" + nsXBosh + "'"

	// usual is what a client asks for, unless the row is about just that.
	usual   = "ver='1.11' wait='10' hold='1' xmpp:version='1.0'"
	twoHeld = "ver='1.11' wait='10' hold='2' xmpp:version='1.0'"
	polling = "ver='1.11' wait='0' hold='0' xmpp:version='1.0'"
)

// firstRID is the creation's.
const firstRID = 1000

// create is a creation request for example.org.
func create(attrs string) string { return createFor("example.org", attrs) }

func createFor(domain, attrs string) string {
	return fmt.Sprintf("<body rid='%d' to='%s' xml:lang='en' %s%s/>", firstRID, domain, attrs, namespaces)
}

func message(id string) string { return "<message xmlns='jabber:client' id='" + id + "'/>" }

// client is a session's client with the two connections of a browser.
type client struct {
	t       testing.TB
	server  *server
	created *answer
	opened  *answer // the one with the features: that one, as a rule
	sid     string
	rid     int // of the newest request
	a, b    *conn
	backend *backend
}

// join opens a session: the stream is open, its features are fetched, nothing is held.
func (s *server) join(attrs string) *client {
	s.t.Helper()
	c := &client{t: s.t, server: s, rid: firstRID, a: s.dial(), b: s.dial()}
	c.a.post(create(attrs))
	c.backend = s.backend()
	c.backend.open()
	c.created = c.a.answer()
	c.sid = c.created.attr("sid")
	for c.opened = c.created; len(c.opened.children) == 0; { // a polling session's features follow, and so on a busy machine
		c.opened = c.a.ask(c.next("", message("up")))
		c.backend.want("id='up'/>")
	}
	return c
}

// joined is a session on a server of its own.
func joined(t testing.TB, attrs string) *client {
	t.Helper()
	return serve(t).join(attrs)
}

// at is the request with this rid.
func (c *client) at(rid int, attrs, payload string) string {
	return fmt.Sprintf("<body rid='%d' sid='%s' %s%s>%s</body>", rid, c.sid, attrs, namespaces, payload)
}

// next is the session's next request.
func (c *client) next(attrs, payload string) string {
	c.rid++
	return c.at(c.rid, attrs, payload)
}

// hold posts an empty request on conn and sees to it that it is held: a request to the same server that came later has been answered.
func (c *client) hold(on *conn) string {
	c.t.Helper()
	request := c.next("", "")
	on.post(request)
	c.settled()
	return request
}

// settled returns when the server has read what was written to it before. The server reads its connections in the order
// in which they became readable.
func (c *client) settled() {
	c.t.Helper()
	probe := c.server.dial()
	defer probe.Close()
	probe.raw("GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n")
	probe.response()
}

// alive asserts that the session still serves: a message gets through, over a connection of its own.
func (c *client) alive() {
	c.t.Helper()
	on := c.server.dial()
	on.post(c.next("", message("alive")))
	c.backend.want("id='alive'/>")
}
