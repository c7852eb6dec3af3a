package lookup

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/miekg/dns"
)

func TestTruncatedGoesToTCP(t *testing.T) {
	g := newRig(t)
	good := zone("h.example. 60 IN A 192.0.2.10")
	g.serve = func(q *asked) *dns.Msg {
		m := good(q)
		if !q.tcp {
			m.Truncated = true
			m.Answer = nil
		}
		return m
	}
	g.addresses(1, "h.example")
	g.want("1: [192.0.2.10] found")
	g.v4()
	g.wantSent("udp 192.0.2.1 A h.example", "tcp 192.0.2.1 A h.example")
	g.wantRest()
}

// An answer over TCP comes in pieces, behind its length.
func TestTCPInPieces(t *testing.T) {
	g := newRig(t)
	g.addresses(1, "h.example")
	udp := g.sent[len(g.sent)-1]
	m := reply(udp, 0)
	m.Truncated = true
	g.answer(udp, m)
	g.answer(udp, m) // once more: it is of no try any more
	tcp := g.sent[len(g.sent)-1]
	if !tcp.tcp {
		t.Fatal("no TCP")
	}
	b, err := reply(tcp, 0, "h.example. 60 IN A 192.0.2.10").Pack()
	if err != nil {
		t.Fatal(err)
	}
	b = append([]byte{byte(len(b) >> 8), byte(len(b))}, b...)
	for i := range b {
		if n := g.r.HandleTCP(g.now, tcp.try, b[:i:i]); n != 0 {
			t.Fatalf("%d of %d bytes consumed", n, i)
		}
	}
	g.want()
	if n := g.r.HandleTCP(g.now, tcp.try, append(b, "more"...)); n != len(b)+4 {
		t.Fatalf("%d bytes consumed", n)
	}
	g.want("1: [192.0.2.10] found")
	g.wantRest()
}

// On a connection nobody else can speak: what is wrong there is the resolver's fault.
func TestWrongAnswerOverTCP(t *testing.T) {
	for _, wrong := range []string{"\x00\x05hello", "\x00\x00", "gone"} {
		g := newRig(t)
		g.addresses(1, "h.example")
		udp := g.sent[len(g.sent)-1]
		m := reply(udp, 0)
		m.Truncated = true
		g.answer(udp, m)
		tcp := g.sent[len(g.sent)-1]
		if wrong == "gone" {
			g.r.HandleFailed(g.now, tcp.try)
		} else {
			g.r.HandleTCP(g.now, tcp.try, []byte(wrong))
		}
		g.want("1: [] the resolvers could not tell")
		g.wantRest()
	}
}

// liars are answers that must not count, made from a good one.
var liars = map[string]func(q *asked, m *dns.Msg){
	"wrong id":          func(_ *asked, m *dns.Msg) { m.Id++ },
	"another question":  func(_ *asked, m *dns.Msg) { m.Question[0].Name = "bank.example." },
	"another type":      func(_ *asked, m *dns.Msg) { m.Question[0].Qtype = dns.TypeTXT },
	"another class":     func(_ *asked, m *dns.Msg) { m.Question[0].Qclass = dns.ClassCHAOS },
	"no question":       func(_ *asked, m *dns.Msg) { m.Question = nil },
	"two questions":     func(_ *asked, m *dns.Msg) { m.Question = append(m.Question, m.Question[0]) },
	"a query":           func(_ *asked, m *dns.Msg) { m.Response = false },
	"another operation": func(_ *asked, m *dns.Msg) { m.Opcode = dns.OpcodeNotify },
	"another sender":    func(q *asked, _ *dns.Msg) { q.server = netip.MustParseAddrPort("192.0.2.66:53") },
	"another port":      func(q *asked, _ *dns.Msg) { q.server = netip.MustParseAddrPort("192.0.2.1:54") },
}

func TestLiesAreIgnored(t *testing.T) {
	for name, lie := range liars {
		t.Run(name, func(t *testing.T) {
			g := newRig(t)
			g.addresses(1, "h.example")
			q := g.sent[len(g.sent)-1]
			m := reply(q, 0, "h.example. 60 IN A 192.0.2.66")
			liar := *q
			lie(&liar, m)
			g.answer(&liar, m)
			g.r.HandleUDP(g.now, q.try, ns1, nil)
			g.r.HandleUDP(g.now, q.try, ns1, []byte(strings.Repeat("\xff", 600)))
			g.want()
			g.answer(q, reply(q, 0, "H.Example. 60 IN A 192.0.2.10")) // in any case
			g.want("1: [192.0.2.10] found")
			g.wantRest()
		})
	}
}

// RFC 5452 §9: somebody who guesses is left behind on UDP.
func TestManyLiesMoveToTCP(t *testing.T) {
	g := newRig(t)
	g.addresses(1, "h.example")
	q := g.sent[len(g.sent)-1]
	lie := reply(q, 0, "h.example. 60 IN A 192.0.2.66")
	lie.Id++
	for range 2 * missesMax {
		g.answer(q, lie)
	}
	lie.Id--
	g.answer(q, lie) // now guessed right, too late
	g.want()
	g.v4()
	tcp := g.sent[len(g.sent)-1]
	g.wantSent("udp 192.0.2.1 A h.example", "tcp 192.0.2.1 A h.example")
	g.answer(tcp, reply(tcp, 0, "h.example. 60 IN A 192.0.2.10"))
	g.want("1: [192.0.2.10] found")
	g.wantRest()
}

// Of an answer only the records that belong to the question are taken.
func TestOtherRecordsAreIgnored(t *testing.T) {
	g := newRig(t)
	g.serve = func(q *asked) *dns.Msg {
		return reply(q, 0, "bank.example. 60 IN A 192.0.2.66", "h.example. 60 IN TXT x", "h.example. 60 CH A 192.0.2.67", "h.example. 60 IN A 192.0.2.10", "h.example. 60 IN A 192.0.2.10")
	}
	g.addresses(1, "h.example")
	g.want("1: [192.0.2.10] found")
	g.serve = zone()
	g.addresses(2, "bank.example")
	g.want("2: [] the name does not exist")
}

// RFC 6891 §7: a resolver that does not know EDNS is asked without.
func TestResolverWithoutEDNS(t *testing.T) {
	for _, strip := range []bool{false, true} {
		g := newRig(t)
		good := zone("h.example. 60 IN A 192.0.2.10")
		g.serve = func(q *asked) *dns.Msg {
			if q.IsEdns0() == nil {
				return good(q)
			}
			m := reply(q, dns.RcodeFormatError)
			if strip {
				m.Question = nil
			}
			return m
		}
		g.addresses(1, "h.example")
		g.want("1: [192.0.2.10] found")
		g.wantRest()
	}
}
