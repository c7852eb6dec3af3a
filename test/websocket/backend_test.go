package websocket

import (
	"bufio"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience bounds every wait of these tests; nothing is ever expected to take that long.
const patience = 60 * time.Second

const (
	streamEnd    = "</stream:stream>"
	streamHeader = `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='s1' version='1.0' xml:lang='en'>`
	features     = `<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>`
)

// backend serves every domain, and tells its connections apart by it.
type backend struct {
	addr string

	mu      sync.Mutex
	streams map[string]*stream
}

// stream is one connection of the server's.
type stream struct {
	net.Conn
	ready chan struct{} // closed once the header has come
	ended chan struct{} // closed once the server has closed the connection

	mu   sync.Mutex
	got  strings.Builder // behind the header
	more chan struct{}   // closed, and replaced, when there is more
}

func startBackend(t testing.TB) *backend {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	b := &backend{addr: l.Addr().String(), streams: map[string]*stream{}}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go b.serve(c)
		}
	}()
	return b
}

// stream is the connection for a domain, which need not be there yet.
func (b *backend) stream(domain string) *stream {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.streams[domain]
	if s == nil {
		s = &stream{ready: make(chan struct{}), ended: make(chan struct{}), more: make(chan struct{})}
		b.streams[domain] = s
	}
	return s
}

// serve opens the stream, and keeps what comes. As servers do, it answers the end of the stream with its own.
func (b *backend) serve(c net.Conn) {
	defer c.Close()
	r := bufio.NewReader(c)
	header, err := r.ReadString('>')
	for err == nil && !strings.Contains(header, "<stream:stream") {
		header, err = r.ReadString('>')
	}
	_, to, _ := strings.Cut(header, " to='")
	to, _, ok := strings.Cut(to, "'")
	if err != nil || !ok {
		return
	}
	s := b.stream(to)
	s.Conn = c
	if _, err := io.WriteString(c, streamHeader+features); err != nil {
		return
	}
	close(s.ready)
	defer close(s.ended)
	piece := make([]byte, 16<<10)
	for {
		n, err := r.Read(piece)
		s.mu.Lock()
		s.got.Write(piece[:n])
		over := n > 0 && strings.HasSuffix(s.got.String(), streamEnd)
		close(s.more)
		s.more = make(chan struct{})
		s.mu.Unlock()
		if over {
			_, _ = io.WriteString(c, streamEnd)
			_ = c.(*net.TCPConn).CloseWrite()
		}
		if err != nil {
			return
		}
	}
}

// awaitReady waits for the connection.
func (s *stream) awaitReady(t testing.TB) {
	t.Helper()
	select {
	case <-s.ready:
	case <-time.After(patience):
		t.Fatal("the server has not opened its stream")
	}
}

// awaitText waits until it has been sent a text.
func (s *stream) awaitText(t testing.TB, text string) {
	t.Helper()
	late := time.After(patience)
	for {
		s.mu.Lock()
		got, more := s.got.String(), s.more
		s.mu.Unlock()
		if strings.Contains(got, text) {
			return
		}
		select {
		case <-more:
		case <-s.ended:
			t.Fatalf("the server has closed its stream, without %q: it got %q", text, got)
		case <-late:
			t.Fatalf("no %q has come: it got %q", text, got)
		}
	}
}

// awaitEnd waits until the server has closed the connection, and returns all that was sent behind the header.
func (s *stream) awaitEnd(t testing.TB) string {
	t.Helper()
	select {
	case <-s.ended:
	case <-time.After(patience):
		t.Fatal("the server has not closed its stream")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.got.String()
}

func (s *stream) send(t testing.TB, text string) {
	t.Helper()
	if _, err := io.WriteString(s.Conn, text); err != nil {
		t.Fatal(err)
	}
}
