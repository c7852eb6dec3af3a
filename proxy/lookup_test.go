package proxy

import (
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"
)

func TestServicesOfADomain(t *testing.T) {
	far, farPort := listenAt(t, "127.0.0.1", 0)
	near, nearPort := listenAt(t, "127.0.0.1", 0)
	z := newZone(t,
		fmt.Sprintf("_xmpp-client._tcp.x.example. 60 IN SRV 20 0 %d far.example.", farPort),
		fmt.Sprintf("_xmpp-client._tcp.x.example. 60 IN SRV 10 0 %d near.example.", nearPort),
		"far.example. 60 IN A 127.0.0.1", "near.example. 60 IN A 127.0.0.1")
	_, addr := startServer(t, z.use)
	p := arrives(t, addr, "x.example", near)
	nobodyCame(t, far)
	p.Close()
	// What is kept is not asked for again.
	z.mu.Lock()
	n := len(z.asked)
	z.mu.Unlock()
	arrives(t, addr, "x.example", near)
	z.mu.Lock()
	defer z.mu.Unlock()
	if len(z.asked) != n || n != 4 {
		t.Errorf("asked for %q", z.asked)
	}
}

// XEP-0368 §3: TLS from the first byte, with the domain's name, whatever host it is.
func TestDirectTLSOfADomain(t *testing.T) {
	ca := newAuthority(t)
	cert := ca.issue("x.example", nil)
	l, port := listenAt(t, "127.0.0.1", 0)
	z := newZone(t, fmt.Sprintf("_xmpps-client._tcp.x.example. 60 IN SRV 0 0 %d host.example.", port), "host.example. 60 IN A 127.0.0.1",
		"_xmpp-client._tcp.x.example. 60 IN SRV 0 0 0 .")
	_, addr := startServer(t, func(c *Config) { z.use(c); c.RootCAs = ca.pool() })
	b := dial(t, addr)
	b.post(createText(1, "x.example"))
	p := acceptTLS(t, l, cert)
	p.open()
	wantContains(t, b.fate(), "<stream:features")
}

func TestFailOver(t *testing.T) {
	l, port := listenAt(t, "127.0.0.1", 0)
	z := newZone(t,
		fmt.Sprintf("_xmpp-client._tcp.x.example. 60 IN SRV 1 0 %d a.example.", closedPort(t, "127.0.0.1")),
		fmt.Sprintf("_xmpp-client._tcp.x.example. 60 IN SRV 2 0 %d gone.example.", port),
		fmt.Sprintf("_xmpp-client._tcp.x.example. 60 IN SRV 3 0 %d b.example.", port),
		"a.example. 60 IN A 127.0.0.1", "b.example. 60 IN A 127.0.0.1")
	_, addr := startServer(t, z.use)
	arrives(t, addr, "x.example", l)
}

func TestFailOverBetweenBackends(t *testing.T) {
	l, port := listenAt(t, "127.0.0.1", 0)
	z := newZone(t, "b.example. 60 IN A 127.0.0.1")
	_, addr := startServer(t, func(c *Config) {
		c.DNS = []netip.AddrPort{z.addr} // and private addresses are not allowed to others
		for _, target := range []string{fmt.Sprintf("127.0.0.1:%d", closedPort(t, "127.0.0.1")), "gone.example:5222", fmt.Sprintf("b.example:%d", port)} {
			if err := c.Backends.Add("x.example=" + target); err != nil {
				t.Fatal(err)
			}
		}
	})
	arrives(t, addr, "x.example", l)
	z.mu.Lock()
	defer z.mu.Unlock()
	for _, q := range z.asked {
		if strings.Contains(q, "SRV") {
			t.Errorf("asked for %s", q)
		}
	}
}

