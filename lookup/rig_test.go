package lookup

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"go-xmpp-bosh/timer"
)

// rig is a Resolver with everything around it: resolvers that are functions, and a time that moves when it is told to.
type rig struct {
	*testing.T
	r       *Resolver
	now     timer.Time
	serve   func(q *asked) *dns.Msg // nil: silence
	pending []*asked
	sent    []*asked // all of them
	open    map[Try]*asked
	got     []string // what was told, in words
	told    timer.Time
}

// asked is a query on its way.
type asked struct {
	dns.Msg
	try    Try
	server netip.AddrPort
	tcp    bool
}

func (q *asked) String() string {
	how := "udp"
	if q.tcp {
		how = "tcp"
	}
	return fmt.Sprintf("%s %s %s %s", how, q.server.Addr(), dns.TypeToString[q.Question[0].Qtype], plainName(q.Question[0].Name))
}

var (
	ns1 = netip.MustParseAddrPort("192.0.2.1:53")
	ns2 = netip.MustParseAddrPort("192.0.2.2:53")
)

func newRig(t *testing.T, change ...func(*Config)) *rig {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	g := &rig{T: t, now: 1_000_000, open: map[Try]*asked{}}
	cfg := Config{Servers: []netip.AddrPort{ns1}, Random: random.Uint64}
	for _, f := range change {
		f(&cfg)
	}
	g.r = New(cfg, g)
	return g
}

func two(c *Config) { c.Servers = []netip.AddrPort{ns1, ns2} }

func (g *rig) send(t Try, to netip.AddrPort, b []byte, tcp bool) {
	q := &asked{try: t, server: to, tcp: tcp}
	if err := q.Unpack(b); err != nil {
		g.Fatal(err)
	}
	if g.open[t] != nil {
		g.Fatal("a try was used twice")
	}
	g.open[t] = q
	g.pending = append(g.pending, q)
	g.sent = append(g.sent, q)
}

func (g *rig) SendUDP(t Try, to netip.AddrPort, b []byte) { g.send(t, to, b, false) }

func (g *rig) DialTCP(t Try, to netip.AddrPort, b []byte) {
	if int(b[0])<<8|int(b[1]) != len(b)-2 {
		g.Fatal("no length in front")
	}
	g.send(t, to, b[2:], true)
}

func (g *rig) Close(t Try) {
	if g.open[t] == nil {
		g.Fatal("closed what was not open")
	}
	delete(g.open, t)
}

func (g *rig) Addresses(t Ticket, addrs []netip.Addr, o Outcome, last bool) {
	more := " …"
	if last {
		more = ""
	}
	g.got = append(g.got, fmt.Sprintf("%d: %v %v%s", t, addrs, o, more))
}

func (g *rig) Service(t Ticket, hosts []Service, o Outcome) {
	var list []string
	for _, h := range hosts {
		s := fmt.Sprintf("%s:%d", h.Host, h.Port)
		if h.DirectTLS {
			s = "xmpps:" + s
		}
		list = append(list, s)
	}
	g.got = append(g.got, fmt.Sprintf("%d: %v %v", t, list, o))
}

func (g *rig) Deadline() { g.told = g.r.Deadline() }

// run lets the resolvers answer until nothing is on its way.
func (g *rig) run() {
	g.Helper()
	for len(g.pending) > 0 {
		q := g.pending[0]
		g.pending = g.pending[1:]
		if g.serve == nil {
			continue
		}
		if a := g.serve(q); a != nil {
			g.answer(q, a)
		}
	}
}

// answer delivers an answer.
func (g *rig) answer(q *asked, a *dns.Msg) {
	g.Helper()
	b, err := a.Pack()
	if err != nil {
		g.Fatal(err)
	}
	if q.tcp {
		g.r.HandleTCP(g.now, q.try, append([]byte{byte(len(b) >> 8), byte(len(b))}, b...))
		return
	}
	g.r.HandleUDP(g.now, q.try, q.server, b)
}

