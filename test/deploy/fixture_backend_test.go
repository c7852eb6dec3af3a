//go:build integration && linux

package deploy

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/netip"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// xmppServer is an XMPP server of the test's own, of one node: it serves every domain, and answers the message c-… with r-c-….
type xmppServer struct {
	node string
	addr string

	mu       sync.Mutex
	got      map[string]int        // messages, by id
	answered map[string]bool       // answers, by id, that were written while the stream was open
	bounced  map[string]bool       // messages of ours that came back
	streams  map[string]*xmppConn  // open ones, by domain
	sources  map[netip.Addr]int    // streams by the client for whom they are, as the PROXY protocol says
	changed  chan struct{}         // closed, and replaced, at each change
	conns    map[net.Conn]struct{} // to be closed
}

type xmppConn struct {
	net.Conn
	domain string
}

func startXMPP(t *testing.T, node string) *xmppServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &xmppServer{
		node: node, addr: l.Addr().String(), got: map[string]int{}, answered: map[string]bool{}, bounced: map[string]bool{},
		streams: map[string]*xmppConn{}, sources: map[netip.Addr]int{}, changed: make(chan struct{}), conns: map[net.Conn]struct{}{},
	}
	t.Cleanup(func() {
		l.Close()
		b.mu.Lock()
		defer b.mu.Unlock()
		for c := range b.conns {
			c.Close()
		}
	})
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			b.mu.Lock()
			b.conns[c] = struct{}{}
			b.mu.Unlock()
			go b.serve(&xmppConn{Conn: c})
		}
	}()
	return b
}

// change changes what is noted, and wakes who waits for it.
func (b *xmppServer) change(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f()
	close(b.changed)
	b.changed = make(chan struct{})
}

var (
	streamTo   = regexp.MustCompile(`<stream:stream[^>]* to=['"]([^'"]*)['"][^>]*>`)
	messageTag = regexp.MustCompile(`<message[^>]*>`)
	messageID  = regexp.MustCompile(` id=['"]([^'"]*)['"]`)
)

const (
	nsClient  = "jabber:client"
	streamEnd = "</stream:stream>"
)

// serve is one stream, which begins with a PROXY protocol header of version 2.
func (b *xmppServer) serve(c *xmppConn) {
	defer c.Close()
	r := bufio.NewReader(c)
	source, err := readPROXY(r)
	if err != nil {
		return
	}
	var text string
	buf := make([]byte, 32<<10)
	for {
		n, err := r.Read(buf)
		text += string(buf[:n])
		switch {
		case c.domain == "":
			m := streamTo.FindStringSubmatchIndex(text)
			if m == nil {
				break
			}
			c.domain = text[m[2]:m[3]]
			text = text[m[1]:]
			b.change(func() { b.streams[c.domain] = c; b.sources[source]++ })
			c.header("<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms>")
		default:
			text = b.take(c, c.logIn(text))
		}
		if strings.HasSuffix(text, streamEnd) {
			_, _ = io.WriteString(c, streamEnd)
		}
		if err != nil {
			break
		}
	}
	b.change(func() {
		if b.streams[c.domain] == c {
			delete(b.streams, c.domain)
		}
	})
}

func (c *xmppConn) header(features string) {
	fmt.Fprintf(c, "<?xml version='1.0'?><stream:stream xmlns='%s' xmlns:stream='http://etherx.jabber.org/streams' id='s' from='%s' version='1.0'><stream:features>%s</stream:features>", nsClient, c.domain, features)
}

var bindID = regexp.MustCompile(`<iq[^>]* id=['"]([^'"]*)['"]`)

// logIn lets everybody in; it returns what comes behind.
func (c *xmppConn) logIn(text string) string {
	if _, rest, ok := strings.Cut(text, "</auth>"); ok {
		_, _ = io.WriteString(c, "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>")
		text = rest
	}
	if m := streamTo.FindStringIndex(text); m != nil {
		c.header("<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>")
		text = text[m[1]:]
	}
	if before, rest, ok := strings.Cut(text, "</iq>"); ok && strings.Contains(before, "xmpp-bind") {
		fmt.Fprintf(c, "<iq type='result' id='%s'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>me@%s/here</jid></bind></iq>", bindID.FindStringSubmatch(before)[1], c.domain)
		text = rest
	}
	return text
}

// take notes the messages that are there and answers them; it returns what is not whole.
func (b *xmppServer) take(c *xmppConn, text string) string {
	for {
		tag := messageTag.FindStringIndex(text)
		if tag == nil {
			return text
		}
		end := strings.Index(text, "</message>")
		if end < 0 {
			return text
		}
		head := text[tag[0]:tag[1]]
		text = text[end+len("</message>"):]
		id := messageID.FindStringSubmatch(head)[1]
		if strings.Contains(head, "type='error'") || strings.Contains(head, `type="error"`) {
			b.change(func() { b.bounced[id] = true })
			continue
		}
		b.change(func() { b.got[id]++; b.answered["r-"+id] = true })
		c.push("r-" + id)
	}
}

// push sends the client a message.
func (c *xmppConn) push(ids ...string) {
	var text strings.Builder
	for _, id := range ids {
		fmt.Fprintf(&text, "<message xmlns='%s' from='other@%s' to='me@%s/here' id='%s'><body>hello</body></message>", nsClient, c.domain, c.domain, id)
	}
	_, _ = io.WriteString(c, text.String())
}

// pushAll sends each of the clients some messages at once.
func (b *xmppServer) pushAll(clients []*client) {
	for _, c := range clients {
		var ids []string
		for i := range 20 {
			ids = append(ids, fmt.Sprintf("p-%s-%d", c.domain, i))
		}
		var stream *xmppConn
		b.change(func() {
			if stream = b.streams[c.domain]; stream == nil {
				return
			}
			for _, id := range ids {
				b.answered[id] = true
			}
		})
		if stream != nil {
			stream.push(ids...)
		}
	}
}

// readPROXY reads a header of version 2 (its section 2.2), and whom it names.
func readPROXY(r *bufio.Reader) (netip.Addr, error) {
	head := make([]byte, 16)
	if _, err := io.ReadFull(r, head); err != nil {
		return netip.Addr{}, err
	}
	rest := make([]byte, binary.BigEndian.Uint16(head[14:]))
	if _, err := io.ReadFull(r, rest); err != nil {
		return netip.Addr{}, err
	}
	if head[13]>>4 != 1 || len(rest) < 4 { // not IPv4
		return netip.Addr{}, nil
	}
	return netip.AddrFrom4([4]byte(rest[:4])), nil
}

// await waits until ready says so of what is noted; ready is called with the lock held. It reports whether it has.
func (b *xmppServer) await(ready func() bool) bool {
	late := after()
	for {
		b.mu.Lock()
		ok, changed := ready(), b.changed
		b.mu.Unlock()
		if ok {
			return true
		}
		select {
		case <-changed:
		case <-late:
			return false
		}
	}
}