// The domain itself, on port 5222, when there are no SRV records: here it is refused there, or does not exist.
func TestUnknownHostsAndFailingServers(t *testing.T) {
	z := newZone(t, "bare.example. 60 IN A 127.0.0.3", "mail.example. 60 IN MX 1 x.example.", "_xmpp-client._tcp.none.example. 60 IN SRV 0 0 0 .", "none.example. 60 IN A 127.0.0.1",
		"_xmpp-client._tcp.nowhere.example. 60 IN SRV 0 0 5222 missing.example.")
	failing := func(q *dns.Msg) *dns.Msg {
		if strings.HasSuffix(q.Question[0].Name, "fails.example.") {
			return new(dns.Msg).SetRcode(q, dns.RcodeServerFailure)
		}
		if strings.HasSuffix(q.Question[0].Name, "silent.example.") {
			return nil
		}
		return z.answer(q)
	}
	server := serveDNS(t, failing)
	for _, c := range []struct{ name, domain, route, want, says string }{
		{"no such name", "gone.example", "", "host-unknown", ""},
		{"a name that is not asked for", "hidden.onion", "", "host-unknown", ""},
		{"no address", "mail.example", "", "remote-connection-failed", "no address"},
		{"nobody there", "bare.example", "", "remote-connection-failed", "refused"},
		{"no service", "none.example", "", "remote-connection-failed", "no such service"},
		{"a host that does not exist", "nowhere.example", "", "remote-connection-failed", "does not exist"},
		{"a route to no host", "x.example", "xmpp:missing.example:5222", "remote-connection-failed", "does not exist"},
		{"failing resolvers", "fails.example", "", "remote-connection-failed", "could not tell"},
		{"silent resolvers", "silent.example", "", "remote-connection-failed", "too long"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.domain == "bare.example" {
				if peer, err := net.Dial("tcp", "127.0.0.1:5222"); err == nil {
					peer.Close()
					t.Skip("somebody is there: an XMPP server of this machine has port 5222")
				}
			}
			text, log := newJournal()
			_, addr := startServer(t, func(c *Config) { z.use(c); c.DNS, c.Logger, c.ConnectTimeout = []netip.AddrPort{server}, log, 2000 })
			request := createText(1, c.domain)
			if c.route != "" {
				request = strings.Replace(request, " wait", " route='"+c.route+"' wait", 1)
			}
			wantContains(t, outcome(t, addr, request), c.want, "terminate")
			if c.says != "" {
				text.wait(t, c.says)
			}
		})
	}
}

// The operator's own line names a host that does not exist: it is said, and the client is told the same as of a domain.
func TestBackendThatDoesNotExist(t *testing.T) {
	z := newZone(t)
	text, log := newJournal()
	_, addr := startServer(t, func(c *Config) {
		c.DNS, c.Logger = []netip.AddrPort{z.addr}, log
		if err := c.Backends.Add("x.example=gone.example:5222"); err != nil {
			t.Fatal(err)
		}
	})
	wantContains(t, outcome(t, addr, createText(1, "x.example")), "host-unknown", "terminate")
	wantContains(t, text.wait(t, "cannot reach"), "gone.example", "does not exist")
}

// A route that fails does not lead to another host.
func TestRouteDoesNotFallThrough(t *testing.T) {
	l, port := listenAt(t, "127.0.0.1", 0)
	z := newZone(t, fmt.Sprintf("_xmpp-client._tcp.x.example. 60 IN SRV 1 0 %d a.example.", port), "a.example. 60 IN A 127.0.0.1", "r.example. 60 IN A 127.0.0.1")
	_, addr := startServer(t, func(c *Config) {
		z.use(c)
		if err := c.Backends.Add(fmt.Sprintf("x.example=127.0.0.1:%d", port)); err != nil {
			t.Fatal(err)
		}
	})
	for _, host := range []string{"127.0.0.1", "r.example", "gone.example"} {
		request := strings.Replace(createText(1, "x.example"), " wait", fmt.Sprintf(" route='xmpp:%s:%d' wait", host, closedPort(t, "127.0.0.1")), 1)
		wantContains(t, outcome(t, addr, request), "remote-connection-failed", "terminate")
	}
	nobodyCame(t, l)
}