// pass lets time pass, stopping where the Resolver wants to know of it.
func (g *rig) pass(ms timer.Time) {
	g.Helper()
	until := g.now + ms
	for rounds := 0; ; rounds++ {
		due := g.r.Deadline()
		if due == 0 || due > until {
			break
		}
		if rounds > 10_000 {
			g.Fatal("it wakes for ever")
		}
		g.now = max(g.now, due)
		g.r.HandleTimeout(g.now)
		g.run()
	}
	g.now = until
}

// want checks what was told since the last time.
func (g *rig) want(lines ...string) {
	g.Helper()
	if !slices.Equal(g.got, lines) {
		g.Fatalf("told\n\t%s\nwant\n\t%s", strings.Join(g.got, "\n\t"), strings.Join(lines, "\n\t"))
	}
	g.got = nil
}

// wantSent checks what was asked since the last time.
func (g *rig) wantSent(lines ...string) {
	g.Helper()
	var got []string
	for _, q := range g.sent {
		got = append(got, q.String())
	}
	if !slices.Equal(got, lines) {
		g.Fatalf("asked\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(lines, "\n\t"))
	}
	g.sent = nil
}

// wantRest checks that nothing is left behind.
func (g *rig) wantRest() {
	g.Helper()
	if len(g.open) != 0 || !g.r.Idle() || g.r.Deadline() != 0 || len(g.r.tries) != 0 || len(g.r.timed) != 0 || g.r.inFlight != 0 || len(g.r.waiting) != 0 {
		g.Fatalf("left behind: %d sockets, %d queries, %d searches, deadline %d", len(g.open), len(g.r.queries), len(g.r.searches), g.r.Deadline())
	}
}

// reply is an answer to a query: records in the zone file's form; with "!" before it one of the authority section.
func reply(q *asked, rcode int, records ...string) *dns.Msg {
	m := new(dns.Msg)
	m.SetRcode(&q.Msg, rcode)
	m.RecursionAvailable = true
	for _, s := range records {
		line, authority := strings.CutPrefix(s, "!")
		rr, err := dns.NewRR(line)
		if err != nil {
			panic(err)
		}
		if authority {
			m.Ns = append(m.Ns, rr)
		} else {
			m.Answer = append(m.Answer, rr)
		}
	}
	return m
}

// zone answers from records: those of the name and type that is asked for, with the aliases that lead there; what is not there is NXDOMAIN
// when the name has no records at all. Its SOA says 60 s.
func zone(records ...string) func(q *asked) *dns.Msg {
	var all []dns.RR
	for _, s := range records {
		rr, err := dns.NewRR(s)
		if err != nil {
			panic(err)
		}
		all = append(all, rr)
	}
	return func(q *asked) *dns.Msg {
		m := reply(q, dns.RcodeSuccess)
		name := strings.ToLower(q.Question[0].Name)
		exists := false
		for again := true; again; {
			again = false
			for _, rr := range all {
				h := rr.Header()
				if strings.ToLower(h.Name) != name {
					continue
				}
				exists = true
				if h.Rrtype == q.Question[0].Qtype {
					m.Answer = append(m.Answer, rr)
				} else if c, ok := rr.(*dns.CNAME); ok && len(m.Answer) < 20 {
					m.Answer = append(m.Answer, rr)
					name, again, exists = strings.ToLower(c.Target), true, false
					break
				}
			}
		}
		if !exists {
			m.Rcode = dns.RcodeNameError
		}
		if len(m.Answer) == 0 || m.Answer[len(m.Answer)-1].Header().Rrtype != q.Question[0].Qtype {
			soa, _ := dns.NewRR("example. 60 IN SOA ns.example. admin.example. 1 1 1 1 60")
			m.Ns = append(m.Ns, soa)
		}
		return m
	}
}
