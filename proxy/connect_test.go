package proxy

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// acceptTLS takes the next backend connection, and speaks TLS from its first byte on.
func acceptTLS(t testing.TB, l net.Listener, cert tls.Certificate) *peer {
	t.Helper()
	p := acceptPeer(t, l)
	c := tls.Server(p.Conn, &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: []string{"xmpp-client"}})
	if err := c.Handshake(); err != nil {
		t.Fatal(err)
	}
	cs := c.ConnectionState()
	if cs.ServerName != cert.Leaf.Subject.CommonName || cs.NegotiatedProtocol != "xmpp-client" {
		t.Errorf("SNI %q, ALPN %q", cs.ServerName, cs.NegotiatedProtocol)
	}
	return &peer{t, c, bufio.NewReader(c)}
}

// An attempt for which there was no descriptor says nothing about its server: it is made again, a little later.
func TestDialWithoutDescriptor(t *testing.T) {
	_, port := listenAt(t, "127.0.0.3", 0)
	blackhole(t, "127.0.0.2", port)
	s, addr := startServer(t, func(c *Config) {
		if err := c.Backends.Add(fmt.Sprintf("x.example=127.0.0.2:%d", port)); err != nil {
			t.Fatal(err)
		}
	})
	dial(t, addr).post(createText(1, "x.example"))
	attempts := func() (b *backend, n int) {
		s.backends.each(func(_ uint32, each *backend) { b = each })
		if b != nil && b.dialing != nil {
			n = len(b.dialing.attempts)
		}
		return b, n
	}
	wait := func() {
		for n := 0; n == 0; {
			onLoop(s, func() { _, n = attempts() })
		}
	}
	wait()
	onLoop(s, func() {
		b, _ := attempts()
		a := b.dialing.attempts[0]
		a.HandleClose(&a.conn, os.NewSyscallError("connect", syscall.EMFILE))
		if _, n := attempts(); b.dialing == nil || n > 0 || len(b.dialing.addrs) != 1 {
			t.Error("the server was given up")
		}
	})
	wait()
}

