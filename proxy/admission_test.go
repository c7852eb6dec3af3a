package proxy

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"go-xmpp-bosh/timer"
)

func TestAddressOf(t *testing.T) {
	for text, want := range map[string]string{
		"192.0.2.1": "192.0.2.1", "::ffff:192.0.2.1": "192.0.2.1", "2001:db8:1:2:3::4": "2001:db8:1:2::",
		"127.0.0.1": "", "::1": "", "::ffff:127.1.2.3": "",
	} {
		got, ok := addressOf(netip.MustParseAddr(text))
		if ok != (want != "") || ok && got.String() != want {
			t.Errorf("%s: %s, %v", text, got, ok)
		}
	}
	if _, ok := addressOf(netip.Addr{}); ok {
		t.Error("no address is counted")
	}
}

// startAdmission is a server behind a trusted proxy on loopback, which says who the client is.
func startAdmission(t *testing.T, change func(*Config)) (s *Server, addr string, l net.Listener) {
	t.Helper()
	s, addr = startServer(t, func(c *Config) {
		l = fakeBackend(t, c, "example.org")
		c.TrustedProxies = networks(t, "127.0.0.1")
		change(c)
	})
	return s, addr, l
}

// settled waits until the server has done what it was told before.
func settled(s *Server) { onLoop(s, func() { s.enter() }) }

// Sessions of both kinds count for their address; another address, and a session that has ended, make no difference.
func TestSessionsPerAddress(t *testing.T) {
	s, addr, l := startAdmission(t, func(c *Config) { c.SessionsPerAddress = 2 })
	create := func(from string) *browser {
		b := dial(t, addr)
		b.raw(postWith(createText(1, "example.org"), "X-Forwarded-For: "+from))
		return b
	}
	first := create("192.0.2.1")
	acceptPeer(t, l).open()
	sid := attr(t, first.body(), "sid")
	w := openWebSocket(t, addr, "X-Forwarded-For: 192.0.2.1\r\n")
	if r, _ := create("192.0.2.1").answer(); r.StatusCode != http.StatusServiceUnavailable {
		t.Fatalf("a third: %s", r.Status)
	}
	other := create("192.0.2.2")
	acceptPeer(t, l).open()
	other.body()
	for range 3 { // loopback is not counted
		create("127.0.0.1")
		acceptPeer(t, l).open()
	}
	w.Close()
	first.post(fmt.Sprintf("<body rid='2' sid='%s' type='terminate' xmlns='http://jabber.org/protocol/httpbind'/>", sid))
	first.body()
	for {
		settled(s)
		b := create("192.0.2.1")
		r, _ := b.answerOrPeer(l)
		if r == nil || r.StatusCode == http.StatusOK {
			break
		}
	}
}

// answerOrPeer takes what comes of a creation: the refusal, or the stream that it opens.
func (b *browser) answerOrPeer(l net.Listener) (*http.Response, string) {
	b.t.Helper()
	peers := make(chan struct{}, 1)
	go func() {
		if c, err := l.Accept(); err == nil {
			p := newPeer(b.t, c)
			p.open()
			peers <- struct{}{}
		}
	}()
	return b.answer()
}

// Who has too many connections is closed at once, by the address that the PROXY protocol tells.
func TestConnectionsPerAddress(t *testing.T) {
	s, addr, _ := startAdmission(t, func(c *Config) {
		c.ConnectionsPerAddress = 2
		c.ProxyProtocol = true
	})
	open := func(from string) *browser {
		b := dial(t, addr)
		b.raw("PROXY TCP4 " + from + " 192.0.2.9 1234 80\r\n")
		return b
	}
	ask := func(b *browser) bool {
		b.raw("GET /http-bind/ HTTP/1.1\r\nHost: x\r\n\r\n")
		_, err := http.ReadResponse(b.r, nil)
		return err == nil
	}
	a := open("192.0.2.1")
	if !ask(a) {
		t.Fatal("the first is refused")
	}
	b := open("192.0.2.1")
	b.raw(upgradeText + "\r\n")
	upgraded(t, b)
	c := open("192.0.2.1")
	if _, err := io.ReadAll(c.r); err != nil {
		t.Logf("the third: %v", err)
	}
	if !ask(open("192.0.2.2")) {
		t.Fatal("another address is refused")
	}
	b.Close()
	for settled(s); ; settled(s) {
		d := open("192.0.2.1")
		io.WriteString(d.Conn, "GET /http-bind/ HTTP/1.1\r\nHost: x\r\n\r\n")
		if _, err := http.ReadResponse(d.r, nil); err == nil {
			break
		}
	}
	onLoop(s, func() {
		if n := len(s.admission.connOf); n > 3 {
			t.Errorf("%d connections are counted", n)
		}
	})
}

