//go:build !race

package proxy

import (
	"bytes"
	"net"
	"testing"
)

// A socketSteady is a WebSocket whose client and backend exchange messages without allocating themselves.
type socketSteady struct {
	t       testing.TB
	w       *wsClient
	p       *peer
	out, in []byte
}

func newSocketSteady(t testing.TB, bodyBytes int) *socketSteady {
	return newSocketSteadyWith(t, bodyBytes, Program{})
}

func newSocketSteadyWith(t testing.TB, bodyBytes int, p Program) *socketSteady {
	t.Helper()
	var l net.Listener
	_, addr := startServer(t, func(c *Config) {
		c.Program = p
		l = fakeBackend(t, c, "example.org")
	})
	w, peer := openSocketSession(t, addr, l)
	text := "<message to='a@example.org' from='b@example.org/c' type='chat' xmlns='jabber:client'><body>" +
		string(bytes.Repeat([]byte("x"), bodyBytes)) + "</body></message>"
	return &socketSteady{t: t, w: w, p: peer, out: []byte(frame(1, text)), in: make([]byte, 0, 64*1024)}
}

// echo sends a message, has the server's peer send it back, and reads it.
func (s *socketSteady) echo() {
	if _, err := s.w.Conn.Write(s.out); err != nil {
		s.t.Fatal(err)
	}
	s.until(s.p.Conn)
	if _, err := s.p.Conn.Write(s.in); err != nil {
		s.t.Fatal(err)
	}
	s.until(s.w.Conn)
}

func (s *socketSteady) until(c net.Conn) {
	s.in = s.in[:0]
	for !bytes.HasSuffix(s.in, endMessage) {
		n, err := c.Read(s.in[len(s.in):cap(s.in)])
		if err != nil {
			s.t.Fatal(err)
		}
		s.in = s.in[:len(s.in)+n]
	}
}

// A message costs no allocation on its way.
func TestWebSocketSteadyStateAllocatesNothing(t *testing.T) {
	for _, size := range []int{100, 3000, 20_000} {
		s := newSocketSteady(t, size)
		for range 50 {
			s.echo()
		}
		if n := testing.AllocsPerRun(1000, s.echo); n != 0 {
			t.Errorf("%v allocations per echo of %d bytes, want 0", n, size)
		}
	}
}

func BenchmarkWebSocketEcho(b *testing.B) {
	s := newSocketSteady(b, 100)
	b.ReportAllocs()
	for b.Loop() {
		s.echo()
	}
}
