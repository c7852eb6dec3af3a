package exactlyonce

import (
	"bufio"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"log/slog"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"go-xmpp-bosh/proxy"
)

// gate is a log that stops the server's loop in the middle of a callback, so that what happens meanwhile reaches the loop
// in one batch, in the order in which it happened.
type gate struct {
	entered chan struct{}
	open    chan struct{}
}

func (g *gate) Enabled(context.Context, slog.Level) bool { return true }
func (g *gate) WithAttrs([]slog.Attr) slog.Handler       { return g }
func (g *gate) WithGroup(string) slog.Handler            { return g }

func (g *gate) Handle(_ context.Context, r slog.Record) error {
	if r.Message == "request refused" {
		g.entered <- struct{}{}
		<-g.open
	}
	return nil
}

// An answer that can't be written, because the connection was reset before, has not been given: it goes out when the client
// asks again, by the same rid or, when it goes on, by the next.
func TestWhatCouldNotBeWrittenIsKept(t *testing.T) {
	t.Run("same rid", func(t *testing.T) { testWriteFailure(t, 0) })
	t.Run("next rid", func(t *testing.T) {
		testWriteFailure(t, 1)
	})
}

// The exact repeat of the client's own terminate gets an answer that says no more than the first (decisions.md 6), also when the first copy
// came before its turn and its connection died before that.
func TestTerminateIsRepeated(t *testing.T) {
	before := runtime.NumGoroutine()
	t.Cleanup(func() { wantNoGoroutinesLeft(t, before) })
	addr, l := startGated(t, &gate{make(chan struct{}), make(chan struct{})})
	defer l.Close()
	first, early, repeat := mustDial(t, addr), mustDial(t, addr), mustDial(t, addr)
	defer first.tcp.Close()
	defer early.tcp.Close()
	defer repeat.tcp.Close()
	post(t, first, "<body rid='1000' to='example.org' wait='20' hold='1' ver='1.11' xmlns='http://jabber.org/protocol/httpbind'/>")
	peer, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer peer.Close()
	readTo(t, bufio.NewReader(peer), "version='1.0'>")
	io.WriteString(peer, backendHeader+backendFeatures)
	sid := readAnswer(t, first).SID

	terminate := fmt.Sprintf("<body rid='1002' sid='%s' type='terminate' xmlns='http://jabber.org/protocol/httpbind'/>", sid)
	post(t, early, terminate)
	early.tcp.CloseWrite()
	if _, err := readMessage(early.r); err != io.EOF { // its connection is dead, as the server knows
		t.Fatal(err)
	}
	post(t, first, fmt.Sprintf("<body rid='1001' sid='%s' xmlns='http://jabber.org/protocol/httpbind'/>", sid))
	if a := readAnswer(t, first); a.Type != "terminate" || a.Condition != "" {
		t.Fatalf("the one before it is answered with %+v", a)
	}
	post(t, repeat, terminate)
	if a := readAnswer(t, repeat); a.Condition != "" {
		t.Fatalf("the repeat is answered with %+v", a)
	}
}

// testWriteFailure has a message for the client and the reset of its connection reach the loop together, the message first. The client then
// asks again, with a rid that much later.
func testWriteFailure(t *testing.T, later int) {
	before := runtime.NumGoroutine()
	t.Cleanup(func() { wantNoGoroutinesLeft(t, before) })
	g := &gate{make(chan struct{}), make(chan struct{})}
	addr, l := startGated(t, g)
	defer l.Close()
	holding, other, next := mustDial(t, addr), mustDial(t, addr), mustDial(t, addr)
	defer holding.tcp.Close()
	defer other.tcp.Close()
	defer next.tcp.Close()

	const rid = 1000
	post(t, holding, fmt.Sprintf("<body rid='%d' to='example.org' wait='20' hold='1' ver='1.11' xmlns='http://jabber.org/protocol/httpbind'/>", rid))
	peer, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer peer.Close()
	r := bufio.NewReader(peer)
	readTo(t, r, "version='1.0'>")
	io.WriteString(peer, backendHeader+backendFeatures)
	sid := readAnswer(t, holding).SID
	request := func(n int) string {
		return fmt.Sprintf("<body rid='%d' sid='%s' xmlns='http://jabber.org/protocol/httpbind'><presence xmlns='jabber:client'/></body>", rid+n, sid)
	}
	post(t, holding, request(1))
	readTo(t, r, "/>") // it has been taken, and is held

	post(t, other, "<body")
	<-g.entered
	peer.Write(appendMessage(nil, 0, down, 1))
	holding.tcp.SetLinger(0)
	holding.tcp.Close()
	g.open <- struct{}{}

	peer.Write(appendMessage(nil, 0, down, 2)) // so that the answer doesn't take its time when the first is lost
	post(t, next, request(1+later))
	if got := readAnswer(t, next).Messages; len(got) == 0 || got[0].N != 1 {
		t.Fatalf("the next answer has %v, want the message that could not be written", got)
	}
}

// startGated runs a server, with this log, whose domains are all served by the listener.
func startGated(t *testing.T, g *gate) (addr string, l net.Listener) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	cfg := proxy.Config{Listen: []string{"127.0.0.1:0"}, Backends: new(proxy.Backends), Logger: slog.New(g)}
	if err := cfg.Backends.Add("*=" + l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	server, err := proxy.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- server.Run() }()
	t.Cleanup(func() {
		server.Stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return server.Addrs()[0].String(), l
}

func mustDial(t *testing.T, addr string) *conn {
	t.Helper()
	c, err := dial(t.Context(), addr)
	if err != nil {
		t.Fatal(err)
	}
	c.tcp.SetDeadline(time.Now().Add(20 * time.Second))
	return c
}

func post(t *testing.T, c *conn, doc string) {
	t.Helper()
	if _, err := fmt.Fprintf(c.tcp, "POST /http-bind/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s", len(doc), doc); err != nil {
		t.Error(err)
	}
}

func readAnswer(t *testing.T, c *conn) (a answer) {
	t.Helper()
	b, err := readMessage(c.r)
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := strings.Cut(string(b), "\r\n\r\n")
	if err := xml.Unmarshal([]byte(body), &a); err != nil {
		t.Fatal(err)
	}
	return a
}

func readTo(t *testing.T, r *bufio.Reader, suffix string) {
	t.Helper()
	var b []byte
	for !strings.HasSuffix(string(b), suffix) {
		c, err := r.ReadByte()
		if err != nil {
			t.Fatal(err)
		}
		b = append(b, c)
	}
}
