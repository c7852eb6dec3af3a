package lookup

import (
	"fmt"
	"testing"

	"github.com/miekg/dns"
)

func TestAliasesInOneAnswer(t *testing.T) {
	g := newRig(t)
	g.serve = func(q *asked) *dns.Msg { // in no order
		return reply(q, 0, "c.example. 60 IN A 192.0.2.10", "b.example. 60 IN CNAME c.example.", "h.example. 60 IN CNAME B.example.")
	}
	g.addresses(1, "h.example")
	g.want("1: [192.0.2.10] found")
	g.v4()
	g.wantSent("udp 192.0.2.1 A h.example")
}

func TestAliasesOneByOne(t *testing.T) {
	g := newRig(t)
	g.serve = func(q *asked) *dns.Msg {
		next := map[string]string{"h.example.": "b.example.", "b.example.": "c.example."}[q.Question[0].Name]
		if next == "" {
			return reply(q, 0, "c.example. 5 IN A 192.0.2.10")
		}
		return reply(q, 0, q.Question[0].Name+" 60 IN CNAME "+next)
	}
	g.addresses(1, "h.example")
	g.want("1: [192.0.2.10] found")
	g.v4()
	g.wantSent("udp 192.0.2.1 A h.example", "udp 192.0.2.1 A b.example", "udp 192.0.2.1 A c.example")
	g.pass(4999)
	g.addresses(2, "h.example") // kept under the name that was asked for, for the shortest of all TTLs
	g.v4()
	g.wantSent()
	g.pass(1)
	g.addresses(3, "h.example")
	if len(g.sent) == 0 {
		t.Error("kept too long")
	}
	g.wantRest()
}

func TestAliasesWithoutEnd(t *testing.T) {
	for name, serve := range map[string]func(q *asked) *dns.Msg{
		"a loop in one answer": func(q *asked) *dns.Msg {
			return reply(q, 0, "h.example. 60 IN CNAME b.example.", "b.example. 60 IN CNAME h.example.")
		},
		"itself": func(q *asked) *dns.Msg { return reply(q, 0, "h.example. 60 IN CNAME h.example.") },
		"a loop of questions": func(q *asked) *dns.Msg {
			if q.Question[0].Name == "h.example." {
				return reply(q, 0, "h.example. 60 IN CNAME b.example.")
			}
			return reply(q, 0, "b.example. 60 IN CNAME h.example.")
		},
		"on and on": func(q *asked) *dns.Msg {
			n := 0
			_, _ = fmt.Sscanf(q.Question[0].Name, "n%d.example.", &n)
			return reply(q, 0, fmt.Sprintf("%s 60 IN CNAME n%d.example.", q.Question[0].Name, n+1))
		},
		"a long chain": func(q *asked) *dns.Msg {
			records := []string{"h.example. 60 IN CNAME n0.example."}
			for i := range 20 {
				records = append(records, fmt.Sprintf("n%d.example. 60 IN CNAME n%d.example.", i, i+1))
			}
			return reply(q, 0, append(records, "n20.example. 60 IN A 192.0.2.1")...)
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := newRig(t)
			g.serve = serve
			g.addresses(1, "h.example")
			g.want("1: [] the resolvers could not tell")
			if len(g.sent) > 2+aliasesMax {
				t.Errorf("%d queries", len(g.sent))
			}
			g.wantRest()
		})
	}
}

func TestAliasToWhatIsNotAskedFor(t *testing.T) {
	g := newRig(t)
	g.serve = func(q *asked) *dns.Msg { return reply(q, 0, "h.example. 60 IN CNAME localhost.") }
	g.addresses(1, "h.example")
	g.want("1: [] the name does not exist")
	g.v4()
	g.wantSent("udp 192.0.2.1 A h.example")
	g.wantRest()
}

// RFC 6604 §3: the code is that of the last name.
func TestAliasToNothing(t *testing.T) {
	g := newRig(t)
	g.serve = func(q *asked) *dns.Msg {
		return reply(q, dns.RcodeNameError, "h.example. 60 IN CNAME gone.example.", "!example. 60 IN SOA a. b. 1 1 1 1 60")
	}
	g.addresses(1, "h.example")
	g.want("1: [] the name does not exist")
	g.serve = func(q *asked) *dns.Msg {
		return reply(q, 0, "i.example. 60 IN CNAME mail.example.", "!example. 60 IN SOA a. b. 1 1 1 1 60")
	}
	g.addresses(2, "i.example")
	g.want("2: [] the name has no address")
	g.wantRest()
}

// A resolver that answers with a referral does not do the work.
func TestReferral(t *testing.T) {
	g := newRig(t, two)
	good := zone("h.example. 60 IN A 192.0.2.10")
	g.serve = func(q *asked) *dns.Msg {
		if q.server == ns2 {
			return good(q)
		}
		m := reply(q, 0, "!example. 60 IN NS ns.example.")
		m.RecursionAvailable = false
		return m
	}
	g.addresses(1, "h.example")
	g.want("1: [192.0.2.10] found")
	g.wantRest()
}

func TestManyRecords(t *testing.T) {
	g := newRig(t)
	g.serve = func(q *asked) *dns.Msg {
		var records []string
		for i := range 500 {
			records = append(records, fmt.Sprintf("h.example. 60 IN A 10.0.%d.%d", i/250, i%250))
		}
		return reply(q, 0, records...)
	}
	g.addresses(1, "h.example")
	for _, e := range g.r.cache.entries {
		if len(e.res.addrs) > recordsMax {
			t.Errorf("%d addresses kept", len(e.res.addrs))
		}
	}
	g.wantRest()
}
