package lookup

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/miekg/dns"
)

func TestAddressesOfBothFamiliesTakeTurns(t *testing.T) {
	g := newRig(t)
	g.serve = zone("h.example. 60 IN A 192.0.2.10", "h.example. 60 IN A 192.0.2.11", "h.example. 60 IN A 192.0.2.12", "h.example. 60 IN AAAA 2001:db8::1",
		"h.example. 60 IN AAAA 2001:db8::2")
	g.r.Addresses(g.now, 1, "h.example")
	if g.told == 0 || g.told != g.r.Deadline() {
		t.Errorf("the deadline is %d, told was %d", g.r.Deadline(), g.told)
	}
	g.run()
	// IPv6 does not wait (RFC 8305 §3).
	g.want("1: [2001:db8::1 2001:db8::2] found …", "1: [192.0.2.10 192.0.2.11 192.0.2.12] found")
	g.wantSent("udp 192.0.2.1 AAAA h.example", "udp 192.0.2.1 A h.example")
	g.wantRest()
	g.r.Addresses(g.now, 2, "h.example") // from the cache
	g.want("2: [2001:db8::1 192.0.2.10 2001:db8::2 192.0.2.11 192.0.2.12] found")
	g.wantSent()
	g.wantRest()
}

// RFC 8305 §3: IPv4 waits 50 ms for IPv6.
func TestResolutionDelay(t *testing.T) {
	g := newRig(t)
	g.r.Addresses(g.now, 1, "h.example")
	v6, v4 := g.pending[0], g.pending[1]
	g.answer(v4, reply(v4, 0, "h.example. 60 IN A 192.0.2.10"))
	g.pass(49)
	g.want()
	g.pass(1)
	g.want("1: [192.0.2.10] found …")
	g.answer(v6, reply(v6, 0, "h.example. 60 IN AAAA 2001:db8::1"))
	g.want("1: [2001:db8::1] found")
	g.wantRest()

	// In time, it is first.
	g.r.Addresses(g.now, 2, "i.example")
	v6, v4 = g.sent[2], g.sent[3]
	g.answer(v4, reply(v4, 0, "i.example. 60 IN A 192.0.2.10"))
	g.pass(30)
	g.answer(v6, reply(v6, 0, "i.example. 60 IN AAAA 2001:db8::1"))
	g.want("2: [2001:db8::1 192.0.2.10] found")
	g.wantRest()
}

func TestOutcomes(t *testing.T) {
	for _, c := range []struct {
		name    string
		v6, v4  func(q *asked) *dns.Msg
		want    string
		pass    bool
		wantAll []string
	}{
		{name: "no such name", v6: rcode(dns.RcodeNameError), v4: rcode(dns.RcodeNameError), want: "1: [] the name does not exist"},
		{name: "nothing", v6: rcode(0), v4: rcode(0), want: "1: [] the name has no address"},
		{name: "failing", v6: rcode(dns.RcodeServerFailure), v4: rcode(dns.RcodeServerFailure), want: "1: [] the resolvers could not tell"},
		{name: "refusing", v6: rcode(dns.RcodeRefused), v4: rcode(0), want: "1: [] the resolvers could not tell"},
		{name: "silent", v6: silent, v4: silent, want: "1: [] no resolver answered in time", pass: true},
		{name: "silent about one", v6: silent, v4: rcode(0), want: "1: [] no resolver answered in time", pass: true},
		{name: "no such name, and silence", v6: silent, v4: rcode(dns.RcodeNameError), want: "1: [] the name does not exist", pass: true},
		// RFC 4074 §4.2: some say that the name does not exist when only its IPv6 addresses don't.
		{name: "NXDOMAIN for IPv6 alone", v6: rcode(dns.RcodeNameError), v4: func(q *asked) *dns.Msg { return reply(q, 0, "h.example. 60 IN A 192.0.2.1") }, want: "1: [192.0.2.1] found"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := newRig(t)
			g.serve = func(q *asked) *dns.Msg {
				if q.Question[0].Qtype == dns.TypeAAAA {
					return c.v6(q)
				}
				return c.v4(q)
			}
			g.r.Addresses(g.now, 1, "h.example")
			g.run()
			if c.pass {
				g.want()
				g.pass(5000)
			}
			g.want(c.want)
			g.wantRest()
		})
	}
}

func rcode(rc int) func(q *asked) *dns.Msg {
	return func(q *asked) *dns.Msg { return reply(q, rc) }
}

func silent(*asked) *dns.Msg { return nil }

// RFC 6761, RFC 7686 and hosts(5): some names nobody is asked for.
func TestNamesThatAreNotAskedFor(t *testing.T) {
	g := newRig(t, func(c *Config) {
		c.Hosts = ParseHosts([]byte("# mine\n10.0.0.1 db.example Cache.Example # both\n::1 db.example\n10.0.0.2\nnonsense x.example\n"))
	})
	for i, c := range []struct{ host, want string }{
		{"localhost", "[127.0.0.1 ::1] found"},
		{"a.localhost", "[127.0.0.1 ::1] found"},
		{"nobody.invalid", "[] the name does not exist"},
		{"hidden.onion", "[] the name does not exist"},
		{"192.0.2.7", "[192.0.2.7] found"},
		{"2001:db8::7", "[2001:db8::7] found"},
		{"db.example", "[::1 10.0.0.1] found"},
		{"cache.example", "[10.0.0.1] found"},
	} {
		g.r.Addresses(g.now, Ticket(i), c.host)
		if len(g.got) != 1 || g.got[0][3:] != c.want {
			t.Errorf("%s: %q, want %q", c.host, g.got, c.want)
		}
		g.got = nil
	}
	g.wantSent()
	g.wantRest()
}

func TestCancel(t *testing.T) {
	g := newRig(t)
	g.r.Addresses(g.now, 1, "h.example")
	g.r.Addresses(g.now, 2, "h.example")
	g.r.Cancel(1)
	g.r.Cancel(1)
	g.r.Cancel(9)
	g.serve = zone("h.example. 60 IN A 192.0.2.10")
	g.run()
	g.want("2: [192.0.2.10] found")
	g.wantRest()

	g.serve = nil
	g.r.Addresses(g.now, 3, "i.example")
	v4 := g.pending[1]
	g.answer(v4, reply(v4, 0, "i.example. 60 IN A 192.0.2.10"))
	g.r.Cancel(3) // while it waits for IPv6
	g.pass(10_000)
	g.want()
	g.wantRest()
}

func TestInterleave(t *testing.T) {
	a := func(s ...string) (out []netip.Addr) {
		for _, s := range s {
			out = append(out, netip.MustParseAddr(s))
		}
		return out
	}
	for _, c := range []struct {
		in   []netip.Addr
		v4   bool
		want []netip.Addr
	}{
		{a(), false, a()},
		{a("1.1.1.1", "::1"), false, a("::1", "1.1.1.1")},
		{a("1.1.1.1", "::1"), true, a("1.1.1.1", "::1")},
		{a("1.1.1.1", "1.1.1.2", "1.1.1.3", "::1"), false, a("::1", "1.1.1.1", "1.1.1.2", "1.1.1.3")},
		{a("::1", "::2", "::ffff:1.1.1.1"), false, a("::1", "::ffff:1.1.1.1", "::2")},
	} {
		if got := Interleave(c.in, c.v4); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", c.in, got, c.want)
		}
	}
}
