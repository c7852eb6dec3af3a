//go:build integration && linux

package integration

import (
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// backend is an XMPP server of the test's own for one domain: it says what the test tells it to say, and
// keeps every byte that it was sent.
type backend struct {
	domain string
	addr   string
	conns  chan *backendConn

	stubborn atomic.Bool // leaves the end of a stream unanswered, and the connection open

	creating sync.Mutex // held while a session is created, where tests share the backend in parallel

	mu   sync.Mutex
	open []net.Conn // closed at the end of the test
}

// backendConn is one stream that bosh-server opened.
type backendConn struct {
	net.Conn

	mu     sync.Mutex
	got    strings.Builder
	seen   int           // how much of got was expected already
	more   chan struct{} // closed, and replaced, when got grows or the peer closes
	closed bool          // the peer has closed
}

func startBackend(t *testing.T, domain string) *backend {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &backend{domain: domain, addr: l.Addr().String(), conns: make(chan *backendConn, 1024)}
	t.Cleanup(func() { b.close(l) })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			b.mu.Lock()
			b.open = append(b.open, c)
			b.mu.Unlock()
			p := &backendConn{Conn: c, more: make(chan struct{})}
			go b.readAll(p)
			b.conns <- p
		}
	}()
	return b
}

func (b *backend) close(l net.Listener) {
	l.Close()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.open {
		c.Close()
	}
}

// flag is what makes bosh-server use the backend.
func (b *backend) flag() string { return "--backend=" + b.domain + "=" + b.addr }

func (b *backend) accept(t *testing.T) *backendConn {
	t.Helper()
	select {
	case c := <-b.conns:
		return c
	case <-time.After(patience):
		t.Fatalf("bosh-server has not connected to %s", b.domain)
		return nil
	}
}

// readAll keeps what bosh-server sends. As servers do, it answers the end of the stream with its own and closes.
func (b *backend) readAll(p *backendConn) {
	const end = "</stream:stream>"
	buf := make([]byte, 32<<10)
	for {
		n, err := p.Read(buf)
		p.mu.Lock()
		p.got.Write(buf[:n])
		p.closed = err != nil
		ended := strings.HasSuffix(p.got.String(), end)
		close(p.more)
		p.more = make(chan struct{})
		p.mu.Unlock()
		if ended && n > 0 && !b.stubborn.Load() {
			_, _ = io.WriteString(p.Conn, end)
			_ = p.Conn.(*net.TCPConn).CloseWrite()
		}
		if err != nil {
			return
		}
	}
}

// wait waits until ready says so of what came since the last expect; it may consume a part of it.
func (p *backendConn) wait(t *testing.T, what string, ready func(unseen string, closed bool) (consumed int, ok bool)) {
	t.Helper()
	late := time.After(patience)
	for {
		p.mu.Lock()
		unseen, closed, more := p.got.String()[p.seen:], p.closed, p.more
		n, ok := ready(unseen, closed)
		p.seen += n
		p.mu.Unlock()
		switch {
		case ok:
			return
		case closed:
			t.Fatalf("bosh-server closed the backend's connection, want %s; it last sent %q", what, unseen)
		}
		select {
		case <-more:
		case <-late:
			t.Fatalf("the backend was not sent %s; it last got %q", what, unseen)
		}
	}
}

// expect waits for a piece of text, and what comes before it.
func (p *backendConn) expect(t *testing.T, text string) {
	t.Helper()
	p.wait(t, text, func(unseen string, _ bool) (int, bool) {
		i := strings.Index(unseen, text)
		if i < 0 {
			return 0, false
		}
		return i + len(text), true
	})
}

// expectClosed waits for bosh-server to close, and returns all that it sent.
func (p *backendConn) expectClosed(t *testing.T) string {
	t.Helper()
	p.wait(t, "the end", func(_ string, closed bool) (int, bool) { return 0, closed })
	return p.received()
}

// received is every byte that came so far.
func (p *backendConn) received() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.got.String()
}

func (p *backendConn) send(t *testing.T, text string) {
	t.Helper()
	if err := p.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(p.Conn, text); err != nil {
		t.Logf("the backend sending %d bytes: %v", len(text), err)
	}
}

const streamHeader = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='s1' from='example.test' version='1.0' xml:lang='en'>"

// openStream awaits a stream header and answers it with a header and features.
func (p *backendConn) openStream(t *testing.T, features string) {
	t.Helper()
	p.expect(t, "<stream:stream")
	p.expect(t, ">")
	p.send(t, streamHeader+"<stream:features>"+features+"</stream:features>")
}
