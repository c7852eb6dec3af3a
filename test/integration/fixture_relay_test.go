//go:build integration && linux

package integration

import (
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// relay stands between a client and bosh-server, passes every byte on unchanged and keeps a transcript, which
// it prints when the test fails: bosh-server itself logs no payload.
type relay struct {
	addr string
	url  string // of the BOSH endpoint behind it

	// tap, when it is set before the first connection, gets what would go into the transcript.
	tap func(conn int, mark string, b []byte)

	mu         sync.Mutex
	begun      time.Time
	transcript strings.Builder
	conns      []net.Conn
	closing    bool
}

// transcriptMax bounds what is printed, in bytes from the end.
const transcriptMax = 20_000

// wire is the URL that a client is given: a relay's when CLIENTS_WIRE is set. Not always, since a relay can let one
// of two answers overtake the other where bosh-server had them in order.
func wire(t *testing.T, s *server) string {
	t.Helper()
	if os.Getenv("CLIENTS_WIRE") == "" {
		return s.url
	}
	return startRelay(t, s).url
}

func startRelay(t *testing.T, s *server) *relay {
	t.Helper()
	return startTap(t, s, nil)
}

func startTap(t *testing.T, s *server, tap func(conn int, mark string, b []byte)) *relay {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{addr: l.Addr().String(), url: "http://" + l.Addr().String() + s.path, tap: tap, begun: time.Now()}
	t.Cleanup(func() {
		l.Close()
		r.close()
		if t.Failed() && r.tap == nil {
			r.mu.Lock()
			defer r.mu.Unlock()
			text := r.transcript.String()
			t.Logf("the last of %d bytes between client and bosh-server (> request, < answer, connection, ms):\n%s",
				len(text), text[max(0, len(text)-transcriptMax):])
		}
	})
	go func() {
		for n := 1; ; n++ {
			client, err := l.Accept()
			if err != nil {
				return
			}
			up, err := net.Dial("tcp", s.addr)
			if err != nil {
				client.Close()
				continue
			}
			if r.adopt(client, up) {
				go r.copy(n, ">", client, up)
				go r.copy(n, "<", up, client)
			}
		}
	}()
	return r
}

// adopt keeps connections for close; when that has been already, they are closed at once.
func (r *relay) adopt(conns ...net.Conn) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.conns = append(r.conns, conns...)
	if r.closing {
		for _, c := range conns {
			c.Close()
		}
	}
	return !r.closing
}

func (r *relay) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closing = true
	for _, c := range r.conns {
		c.Close()
	}
}

// copy passes on one direction, its end included: a FIN as a FIN, a reset as a reset of the other side.
func (r *relay) copy(n int, mark string, from, to net.Conn) {
	buf := make([]byte, 64<<10)
	for {
		got, err := from.Read(buf)
		if got > 0 {
			if r.tap != nil {
				r.tap(n, mark, buf[:got])
			} else {
				r.note(n, mark, string(buf[:got]))
			}
			if _, err := to.Write(buf[:got]); err != nil {
				r.note(n, mark, "-- not taken: "+err.Error())
			}
		}
		if err != nil {
			r.note(n, mark, "-- "+err.Error())
			if err.Error() != "EOF" {
				to.Close()
				return
			}
			_ = to.(*net.TCPConn).CloseWrite()
			return
		}
	}
}

func (r *relay) note(n int, mark, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	fmt.Fprintf(&r.transcript, "%s #%d %d: %s\n", mark, n, time.Since(r.begun).Milliseconds(), strings.TrimSpace(text))
}
