package flood

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// xmpp is an XMPP server that serves every domain, and answers the message x with r-x. The domain torrent sends without end.
type xmpp struct {
	addr string

	mu  sync.Mutex
	got map[string]int // messages, by id
}

const torrent = "torrent.example"

func startXMPP(t *testing.T) *xmpp {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	x := &xmpp{addr: l.Addr().String(), got: map[string]int{}}
	var mu sync.Mutex
	conns, over := map[net.Conn]bool{}, false
	t.Cleanup(func() {
		l.Close()
		mu.Lock()
		defer mu.Unlock()
		over = true
		for c := range conns {
			c.Close()
		}
	})
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			if conns[c] = true; over {
				c.Close()
			}
			mu.Unlock()
			go func() {
				x.serve(c)
				c.Close()
				mu.Lock()
				delete(conns, c)
				mu.Unlock()
			}()
		}
	}()
	return x
}

var (
	headerTo  = regexp.MustCompile(` to=['"]([^'"]*)['"]`)
	messageID = regexp.MustCompile(`<message[^>]* id=['"]([^'"]*)['"]`)
)

// serve is one stream.
func (x *xmpp) serve(c net.Conn) {
	r := bufio.NewReader(c)
	tag := ""
	for !strings.Contains(tag, "<stream:stream") {
		var err error
		if tag, err = r.ReadString('>'); err != nil {
			return
		}
	}
	to := headerTo.FindStringSubmatch(tag)
	if to == nil {
		return
	}
	if _, err := fmt.Fprintf(c, "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='s' from='%s' version='1.0'><stream:features/>", to[1]); err != nil {
		return
	}
	if to[1] == torrent {
		for text := "<message><body>" + strings.Repeat("x", 10_000) + "</body></message>"; ; {
			if _, err := io.WriteString(c, text); err != nil {
				return
			}
		}
	}
	for {
		tag, err := r.ReadString('>')
		if err != nil {
			return
		}
		if strings.HasSuffix(tag, "</stream:stream>") {
			_, _ = io.WriteString(c, "</stream:stream>")
			return
		}
		if m := messageID.FindStringSubmatch(tag); m != nil {
			x.mu.Lock()
			x.got[m[1]]++
			x.mu.Unlock()
			if _, err := fmt.Fprintf(c, "<message id='r-%s'><body>hello</body></message>", m[1]); err != nil {
				return
			}
		}
	}
}
