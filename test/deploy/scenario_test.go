//go:build integration && linux

package deploy

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
)

const clientsPerFarm = 50

// together runs f for every client at once.
func together(t *testing.T, clients []*client, f func(ctx context.Context, c *client) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	defer cancel()
	errs := make(chan error)
	for _, c := range clients {
		go func() { errs <- f(ctx, c) }()
	}
	for range clients {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if t.Failed() {
		t.FailNow()
	}
}

// sticky: sessions stay with their node, and there are some on both. It returns the clients, whose sessions are open.
func (f *farm) sticky(t *testing.T) []*client {
	t.Helper()
	clients := make([]*client, clientsPerFarm)
	for i := range clients {
		clients[i] = newClient(t, f.url, f.pool)
	}
	together(t, clients, func(ctx context.Context, c *client) error {
		if err := c.open(ctx); err != nil {
			return fmt.Errorf("%s: %w", c.domain, err)
		}
		return c.converse(ctx, c.domain+"-", 5, 0)
	})
	count := map[string]int{}
	for _, c := range clients {
		at := f.visited(c)
		if len(at) != 1 || c.sessions != 1 {
			t.Errorf("%s was at %v, with %d sessions; want one", c.domain, at, c.sessions)
			continue
		}
		count[at[0]]++
	}
	if count[f.node1.name] < clientsPerFarm/5 || count[f.node2.name] < clientsPerFarm/5 {
		t.Errorf("sessions by node: %v, want them on both", count)
	}
	for _, n := range f.nodes() {
		n.xmpp.mu.Lock()
		for source, streams := range n.xmpp.sources {
			if source.String() != clientAddress.IP.String() {
				t.Errorf("%s takes %d streams for those of %v, want %v", n.name, streams, source, clientAddress.IP)
			}
		}
		n.xmpp.mu.Unlock()
	}
	return clients
}

// websocket is an open WebSocket session at a node.
func (f *farm) websocket(t *testing.T, node string) (conn net.Conn, domain string) {
	t.Helper()
	b := newBrowser(t, f.pool)
	dialer := ws.Dialer{
		Timeout: patience, TLSConfig: b.tls, Protocols: []string{"xmpp"},
		NetDial: (&net.Dialer{LocalAddr: clientAddress}).DialContext,
		Header:  ws.HandshakeHeaderHTTP(http.Header{"Cookie": {"bosh_node=" + node}}),
	}
	at := "wss" + strings.TrimSuffix(strings.TrimPrefix(f.url, "https"), "http-bind/") + "ws/"
	conn, _, _, err := dialer.Dial(t.Context(), at)
	if err != nil {
		t.Fatalf("no WebSocket at %s: %v", at, err)
	}
	t.Cleanup(func() { conn.Close() })
	domain = fmt.Sprintf("d%d.example.org", clientsMade.Add(1))
	say(t, conn, fmt.Sprintf("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='%s' version='1.0'/>", domain))
	hear(t, conn, "<open")
	hear(t, conn, "features")
	say(t, conn, fmt.Sprintf("<message xmlns='%s' to='other@%s' id='%s-0'><body>hello</body></message>", nsClient, domain, domain))
	hear(t, conn, "r-"+domain+"-0")
	if at := f.visited(&client{domain: domain}); fmt.Sprint(at) != fmt.Sprint([]string{node}) {
		t.Errorf("the WebSocket for %s is at %v", node, at)
	}
	return conn, domain
}

func say(t *testing.T, conn net.Conn, text string) {
	t.Helper()
	if err := wsutil.WriteClientText(conn, []byte(text)); err != nil {
		t.Fatal(err)
	}
}

func hear(t *testing.T, conn net.Conn, part string) {
	t.Helper()
	text, err := wsutil.ReadServerText(conn)
	if err != nil || !strings.Contains(string(text), part) {
		t.Fatalf("the WebSocket says %q, %v; want %q", text, err, part)
	}
}

// drain ends node1 while everybody talks: its clients go on at node2, the others notice nothing, and no message is lost.
func (f *farm) drain(t *testing.T, clients []*client) {
	t.Helper()
	listening := f.listeners(t)
	leaving, _ := f.websocket(t, f.node1.name)
	farewell := make(chan string, 1)
	go func() { farewell <- lastWords(leaving) }()
	staying, domain := f.websocket(t, f.node2.name)
	home := map[*client]string{}
	for _, c := range clients {
		home[c] = f.visited(c)[0]
	}
	go func() {
		f.node1.xmpp.await(func() bool { return len(f.node1.xmpp.got) >= 10*clientsPerFarm })
		f.node1.xmpp.pushAll(listening)
		_ = f.node1.cmd.Process.Signal(syscall.SIGTERM)
	}()
	heard := make(chan error)
	for _, c := range listening {
		go func() { heard <- c.listen(t.Context()) }()
	}
	together(t, clients, func(ctx context.Context, c *client) error { return c.converse(ctx, c.domain+"-again-", 50, 5) })
	for range listening {
		if err := <-heard; err != nil {
			t.Error(err)
		}
	}
	select {
	case <-f.node1.done:
	case <-after():
		t.Fatal("node1 does not end")
	}
	moved := 0
	for _, c := range clients {
		switch {
		case home[c] == f.node1.name && c.sessions > 1:
			moved++
		case home[c] == f.node1.name:
			t.Errorf("%s has not noticed that its node ended", c.domain)
		case c.sessions != 1:
			t.Errorf("%s was at node2, and its session ended: %v", c.domain, c.ends)
		}
	}
	t.Logf("%d of %d clients moved", moved, len(clients))
	f.wantNothingLost(t, append(listening, clients...))

	fresh := newClient(t, f.url, f.pool)
	together(t, []*client{fresh}, func(ctx context.Context, c *client) error {
		if err := c.open(ctx); err != nil {
			return err
		}
		return c.converse(ctx, c.domain+"-", 1, 0)
	})
	if at := f.visited(fresh); fmt.Sprint(at) != "[node2]" {
		t.Errorf("a new client came to %v, want node2", at)
	}
	say(t, staying, fmt.Sprintf("<message xmlns='%s' to='other@%s' id='%s-1'><body>hello</body></message>", nsClient, domain, domain))
	hear(t, staying, "r-"+domain+"-1")
	if words := <-farewell; !strings.Contains(words, "<system-shutdown") || !strings.Contains(words, "<close ") || !strings.HasSuffix(words, ">1001") {
		t.Errorf("the WebSocket at node1 was told %q", words)
	}
}

// lastWords is what a WebSocket says until it ends, and with which code it closes.
func lastWords(conn net.Conn) (words string) {
	for {
		text, err := wsutil.ReadServerText(conn)
		words += string(text)
		var closed wsutil.ClosedError
		if errors.As(err, &closed) {
			return words + fmt.Sprint(int(closed.Code))
		}
		if err != nil {
			return words + err.Error()
		}
	}
}

// listeners are clients at node1 that say nothing.
func (f *farm) listeners(t *testing.T) []*client {
	t.Helper()
	clients := make([]*client, 10)
	for i := range clients {
		clients[i] = newClient(t, f.url, f.pool)
		clients[i].setCookie(t, "bosh_node", f.node1.name)
	}
	together(t, clients, func(ctx context.Context, c *client) error {
		if err := c.open(ctx); err != nil {
			return fmt.Errorf("%s: %w", c.domain, err)
		}
		return c.converse(ctx, c.domain+"-", 1, 0)
	})
	return clients
}

// wantNothingLost: what the server has answered for has arrived, and what came for a client has reached it or has gone back.
func (f *farm) wantNothingLost(t *testing.T, clients []*client) {
	t.Helper()
	got, answered, bounced := map[string]int{}, map[string]bool{}, map[string]bool{}
	for _, n := range f.nodes() {
		n.xmpp.mu.Lock()
		for id, k := range n.xmpp.got {
			got[id] += k
		}
		for id := range n.xmpp.answered {
			answered[id] = true
		}
		for id := range n.xmpp.bounced {
			bounced[id] = true
		}
		n.xmpp.mu.Unlock()
	}
	lost, repeated, back := 0, 0, 0
	for _, c := range clients {
		for id := range c.acked {
			if got[id] == 0 {
				lost++
				t.Errorf("%s was acknowledged, and has not arrived", id)
			}
			if got[id] > 1 {
				repeated++
			}
		}
		for id := range answered {
			if !strings.Contains(id, "-"+c.domain+"-") || c.seen[id] {
				continue
			}
			if bounced[id] {
				back++
				continue
			}
			lost++
			t.Errorf("%s has neither reached its client nor gone back", id)
		}
	}
	t.Logf("%d messages, %d lost, %d went back, %d said again", len(got), lost, back, repeated)
}