func TestSessionsPerDomain(t *testing.T) {
	_, addr, l := startAdmission(t, func(c *Config) { c.SessionsPerDomain = 1 })
	ts := openSession(t, addr, l)
	b := dial(t, addr)
	b.post(createText(1, "example.org"))
	wantContains(t, b.body(), "terminate", "policy-violation")
	ts.poll.post(ts.next("type='terminate'", ""))
	ts.peer.want("</stream:stream>")
	ts.peer.send("</stream:stream>")
	ts.peer.Close()
	for {
		b := dial(t, addr)
		b.post(createText(1, "example.org"))
		if _, body := b.answerOrPeer(l); !strings.Contains(body, "policy-violation") {
			break
		}
	}
}

// A client that floods its session is ended, over either transport.
func TestRates(t *testing.T) {
	for name, change := range map[string]func(*Config){
		"requests": func(c *Config) { c.RequestsPerSecond = 1 },
		"bytes":    func(c *Config) { c.BytesPerSecond = 200 },
	} {
		t.Run(name, func(t *testing.T) {
			_, addr, l := startAdmission(t, change)
			ts := openSession(t, addr, l)
			for n := 0; ; n++ {
				ts.poll.post(ts.next("", "<presence/>"))
				ts.poll.post(ts.next("", "<presence/>"))
				_, body := ts.poll.answer()
				if strings.Contains(body, "policy-violation") {
					break
				}
				if n > 20 {
					t.Fatal("no end")
				}
			}
			w, p := openSocketSession(t, addr, l)
			go io.Copy(io.Discard, p.r)
			for range 30 {
				io.WriteString(w.Conn, frame(1, "<presence><status>"+strings.Repeat("x", 50)+"</status></presence>"))
			}
			w.want("<stream:error", "policy-violation")
		})
	}
}

// Who does not log in is ended; who does stays.
func TestLoginTimeout(t *testing.T) {
	_, addr, l := startAdmission(t, func(c *Config) { c.LoginTimeout = 300 * timer.Millisecond })
	idle, in := openSession(t, addr, l), openSession(t, addr, l)
	w, _ := openSocketSession(t, addr, l)
	in.poll.post(in.next("", "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGEAYg==</auth>"))
	in.peer.want("</auth>")
	in.peer.send("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>")
	wantContains(t, in.poll.body(), "<success")
	idle.poll.post(idle.next("", ""))
	wantContains(t, idle.poll.body(), "terminate", "policy-violation")
	w.want("<stream:error", "policy-violation")
	in.poll.post(in.next("", "<presence/>"))
	in.peer.want("<presence/>")
	in.peer.send("<presence/>")
	wantContains(t, in.poll.body(), "<presence")
}

// A session that is over is nobody's to end again, and one whose first stream has ended may have logged in on another.
func TestLoginTimeoutLeavesOthersAlone(t *testing.T) {
	s, addr, l := startAdmission(t, func(*Config) {})
	over := openSession(t, addr, l)
	over.poll.post(over.next("type='terminate'", ""))
	over.poll.body()

	b := dial(t, addr)
	b.post(createText(1, "example.org"))
	one := acceptPeer(t, l)
	one.open()
	body := b.body()
	ts := &testSession{t: t, sid: attr(t, body, "sid"), rid: 1}
	first := attr(t, body, "stream")
	b.post(ts.next("to='example.org' xmpp:version='1.0'", ""))
	two := acceptPeer(t, l)
	two.open()
	second := attr(t, b.body(), "stream")
	b.post(ts.next("stream='"+second+"'", "<presence xmlns='jabber:client'/>"))
	two.want("<presence xmlns='jabber:client'/>")
	two.send("<presence/>")
	b.body()
	b.post(ts.next("type='terminate' stream='"+first+"'", ""))
	one.want("</stream:stream>")
	one.send("</stream:stream>")
	onLoop(s, func() {
		s.enter()
		s.sessions.each(func(slot uint32, ss *session) { s.checkLogin(login{holder{slotSession, slot}, ss.since}) })
		if n := s.stats.Limits[LimitLogin]; n != 0 {
			t.Errorf("%d were ended", n)
		}
		s.settle()
	})
}

// A domain is one however it is written.
func TestSessionsPerDomainAnySpelling(t *testing.T) {
	_, addr, l := startAdmission(t, func(c *Config) { c.SessionsPerDomain = 1 })
	openSession(t, addr, l)
	b := dial(t, addr)
	b.post(createText(1, "EXAMPLE.org"))
	wantContains(t, b.body(), "terminate", "policy-violation")
}

func TestMaxMemory(t *testing.T) {
	_, addr, _ := startAdmission(t, func(c *Config) { c.MemoryMax = 1 })
	b := dial(t, addr)
	b.post(createText(1, "example.org"))
	if r, _ := b.answer(); r.StatusCode != http.StatusServiceUnavailable {
		t.Fatal(r.Status)
	}
}
