package spec

import (
	"bufio"
	"io"
	"net"
	"strings"
	"testing"
)

// backend is the XMPP server's end of one stream, played by the test.
type backend struct {
	t testing.TB
	net.Conn
	r *bufio.Reader
}

const (
	streamHeader = `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='id1' from='example.org' version='1.0'>`
	features     = `<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>`
)

// backend takes the next stream.
func (s *server) backend() *backend {
	s.t.Helper()
	within(s.t, s.xmpp.(*net.TCPListener))
	c, err := s.xmpp.Accept()
	if err != nil {
		s.t.Fatalf("waiting for a stream: %v", err)
	}
	return newBackend(s.t, c)
}

func newBackend(t testing.TB, c net.Conn) *backend {
	t.Helper()
	t.Cleanup(func() { c.Close() })
	within(t, c)
	return &backend{t, c, bufio.NewReader(c)}
}

// want reads up to the first occurrence of suffix, and returns all that came.
func (b *backend) want(suffix string) string {
	b.t.Helper()
	var got []byte
	for !strings.HasSuffix(string(got), suffix) {
		c, err := b.r.ReadByte()
		if err != nil {
			b.t.Fatalf("the XMPP server: %v after %q, waiting for %q", err, got, suffix)
		}
		got = append(got, c)
	}
	return string(got)
}

// header reads a stream header.
func (b *backend) header() string {
	b.t.Helper()
	return b.want("<stream:stream") + b.want(">")
}

func (b *backend) send(s string) {
	b.t.Helper()
	if _, err := io.WriteString(b.Conn, s); err != nil {
		b.t.Fatal(err)
	}
}

// open answers a stream header, with features.
func (b *backend) open() string {
	b.t.Helper()
	h := b.header()
	b.send(streamHeader + features)
	return h
}

// end waits for the connection manager to close the stream, and returns what came before that.
func (b *backend) end() string {
	b.t.Helper()
	got := b.want("</stream:stream>")
	b.Close()
	return got
}
