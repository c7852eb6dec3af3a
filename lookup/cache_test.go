package lookup

import (
	"fmt"
	"testing"

	"github.com/miekg/dns"

	"go-xmpp-bosh/timer"
)

// keeps says for how long an answer is kept, asking every so often.
func keeps(t *testing.T, serve func(q *asked) *dns.Msg, change ...func(*Config)) timer.Time {
	t.Helper()
	g := newRig(t, change...)
	g.serve = serve
	g.r.ask(g.now, question{"h.example", dns.TypeA}, &search{}, 0)
	g.run()
	for _, e := range g.r.cache.entries {
		return e.until - g.now
	}
	return 0
}

func TestTTLs(t *testing.T) {
	const soa = "!example. 100 IN SOA a. b. 1 1 1 1 "
	for _, c := range []struct {
		name  string
		serve func(q *asked) *dns.Msg
		want  timer.Time
	}{
		{"found", func(q *asked) *dns.Msg { return reply(q, 0, "h.example. 300 IN A 192.0.2.1") }, 300_000},
		{"the shortest", func(q *asked) *dns.Msg {
			return reply(q, 0, "h.example. 300 IN A 192.0.2.1", "h.example. 200 IN A 192.0.2.2")
		}, 200_000},
		{"the alias's", func(q *asked) *dns.Msg {
			return reply(q, 0, "h.example. 30 IN CNAME i.example.", "i.example. 300 IN A 192.0.2.1")
		}, 30_000},
		{"zero", func(q *asked) *dns.Msg { return reply(q, 0, "h.example. 0 IN A 192.0.2.1") }, 1000},
		{"a day", func(q *asked) *dns.Msg { return reply(q, 0, "h.example. 86400 IN A 192.0.2.1") }, 3_600_000},
		{"negative", func(q *asked) *dns.Msg { return reply(q, 0, "h.example. 4294967295 IN A 192.0.2.1") }, 1000}, // RFC 2181 §8
		// RFC 2308 §5: the smaller of the SOA's own TTL and its last field.
		{"no name", func(q *asked) *dns.Msg { return reply(q, dns.RcodeNameError, soa+"50") }, 50_000},
		{"no name, its TTL", func(q *asked) *dns.Msg { return reply(q, dns.RcodeNameError, soa+"500") }, 100_000},
		{"no data", func(q *asked) *dns.Msg { return reply(q, 0, soa+"70") }, 70_000},
		{"no data, long", func(q *asked) *dns.Msg { return reply(q, 0, "!example. 9999 IN SOA a. b. 1 1 1 1 9999") }, 300_000},
		{"no authority", func(q *asked) *dns.Msg { return reply(q, dns.RcodeNameError) }, 1000},
		{"another's authority", func(q *asked) *dns.Msg {
			return reply(q, dns.RcodeNameError, "!bank.example. 100 IN SOA a. b. 1 1 1 1 100")
		}, 1000},
		{"failed", rcode(dns.RcodeServerFailure), 1000}, // RFC 9520
	} {
		if got := keeps(t, c.serve); got != c.want {
			t.Errorf("%s: kept for %d ms, want %d", c.name, got, c.want)
		}
	}
}

func TestKeptNoLonger(t *testing.T) {
	g := newRig(t)
	g.serve = zone("h.example. 300 IN A 192.0.2.10")
	g.r.Addresses(g.now, 1, "h.example")
	g.run()
	g.sent = nil
	g.pass(59_999)
	g.r.Addresses(g.now, 2, "h.example")
	g.wantSent()
	g.pass(1) // that there is no IPv6 address is known for 60 s
	g.r.Addresses(g.now, 3, "h.example")
	g.run()
	g.wantSent("udp 192.0.2.1 AAAA h.example")
	g.pass(239_999)
	g.r.Addresses(g.now, 4, "h.example")
	g.run()
	g.wantSent("udp 192.0.2.1 AAAA h.example")
	g.pass(1)
	g.r.Addresses(g.now, 5, "h.example")
	g.run()
	g.wantSent("udp 192.0.2.1 A h.example")
	g.want("1: [192.0.2.10] found", "2: [192.0.2.10] found", "3: [192.0.2.10] found", "4: [192.0.2.10] found", "5: [192.0.2.10] found")
	g.wantRest()
}

func TestCacheIsBounded(t *testing.T) {
	g := newRig(t, func(c *Config) { c.CacheMax = 8 })
	g.serve = func(q *asked) *dns.Msg { return reply(q, 0, q.Question[0].Name+" 60 IN A 192.0.2.1") }
	for i := range 100 {
		g.r.Addresses(g.now, 1, "used.example")
		g.run()
		g.r.Addresses(g.now, 2, fmt.Sprintf("h%d.example", i))
		g.run()
		if g.r.Cached() > 8 {
			t.Fatalf("%d entries", g.r.Cached())
		}
	}
	asked := 0
	for _, q := range g.sent {
		if q.Question[0].Name == "used.example." && q.Question[0].Qtype == dns.TypeA {
			asked++
		}
	}
	if asked != 1 {
		t.Errorf("what is in use was asked for %d times", asked)
	}
	n := 0
	for e := g.r.cache.used.next; e != &g.r.cache.used; e = e.next {
		n++
	}
	if n != g.r.Cached() {
		t.Errorf("%d in the ring, %d in the table", n, g.r.Cached())
	}
}
