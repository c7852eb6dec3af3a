package lookup

import (
	"fmt"
	"testing"

	"github.com/miekg/dns"
)

// addresses asks for a host's IPv4 addresses, with no IPv6 ones in the way.
func (g *rig) addresses(t Ticket, host string) {
	g.Helper()
	inner := g.serve
	g.serve = func(q *asked) *dns.Msg {
		if q.Question[0].Qtype == dns.TypeAAAA {
			return reply(q, 0, "!example. 3600 IN SOA a. b. 1 1 1 1 3600")
		}
		if inner == nil {
			return nil
		}
		return inner(q)
	}
	g.r.Addresses(g.now, t, host)
	g.run()
	g.serve = inner
}

// v4 is what was asked for about IPv4.
func (g *rig) v4() {
	kept := g.sent[:0]
	for _, q := range g.sent {
		if q.Question[0].Qtype == dns.TypeA {
			kept = append(kept, q)
		}
	}
	g.sent = kept
}

func TestRetriesGoOverAllResolvers(t *testing.T) {
	g := newRig(t, two)
	g.addresses(1, "h.example")
	g.pass(10_000)
	g.want("1: [] no resolver answered in time")
	g.v4()
	g.wantSent("udp 192.0.2.1 A h.example", "udp 192.0.2.2 A h.example", "udp 192.0.2.1 A h.example", "udp 192.0.2.2 A h.example")
	g.wantRest()
}

func TestIDsAndTriesDiffer(t *testing.T) {
	g := newRig(t)
	for i := range 100 {
		g.r.Addresses(g.now, Ticket(i), fmt.Sprintf("h%d.example", i))
	}
	ids := map[uint16]bool{}
	for _, q := range g.sent {
		ids[q.Id] = true
		if !q.RecursionDesired || q.IsEdns0() == nil || q.IsEdns0().UDPSize() != 1232 {
			t.Fatalf("a strange query: %v", &q.Msg)
		}
	}
	if len(ids) < 100 {
		t.Errorf("%d ids in %d queries", len(ids), len(g.sent))
	}
}

// A resolver that was silent is not the first one to be asked the next time.
func TestSilentResolverIsLeftAlone(t *testing.T) {
	g := newRig(t, two)
	answers := zone("h.example. 60 IN A 192.0.2.10", "i.example. 60 IN A 192.0.2.11")
	g.serve = func(q *asked) *dns.Msg {
		if q.server == ns1 {
			return nil
		}
		return answers(q)
	}
	g.r.Addresses(g.now, 1, "h.example")
	g.run()
	g.pass(1500)
	g.want("1: [192.0.2.10] found")
	g.sent = nil
	g.r.Addresses(g.now, 2, "i.example")
	g.run()
	g.want("2: [192.0.2.11] found")
	g.wantSent("udp 192.0.2.2 AAAA i.example", "udp 192.0.2.2 A i.example")
	g.wantRest()
}

func TestResolversThatFail(t *testing.T) {
	for _, rc := range []int{dns.RcodeServerFailure, dns.RcodeRefused, dns.RcodeNotImplemented, dns.RcodeFormatError} {
		g := newRig(t, two)
		good := zone("h.example. 60 IN A 192.0.2.10")
		g.serve = func(q *asked) *dns.Msg {
			if q.server == ns1 {
				return reply(q, rc)
			}
			return good(q)
		}
		g.addresses(1, "h.example")
		g.want("1: [192.0.2.10] found")
		g.wantRest()
	}
}

func TestResolverThatIsNotThere(t *testing.T) {
	g := newRig(t, two)
	g.addresses(1, "h.example")
	first := g.sent[len(g.sent)-1]
	g.r.HandleFailed(g.now, first.try)
	second := g.sent[len(g.sent)-1]
	if second.server == first.server {
		t.Fatal("asked again")
	}
	g.r.HandleFailed(g.now, second.try)
	g.r.HandleFailed(g.now, second.try)
	g.want("1: [] the resolvers could not tell")
	g.wantRest()
}

func TestNoResolver(t *testing.T) {
	g := newRig(t, func(c *Config) { c.Servers = nil })
	g.r.Addresses(g.now, 1, "h.example")
	g.r.Service(g.now, 2, "h.example")
	g.want("1: [] the resolvers could not tell", "2: [h.example:5222] found")
	g.wantSent()
	g.wantRest()
}