// RFC 8305 §5: an address that does not answer is not waited for.
func TestHappyEyeballs(t *testing.T) {
	l, port := listenAt(t, "127.0.0.3", 0)
	blackhole(t, "127.0.0.2", port)
	z := newZone(t, fmt.Sprintf("_xmpp-client._tcp.x.example. 60 IN SRV 1 0 %d a.example.", port), "a.example. 60 IN A 127.0.0.2", "a.example. 60 IN A 127.0.0.3")
	var text logText
	s, addr := startServer(t, func(c *Config) {
		z.use(c)
		c.Logger = slog.New(slog.NewTextHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	p := arrives(t, addr, "x.example", l)
	if strings.Contains(text.String(), "cannot connect") {
		t.Errorf("it was waited for: %s", text.String())
	}
	onLoop(s, func() {
		if s.loop.Conns() != 2 { // the client's and the backend's: the attempt that lost is gone
			t.Errorf("%d connections", s.loop.Conns())
		}
	})
	// The connection that won is the stream's, in both directions.
	p.send("</stream:stream>")
	p.want("</stream:stream>")
}

// An address that refuses makes room at once.
func TestRefusedAddressIsNotWaitedFor(t *testing.T) {
	l, port := listenAt(t, "127.0.0.3", 0)
	records := []string{fmt.Sprintf("_xmpp-client._tcp.x.example. 60 IN SRV 1 0 %d a.example.", port)}
	for i := range 12 {
		records = append(records, fmt.Sprintf("a.example. 60 IN A 127.0.1.%d", i+1))
	}
	z := newZone(t, append(records, "a.example. 60 IN A 127.0.0.3")...)
	_, addr := startServer(t, func(c *Config) { z.use(c); c.ConnectTimeout = 2500 }) // 12 times 250 ms would be too long
	arrives(t, addr, "x.example", l)
}

// A domain's owner chooses its addresses: it cannot make the server connect to ever so many.
func TestAttemptsAreBounded(t *testing.T) {
	port := closedPort(t, "127.0.0.1")
	var records []string
	for i := range 4 {
		records = append(records, fmt.Sprintf("_xmpp-client._tcp.x.example. 60 IN SRV %d 0 %d a%d.example.", i, port, i))
		for j := range 20 {
			records = append(records, fmt.Sprintf("a%d.example. 60 IN A 127.0.%d.%d", i, i+1, j+1))
		}
	}
	z := newZone(t, records...)
	var text logText
	_, addr := startServer(t, func(c *Config) {
		z.use(c)
		c.Logger = slog.New(slog.NewTextHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	wantContains(t, outcome(t, addr, createText(1, "x.example")), "remote-connection-failed", "terminate")
	if n := strings.Count(text.String(), "cannot connect"); n != attemptsMax {
		t.Errorf("%d attempts, want %d", n, attemptsMax)
	}
}

// One deadline for all of it; who waits for it may leave before.
func TestConnectTimeout(t *testing.T) {
	port := blackhole(t, "127.0.0.2", 0)
	z := newZone(t, fmt.Sprintf("_xmpp-client._tcp.x.example. 60 IN SRV 1 0 %d a.example.", port), "a.example. 60 IN A 127.0.0.2")
	text, log := newJournal()
	s, addr := startServer(t, func(c *Config) { z.use(c); c.ConnectTimeout, c.Logger = 600, log })
	begun := time.Now()
	wantContains(t, outcome(t, addr, createText(1, "x.example")), "remote-connection-failed", "terminate")
	if d := time.Since(begun); d < 500*time.Millisecond {
		t.Errorf("given up after %v", d)
	}
	text.wait(t, "it took too long")
	s.namesComeToRest(t)
	onLoop(s, func() {
		if s.loop.Conns() != 1 {
			t.Errorf("%d connections", s.loop.Conns())
		}
	})
}

// A client that leaves takes its search along.
func TestLeavingDuringTheSearch(t *testing.T) {
	port := blackhole(t, "127.0.0.2", 0)
	z := newZone(t, fmt.Sprintf("_xmpp-client._tcp.x.example. 60 IN SRV 1 0 %d a.example.", port), "a.example. 60 IN A 127.0.0.2")
	s, addr := startServer(t, z.use)
	ts := &testSession{t: t, rid: 1, poll: dial(t, addr)}
	ts.poll.post(createText(ts.rid, "x.example"))
	ts.sid = attr(t, ts.poll.body(), "sid")
	ts.poll.post(ts.next("type='terminate'", ""))
	ts.poll.body()
	onLoop(s, func() {
		s.enter() // what has ended is free
		if s.backends.live != 0 || s.loop.Conns() != 1 {
			t.Errorf("%d backends, %d connections", s.backends.live, s.loop.Conns())
		}
		s.settle()
	})
}

// decisions.md 40: a name that leads to a private address, now or later, leads nowhere, and the operator is told what would permit it.
func TestRebindingIsRefused(t *testing.T) {
	l, port := listenAt(t, "127.0.0.1", 0)
	srv := fmt.Sprintf("_xmpp-client._tcp.x.example. 1 IN SRV 1 0 %d a.example.", port)
	for _, c := range []struct {
		name     string
		address  string
		networks []string
		refused  bool
	}{
		{"none allowed", "A 127.0.0.1", nil, true},
		{"another allowed", "A 127.0.0.1", []string{"10.0.0.0/8", "::1"}, true},
		{"mapped", "AAAA ::ffff:127.0.0.1", nil, true},
		{"unspecified", "A 0.0.0.0", nil, true},
		{"allowed", "A 127.0.0.1", []string{"10.0.0.0/8", "127.0.0.0/30"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			z := newZone(t, srv, "a.example. 1 IN "+c.address)
			text, log := newJournal()
			_, addr := startServer(t, func(cfg *Config) {
				z.use(cfg)
				cfg.Logger = log
				cfg.AllowPrivateBackends = len(c.networks) > 0
				for _, n := range c.networks {
					if err := cfg.AddPrivateNetwork(n); err != nil {
						t.Fatal(err)
					}
				}
			})
			if !c.refused {
				arrives(t, addr, "x.example", l)
				return
			}
			wantContains(t, outcome(t, addr, createText(1, "x.example")), "remote-connection-failed", "terminate")
			line := text.wait(t, "refused to connect")
			wantContains(t, line, "--backend=x.example=", "--allow-private-backends=")
			nobodyCame(t, l)
		})
	}
}

// What was permitted a moment ago is asked for again: the address that is connected to counts.
func TestRebindingLater(t *testing.T) {
	l, port := listenAt(t, "127.0.0.2", 0)
	inner, _ := listenAt(t, "127.0.0.1", port)
	srv := fmt.Sprintf("_xmpp-client._tcp.x.example. 60 IN SRV 1 0 %d a.example.", port)
	z := newZone(t, srv, "a.example. 1 IN A 127.0.0.2")
	text, log := newJournal()
	s, addr := startServer(t, func(c *Config) {
		z.use(c)
		c.Logger = log
		if err := c.AddPrivateNetwork("127.0.0.2"); err != nil {
			t.Fatal(err)
		}
	})
	arrives(t, addr, "x.example", l)
	z.set(srv, "a.example. 1 IN A 127.0.0.1")
	for len(text.lines("refused to connect")) == 0 { // until the first answer is forgotten
		b := dial(t, addr)
		b.post(createText(1, "x.example"))
		b.body()
		b.Close()
		onLoop(s, func() {})
	}
	nobodyCame(t, inner)
}

func TestReach(t *testing.T) {
	var r Reach
	for _, ok := range []string{"10.0.0.0/8", "10.1.2.3/8", "fd00::/8", "192.168.1.1", "::1"} {
		if err := r.AddPrivateNetwork(ok); err != nil {
			t.Errorf("%s: %v", ok, err)
		}
	}
	if got := fmt.Sprint(r.PrivateNetworks); got != "[10.0.0.0/8 10.0.0.0/8 fd00::/8 192.168.1.1/32 ::1/128]" {
		t.Error(got)
	}
	for _, bad := range []string{"", "true", "10.0.0.0/33", "localhost", "fe80::1%eth0", "::ffff:10.0.0.0/104"} {
		if r.AddPrivateNetwork(bad) == nil {
			t.Errorf("%q was taken", bad)
		}
	}
	if r.AddDNS("192.0.2.1") != nil || r.AddDNS("[2001:db8::1]:54") != nil || r.AddDNS("dns.example") == nil || len(r.DNS) != 2 {
		t.Errorf("resolvers: %v", r.DNS)
	}
}
