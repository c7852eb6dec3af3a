package proxy

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"
	"golang.org/x/sys/unix"
)

// serveDNS runs a DNS server on loopback, over UDP and TCP on one port. answer may be called from several goroutines; nil is silence.
func serveDNS(t testing.TB, answer func(q *dns.Msg) *dns.Msg) netip.AddrPort {
	t.Helper()
	h := dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		m := answer(q)
		if m == nil {
			return
		}
		if w.LocalAddr().Network() == "udp" && m.Truncated {
			m = m.Copy()
			m.Answer = nil
		} else {
			m.Truncated = false
		}
		_ = w.WriteMsg(m)
	})
	for range 20 {
		pc, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		l, err := net.Listen("tcp", pc.LocalAddr().String())
		if err != nil { // the port is taken there
			pc.Close()
			continue
		}
		for _, s := range []*dns.Server{{PacketConn: pc, Handler: h}, {Listener: l, Handler: h}} {
			up := make(chan struct{})
			s.NotifyStartedFunc = func() { close(up) }
			go s.ActivateAndServe()
			<-up
			t.Cleanup(func() { _ = s.Shutdown() })
		}
		return netip.MustParseAddrPort(pc.LocalAddr().String())
	}
	t.Fatal("no port is free for both")
	return netip.AddrPort{}
}

// zone is a DNS whose records a test may change. What is not in it does not exist.
type zone struct {
	t        testing.TB
	addr     netip.AddrPort
	mu       sync.Mutex
	records  []dns.RR
	asked    []string
	truncate bool
}

func newZone(t testing.TB, records ...string) *zone {
	t.Helper()
	z := &zone{t: t}
	z.set(records...)
	z.addr = serveDNS(t, z.answer)
	return z
}

// set replaces the records; a TTL stands before each.
func (z *zone) set(records ...string) {
	z.t.Helper()
	z.mu.Lock()
	defer z.mu.Unlock()
	z.records = nil
	for _, s := range records {
		rr, err := dns.NewRR(s)
		if err != nil {
			z.t.Fatal(err)
		}
		z.records = append(z.records, rr)
	}
}

func (z *zone) answer(q *dns.Msg) *dns.Msg {
	z.mu.Lock()
	defer z.mu.Unlock()
	question := q.Question[0]
	z.asked = append(z.asked, dns.TypeToString[question.Qtype]+" "+question.Name)
	m := new(dns.Msg)
	m.SetReply(q)
	m.RecursionAvailable, m.Truncated = true, z.truncate
	m.Rcode = dns.RcodeNameError
	for _, rr := range z.records {
		if !strings.EqualFold(rr.Header().Name, question.Name) {
			continue
		}
		m.Rcode = dns.RcodeSuccess
		if rr.Header().Rrtype == question.Qtype {
			m.Answer = append(m.Answer, rr)
		}
	}
	return m
}

// use makes a server ask the zone; addresses of loopback are permitted.
func (z *zone) use(c *Config) {
	c.DNS = []netip.AddrPort{z.addr}
	c.AllowPrivateBackends = true
}

// listenAt listens on an address of loopback, on a port of its own choice or one that is given.
func listenAt(t testing.TB, host string, port int) (net.Listener, int) {
	t.Helper()
	l, err := net.Listen("tcp", fmt.Sprintf("%s:%d", host, port))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l, l.Addr().(*net.TCPAddr).Port
}

// closedPort is where nobody listens.
func closedPort(t testing.TB, host string) int {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) }) // until then nobody else gets the port
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: netip.MustParseAddr(host).As4()}); err != nil {
		t.Fatal(err)
	}
	name, err := unix.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	return name.(*unix.SockaddrInet4).Port
}

// blackhole is an address that neither takes a connection nor refuses it: its queue is full.
func blackhole(t testing.TB, host string, port int) int {
	t.Helper()
	socket := func() int {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = unix.Close(fd) })
		return fd
	}
	to := &unix.SockaddrInet4{Addr: netip.MustParseAddr(host).As4(), Port: port}
	fd := socket()
	if err := unix.Bind(fd, to); err != nil {
		t.Fatal(err)
	}
	if err := unix.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	sa, err := unix.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	for range 8 { // more than a queue of 0 holds
		if err := unix.Connect(socket(), sa); err != nil && err != unix.EINPROGRESS { //nolint:errorlint // as it is
			t.Fatal(err)
		}
	}
	return sa.(*unix.SockaddrInet4).Port
}

// outcome asks for a session and gives the body that ends it, or the one with the features.
func outcome(t testing.TB, addr, request string) string {
	t.Helper()
	b := dial(t, addr)
	b.post(request)
	return b.fate()
}

// fate reads on from a session's first answer, which may come before anything is known, to the body that ends it or that has the features.
func (b *browser) fate() string {
	b.t.Helper()
	body := b.body()
	for rid, sid := 2, ""; !strings.Contains(body, "terminate") && !strings.Contains(body, "<stream:features"); rid++ {
		if sid == "" {
			sid = attr(b.t, body, "sid")
		}
		b.post(fmt.Sprintf("<body rid='%d' sid='%s' xmlns='http://jabber.org/protocol/httpbind'/>", rid, sid))
		body = b.body()
	}
	return body
}

// arrives checks that a session reaches a listener, and opens it.
func arrives(t testing.TB, addr, domain string, l net.Listener) *peer {
	t.Helper()
	b := dial(t, addr)
	b.post(createText(1, domain))
	p := acceptPeer(t, l)
	p.open()
	wantContains(t, b.fate(), "<stream:features")
	return p
}

// nobodyCame checks that no connection waits at a listener.
func nobodyCame(t testing.TB, l net.Listener) {
	t.Helper()
	_ = l.(*net.TCPListener).SetDeadline(time.Now()) // a connection that is there is taken all the same
	if c, err := l.Accept(); err == nil {
		c.Close()
		t.Error("somebody came where nobody may")
	}
}