func TestTruncatedAnswers(t *testing.T) {
	l, port := listenAt(t, "127.0.0.1", 0)
	z := newZone(t, fmt.Sprintf("_xmpp-client._tcp.x.example. 60 IN SRV 1 0 %d a.example.", port), "a.example. 60 IN A 127.0.0.1")
	z.mu.Lock()
	z.truncate = true
	z.mu.Unlock()
	s, addr := startServer(t, z.use)
	arrives(t, addr, "x.example", l)
	s.namesComeToRest(t)
}

// A resolver that is not there, or silent, costs a moment.
func TestSecondResolver(t *testing.T) {
	l, port := listenAt(t, "127.0.0.1", 0)
	z := newZone(t, fmt.Sprintf("_xmpp-client._tcp.x.example. 60 IN SRV 1 0 %d a.example.", port), "a.example. 60 IN A 127.0.0.1")
	silent := serveDNS(t, func(*dns.Msg) *dns.Msg { return nil })
	for _, first := range []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:9"), silent} {
		_, addr := startServer(t, func(c *Config) { z.use(c); c.DNS = []netip.AddrPort{first, z.addr} })
		arrives(t, addr, "x.example", l)
	}
}

func TestNoResolverThere(t *testing.T) {
	text, log := newJournal()
	_, addr := startServer(t, func(c *Config) { c.Logger = log })
	wantContains(t, outcome(t, addr, createText(1, "x.example")), "remote-connection-failed", "terminate")
	text.wait(t, "--dns")
}

func TestHostsFile(t *testing.T) {
	l, port := listenAt(t, "127.0.0.1", 0)
	z := newZone(t, fmt.Sprintf("_xmpp-client._tcp.x.example. 60 IN SRV 1 0 %d a.example.", port), "a.example. 60 IN A 127.0.0.9")
	_, addr := startServer(t, func(c *Config) {
		z.use(c)
		c.Hosts = Hosts{"a.example": {netip.MustParseAddr("127.0.0.1")}}
	})
	arrives(t, addr, "x.example", l)
}

// A look-up costs no goroutine, and none is left when nobody waits.
func TestLookupsUseNoGoroutines(t *testing.T) {
	silent := serveDNS(t, func(*dns.Msg) *dns.Msg { return nil })
	at := DefaultSessions()
	at.FeaturesDelay = 0 // each is answered at once
	s, addr := startServer(t, func(c *Config) { c.DNS, c.Sessions = []netip.AddrPort{silent}, &at })
	request := func(i int) string { return createText(1, fmt.Sprintf("d%d.example", i)) }
	b := dial(t, addr)
	b.post(request(0))
	b.body()
	before := runtime.NumGoroutine()
	const n = 200
	for i := range n {
		b.post(request(1 + i))
		b.body()
	}
	onLoop(s, func() {
		if s.names.machine.Idle() || len(s.names.sockets) == 0 {
			t.Error("nothing is asked")
		}
	})
	if after := runtime.NumGoroutine(); after > before+20 { // the DNS server of the test has some of its own
		t.Errorf("%d goroutines, %d before", after, before)
	}
}

// namesComeToRest waits until the DNS client has no socket and no timer, so that the server sleeps.
func (s *Server) namesComeToRest(t *testing.T) {
	t.Helper()
	for late := time.After(patience); ; runtime.Gosched() {
		var sockets int
		var idle, armed bool
		onLoop(s, func() { sockets, idle, armed = len(s.names.sockets), s.names.machine.Idle(), s.names.timer.Armed() })
		if sockets == 0 && idle && !armed {
			return
		}
		select {
		case <-late:
			t.Fatalf("%d sockets, idle %v, timer armed %v", sockets, idle, armed)
		default:
		}
	}
}
