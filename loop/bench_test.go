package loop

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"sync"
	"testing"

	"go-xmpp-bosh/timer"
)

// BenchmarkEcho is a message of 500 bytes there and back over loopback TCP, with n clients that each wait for their answer.
func BenchmarkEcho(b *testing.B) {
	for _, clients := range []int{1, 100, 500} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) { benchmarkEcho(b, clients, nil) })
	}
}

func BenchmarkEchoTLS(b *testing.B) {
	id := newIdentity(b)
	b.Run("clients=100", func(b *testing.B) { benchmarkEcho(b, 100, &id) })
}

func benchmarkEcho(b *testing.B, clients int, id *identity) {
	l, err := New(Config{})
	if err != nil {
		b.Fatal(err)
	}
	var server *tls.Config
	if id != nil {
		server = id.server(0)
	}
	ls, err := l.Listen("127.0.0.1:0", func() (*Conn, Handler) {
		e := &echo{tls: server}
		return &e.conn, e
	})
	if err != nil {
		b.Fatal(err)
	}
	done := make(chan error)
	go func() { done <- l.Run() }()
	conns := make([]net.Conn, clients)
	for i := range conns {
		c, err := net.Dial("tcp", ls.Addr().String())
		if err != nil {
			b.Fatal(err)
		}
		if id != nil {
			c = tls.Client(c, id.client(0))
		}
		conns[i] = c
		roundTrip(b, c, make([]byte, 500))
	}
	b.ReportAllocs()
	b.ResetTimer()
	var all sync.WaitGroup
	for i, c := range conns {
		n := b.N / clients
		if i < b.N%clients {
			n++
		}
		all.Go(func() {
			buf := make([]byte, 500)
			for range n {
				roundTrip(b, c, buf)
			}
		})
	}
	all.Wait()
	b.StopTimer()
	for _, c := range conns {
		c.Close()
	}
	l.Stop()
	<-done
}

func roundTrip(b *testing.B, c net.Conn, buf []byte) {
	if _, err := c.Write(buf); err != nil {
		b.Error(err)
	}
	if _, err := io.ReadFull(c, buf); err != nil {
		b.Error(err)
	}
}

// echo is the smallest handler.
type echo struct {
	conn Conn
	tls  *tls.Config // nil: in clear
}

func (e *echo) HandleConnect(c *Conn) {
	if e.tls != nil {
		c.StartTLS(e.tls, true)
	}
}
func (e *echo) HandleEOF(c *Conn)        { c.Close() }
func (e *echo) HandleDrain(*Conn)        {}
func (e *echo) HandleSecure(*Conn)       {}
func (e *echo) HandleDeadline(*Conn)     {}
func (e *echo) HandleClose(*Conn, error) {}
func (e *echo) HandleData(c *Conn, b []byte) int {
	c.SetDeadline(c.Now() + 60*timer.Second)
	c.Write(b)
	return len(b)
}

// BenchmarkCallback is what the loop itself adds to each callback.
func BenchmarkCallback(b *testing.B) {
	l, err := New(Config{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		l.handleEvent(-1, evReadable)
	}
	l.Stop()
	_ = l.Run()
}
