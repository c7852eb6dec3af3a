package proxy

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// Requests spoilt at random, five to a connection: no panic, no hang (each connection is ended by the server once its
// client has shut its side down), nothing left behind, and a log-in works afterwards.
func TestMutatedRequests(t *testing.T) {
	const conns = 4000
	var l net.Listener
	s, addr := startServer(t, func(c *Config) { l = fakeBackend(t, c, "example.org") })
	go answerStreams(l)
	sid := openBlind(t, addr)
	const seed = 20260101
	var wg sync.WaitGroup
	for w := range uint64(4) {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(seed, w))
			for range conns / 4 {
				text := mutated(rng, sid)
				if err := spoilt(addr, text); err != nil {
					t.Errorf("seed %d, worker %d: %v after %q", seed, w, err, text)
					return
				}
			}
		})
	}
	wg.Wait()
	openBlind(t, addr)
	for clients := -1; clients != 0; { // the last of them is freed by the callback after its own
		onLoop(s, func() { s.enter(); clients = s.clients.live })
	}
}

// spoilt writes text, shuts its side down and waits for the server's end.
func spoilt(addr string, text []byte) error {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if _, err := c.Write(text); err == nil { // else the server has refused it already
		_ = c.(*net.TCPConn).CloseWrite()
	}
	if _, err := io.Copy(io.Discard, c); err != nil && strings.Contains(err.Error(), "timeout") {
		return err
	}
	return nil
}

// answerStreams opens every stream that is asked for, and reads on.
func answerStreams(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			r := bufio.NewReader(c)
			for {
				s, err := r.ReadString('>')
				if err != nil {
					return
				}
				if strings.Contains(s, "<stream:stream") {
					_, _ = io.WriteString(c, peerHeader+peerFeatures)
				}
			}
		}()
	}
}

// openBlind makes a session whose backend nobody looks at.
func openBlind(t *testing.T, addr string) (sid string) {
	t.Helper()
	b := dial(t, addr)
	defer b.Close()
	b.post(createText(1000, "example.org"))
	body := b.body()
	wantContains(t, body, "<stream:features")
	return attr(t, body, "sid")
}

func mutated(rng *rand.Rand, sid string) []byte {
	bases := []string{
		postText(fmt.Sprintf("<body rid='%d' sid='%s' xmlns='http://jabber.org/protocol/httpbind'><message xmlns='jabber:client'><body>hi &lt;</body></message></body>", 1000+rng.IntN(8), sid)),
		postText(fmt.Sprintf("<body rid='%d' sid='%s' pause='10' ack='1001' key='ab' stream='x' to='example.org' xmlns='http://jabber.org/protocol/httpbind'/>", 1000+rng.IntN(8), sid)),
		postText(createText(rng.IntN(1e6), "example.org")),
		postText(createText(rng.IntN(1e6), "nobody.invalid")),
		"POST /http-bind/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<body\r\n2\r\n/>\r\n0\r\n\r\n",
		"OPTIONS /x HTTP/1.1\r\nHost: x\r\nAccess-Control-Request-Headers: a, b\r\n\r\n",
		"HEAD /http-bind/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
		"GET /http-bind/?callback=a.b&data=%3Cbody%20rid='1'%2F%3E HTTP/1.1\r\nHost: x\r\n\r\n",
		encodedPost("gzip", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x00\x00"),
	}
	var text []byte
	for range 5 {
		text = append(text, bases[rng.IntN(len(bases))]...)
	}
	for range rng.IntN(6) {
		switch p := rng.IntN(len(text)); rng.IntN(4) {
		case 0:
			text[p] = byte(rng.IntN(256))
		case 1:
			text = append(text[:p], text[min(len(text), p+rng.IntN(20)):]...)
		case 2:
			text = append(text[:p:p], append([]byte{byte(rng.IntN(256))}, text[p:]...)...)
		case 3:
			text = append(text[:p:p], text[rng.IntN(len(text)):]...)
		}
		if len(text) == 0 {
			text = []byte("x")
		}
	}
	return text
}