// A late answer is as good as any, as long as the question is open; it comes to the try before the last.
func TestLateAnswers(t *testing.T) {
	g := newRig(t, two)
	g.addresses(1, "h.example")
	first := g.sent[len(g.sent)-1]
	g.pass(1600)
	g.answer(first, reply(first, 0, "h.example. 60 IN A 192.0.2.10"))
	g.want("1: [192.0.2.10] found")
	g.wantRest()
	g.answer(first, reply(first, 0, "h.example. 60 IN A 192.0.2.66")) // too late
	g.addresses(2, "h.example")
	g.want("2: [192.0.2.10] found")

	g.addresses(3, "i.example")
	first = g.sent[len(g.sent)-1]
	g.pass(3200)
	g.answer(first, reply(first, 0, "i.example. 60 IN A 192.0.2.10")) // two tries ago
	g.want()
	g.pass(5000)
	g.want("3: [] no resolver answered in time")
	g.wantRest()
}

func TestOneQueryForAName(t *testing.T) {
	g := newRig(t)
	for i := range 50 {
		g.r.Addresses(g.now, Ticket(i), "h.example")
	}
	if len(g.sent) != 2 {
		t.Fatalf("%d queries", len(g.sent))
	}
	g.serve = zone("h.example. 60 IN A 192.0.2.10")
	g.run()
	if len(g.got) != 50 {
		t.Fatalf("%d of 50 served", len(g.got))
	}
	g.wantRest()
}

// Somebody who asks and leaves, again and again, makes no list grow.
func TestWaitersWhoLeave(t *testing.T) {
	g := newRig(t)
	for i := range 10_000 {
		g.r.Addresses(g.now, Ticket(i), "h.example")
		if i > 0 {
			g.r.Cancel(Ticket(i))
		}
	}
	for _, q := range g.r.queries {
		if cap(q.waiters) > 16 {
			t.Errorf("%d waiters", cap(q.waiters))
		}
	}
	g.pass(10_000)
	g.want("0: [] no resolver answered in time")
	g.wantRest()
}

func TestQueriesAreBounded(t *testing.T) {
	g := newRig(t, func(c *Config) { c.QueriesMax, c.QueuedMax = 4, 6 })
	for i := range 10 {
		g.r.Addresses(g.now, Ticket(i), fmt.Sprintf("h%d.example", i))
	}
	if len(g.open) != 4 {
		t.Fatalf("%d at once", len(g.open))
	}
	for i := 5; i < 10; i++ {
		want := fmt.Sprintf("%d: [] too many look-ups wait", i)
		if g.got[i-5] != want {
			t.Fatalf("%q, want %q", g.got[i-5], want)
		}
	}
	g.got = nil
	// Those who have left make room.
	g.r.Cancel(4)
	g.r.Addresses(g.now, 10, "last.example")
	g.want()
	g.serve = zone("h0.example. 60 IN A 192.0.2.1", "h1.example. 60 IN A 192.0.2.1", "h2.example. 60 IN A 192.0.2.1", "h3.example. 60 IN A 192.0.2.1", "h4.example. 60 IN A 192.0.2.1",
		"last.example. 60 IN A 192.0.2.1")
	g.run()
	g.want("0: [192.0.2.1] found", "1: [192.0.2.1] found", "2: [192.0.2.1] found", "3: [192.0.2.1] found", "10: [192.0.2.1] found")
	for _, q := range g.sent {
		if q.Question[0].Name == "h4.example." {
			t.Error("asked for what nobody wants")
		}
	}
	g.wantRest()
}

// Names too long for the DNS, as those of services below long domains are, end at once, however many wait.
func TestNamesTooLong(t *testing.T) {
	long := ""
	for range 62 {
		long += "abc."
	}
	long += "net"
	g := newRig(t, func(c *Config) { c.QueriesMax = 1 })
	g.r.Addresses(g.now, 1, "h.example")
	for i := range 1000 {
		g.r.Service(g.now, Ticket(2+i), long[:len(long)-i%3])
	}
	g.serve = zone("h.example. 60 IN A 192.0.2.1")
	g.run()
	if len(g.got) != 1001 || g.got[1] != "2: ["+long+":5222] found" && g.got[0] != "2: ["+long+":5222] found" {
		t.Fatalf("%d answers, %q", len(g.got), g.got[:2])
	}
	g.wantRest()
}

// At rest nothing is due; and a Resolver that has slept does not wake early.
func TestIdleResolverSleeps(t *testing.T) {
	g := newRig(t)
	g.now = 987_654_321
	g.r.Addresses(g.now, 1, "h.example")
	wakes := 0
	for due := g.r.Deadline(); due != 0; due = g.r.Deadline() {
		g.now = max(due, g.now)
		g.r.HandleTimeout(g.now)
		wakes++
	}
	g.want("1: [] no resolver answered in time")
	if wakes > 12 { // three tries of two queries, and the wheel's own steps
		t.Errorf("%d wake-ups", wakes)
	}
	g.wantRest()
}
