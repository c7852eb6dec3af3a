//go:build !race

package proxy

import (
	"bytes"
	"io"
	"log/slog"
	"net"
	"strconv"
	"testing"
)

// A steady is a session whose client and backend exchange messages without allocating themselves, so that what is counted
// is the server's.
type steady struct {
	*testSession
	out, in []byte
	head    []byte
	tail    []byte
}

func newSteady(t testing.TB, bodyBytes int) *steady { return newSteadyWith(t, bodyBytes, Program{}) }

func newSteadyWith(t testing.TB, bodyBytes int, p Program) *steady {
	t.Helper()
	var l net.Listener
	_, addr := startServer(t, func(c *Config) {
		c.Logger = slog.New(slog.NewTextHandler(io.Discard, nil)) // asked for its level, not a logger that takes nothing
		c.Program = p
		l = fakeBackend(t, c, "example.org")
	})
	ts := openSession(t, addr, l)
	return &steady{
		testSession: ts,
		in:          make([]byte, 0, 256*1024),
		head:        []byte("' sid='" + ts.sid + "' xmlns='http://jabber.org/protocol/httpbind'>"),
		tail:        []byte("<message to='a@example.org' from='b@example.org/c' type='chat' xmlns='jabber:client'><body>" + string(bytes.Repeat([]byte("x"), bodyBytes)) + "</body></message></body>"),
	}
}

// request writes the next request, with a message in it if payload.
func (s *steady) request(b *browser, payload bool) {
	s.rid++
	tail := s.tail
	if !payload {
		tail = tail[len(tail)-len("</body>"):]
	}
	const rid = "<body rid='"
	n := len(rid) + len(strconv.AppendInt(s.in[:0], int64(s.rid), 10)) + len(s.head) + len(tail)
	w := append(s.out[:0], "POST /http-bind/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: "...)
	w = strconv.AppendInt(w, int64(n), 10)
	w = append(w, "\r\n\r\n"...)
	w = append(w, rid...)
	w = strconv.AppendInt(w, int64(s.rid), 10)
	w = append(w, s.head...)
	w = append(w, tail...)
	s.out = w
	if _, err := b.Conn.Write(w); err != nil {
		s.t.Fatal(err)
	}
}

// until reads from a connection until what came ends in end.
func (s *steady) until(c net.Conn, end []byte) {
	s.in = s.in[:0]
	for !bytes.HasSuffix(s.in, end) {
		n, err := c.Read(s.in[len(s.in):cap(s.in)])
		if err != nil {
			s.t.Fatal(err)
		}
		s.in = s.in[:len(s.in)+n]
	}
}

var (
	endMessage = []byte("</message>")
	endBody    = []byte("</body>")
	endAnswer  = []byte("/>")
	pushed     = []byte("<message from='a@example.org'><body>back</body></message>")
)

// One request a message: the poll carries it, and its echo is the answer.
func (s *steady) echo() {
	s.request(s.poll, true)
	s.until(s.peer.Conn, endMessage)
	if _, err := s.peer.Conn.Write(s.in); err != nil {
		s.t.Fatal(err)
	}
	s.until(s.poll.Conn, endBody)
}

// Two requests a message: one is held, the message comes on the other connection and takes the hold over.
func (s *steady) echoTwo() {
	s.request(s.poll, false)
	s.request(s.more, true)
	s.until(s.peer.Conn, endMessage)
	s.until(s.poll.Conn, endAnswer)
	if _, err := s.peer.Conn.Write(pushed); err != nil {
		s.t.Fatal(err)
	}
	s.until(s.more.Conn, endBody)
}

// A message costs no allocation once the session has its buffers.
func TestSteadyStateAllocatesNothing(t *testing.T) {
	for _, size := range []int{100, 3000} {
		s := newSteady(t, size)
		for range 50 {
			s.echo()
		}
		if n := testing.AllocsPerRun(1000, s.echo); n != 0 {
			t.Errorf("%v allocations per echo of %d bytes, want 0", n, size)
		}
		if n := testing.AllocsPerRun(1000, s.echoTwo); n > 0 {
			t.Errorf("%v allocations per echo of %d bytes over two requests, want 0", n, size)
		}
	}
}

func BenchmarkEcho(b *testing.B) {
	s := newSteady(b, 100)
	b.ReportAllocs()
	for b.Loop() {
		s.echo()
	}
}

func BenchmarkEchoTwo(b *testing.B) {
	s := newSteady(b, 100)
	b.ReportAllocs()
	for b.Loop() {
		s.echoTwo()
	}
}
