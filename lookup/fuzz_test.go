package lookup

import (
	"testing"

	"github.com/miekg/dns"
)

// FuzzAnswers gives a Resolver whatever bytes as the answers to its queries, behind the right id; it must not fail, and come to an end.
func FuzzAnswers(f *testing.F) {
	q := new(asked)
	q.SetQuestion("h.example.", dns.TypeA)
	for _, m := range []*dns.Msg{
		reply(q, 0, "h.example. 60 IN A 192.0.2.1"),
		reply(q, 0, "h.example. 60 IN CNAME i.example."),
		reply(q, dns.RcodeNameError, "!example. 60 IN SOA a. b. 1 1 1 1 60"),
		reply(q, dns.RcodeFormatError),
	} {
		b, err := m.Pack()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, true)
		f.Add(b, false)
	}
	f.Fuzz(func(t *testing.T, b []byte, overTCP bool) {
		g := newRig(t, two)
		g.r.Addresses(g.now, 1, "h.example")
		for i := 0; i < len(g.sent) && i < 100; i++ {
			q := g.sent[i]
			c := append([]byte(nil), b...)
			if len(c) >= 2 {
				c[0], c[1] = byte(q.Id>>8), byte(q.Id)
			}
			if q.tcp && overTCP {
				g.r.HandleTCP(g.now, q.try, append([]byte{byte(len(c) >> 8), byte(len(c))}, c...))
			} else {
				g.r.HandleUDP(g.now, q.try, q.server, c)
			}
		}
		g.pass(20_000)
		if len(g.got) == 0 || len(g.got) > 2 {
			t.Errorf("told %q", g.got)
		}
		g.wantRest()
	})
}
