package lookup

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/miekg/dns"
)

func TestServicesInOrder(t *testing.T) {
	g := newRig(t)
	g.serve = zone(
		"_xmpp-client._tcp.x.example. 60 IN SRV 20 0 5222 c.x.example.",
		"_xmpp-client._tcp.x.example. 60 IN SRV 5 0 5222 A.x.example.",
		"_xmpps-client._tcp.x.example. 60 IN SRV 10 0 443 b.x.example.",
		"_xmpps-client._tcp.x.example. 60 IN SRV 30 0 5223 d.x.example.",
	)
	g.r.Service(g.now, 1, "x.example")
	g.wantSent("udp 192.0.2.1 SRV _xmpps-client._tcp.x.example", "udp 192.0.2.1 SRV _xmpp-client._tcp.x.example") // at once
	g.run()
	g.want("1: [a.x.example:5222 xmpps:b.x.example:443 c.x.example:5222 xmpps:d.x.example:5223] found")
	g.wantRest()
}

func TestServices(t *testing.T) {
	const (
		no      = "_xmpp-client._tcp.x.example. 60 IN SRV 0 0 0 ."
		noTLS   = "_xmpps-client._tcp.x.example. 60 IN SRV 0 0 0 ."
		some    = "_xmpp-client._tcp.x.example. 60 IN SRV 0 0 5222 a.example."
		someTLS = "_xmpps-client._tcp.x.example. 60 IN SRV 0 0 443 b.example."
	)
	for _, c := range []struct {
		name    string
		records []string
		want    string
	}{
		{"none", nil, "[x.example:5222] found"},
		{"one", []string{some}, "[a.example:5222] found"},
		{"one over TLS", []string{someTLS}, "[xmpps:b.example:443] found"},
		{"not offered", []string{no}, "[] the domain says that it has no such service"},
		{"neither offered", []string{no, noTLS}, "[] the domain says that it has no such service"},
		// XEP-0368 §5: no fall-back to addresses when only direct TLS is denied.
		{"direct TLS not offered", []string{noTLS}, "[] the domain says that it has no such service"},
		{"direct TLS not offered, STARTTLS is", []string{noTLS, some}, "[a.example:5222] found"},
		{"STARTTLS not offered, direct TLS is", []string{no, someTLS}, "[xmpps:b.example:443] found"},
		{"no port", []string{"_xmpp-client._tcp.x.example. 60 IN SRV 0 0 0 a.example."}, "[] the resolvers could not tell"},
		{"an address", []string{"_xmpp-client._tcp.x.example. 60 IN SRV 0 0 5222 127.0.0.1."}, "[] the resolvers could not tell"},
		{"no host name", []string{`_xmpp-client._tcp.x.example. 60 IN SRV 0 0 5222 a\032b.example.`, some}, "[a.example:5222] found"},
		{"an alias", []string{"_xmpp-client._tcp.x.example. 60 IN CNAME s.example.", "s.example. 60 IN SRV 0 0 5222 a.example."}, "[a.example:5222] found"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := newRig(t)
			g.serve = zone(c.records...)
			g.r.Service(g.now, 1, "x.example")
			g.run()
			g.want("1: " + c.want)
			g.wantRest()
		})
	}
}

// When one of the two is not answered, the other counts; when neither is, the domain itself is tried (RFC 6120 §3.2.1).
func TestServicesOfSilentResolvers(t *testing.T) {
	g := newRig(t)
	answers := zone("_xmpp-client._tcp.x.example. 60 IN SRV 5 0 5222 a.x.example.")
	g.serve = func(q *asked) *dns.Msg {
		if q.Question[0].Name == "_xmpps-client._tcp.x.example." {
			return nil
		}
		return answers(q)
	}
	g.r.Service(g.now, 1, "x.example")
	g.r.Service(g.now, 2, "_xmpps-client._tcp.y.example")
	g.run()
	g.want("2: [_xmpps-client._tcp.y.example:5222] found")
	g.pass(5000)
	g.want("1: [a.x.example:5222] found")
	g.serve = nil
	g.r.Service(g.now, 3, "z.example")
	g.run()
	g.pass(5000)
	g.want("3: [z.example:5222] found")
	g.wantRest()
}

func TestServicesThatAreNotAskedFor(t *testing.T) {
	g := newRig(t, func(c *Config) { c.Hosts = ParseHosts([]byte("10.0.0.1 h.example")) })
	g.r.Service(g.now, 1, "localhost")
	g.r.Service(g.now, 2, "a.invalid")
	g.r.Service(g.now, 3, "192.0.2.1")
	g.wantSent()
	g.want("1: [localhost:5222] found", "2: [] the name does not exist", "3: [192.0.2.1:5222] found")
	g.r.Service(g.now, 4, "h.example") // it may have SRV records all the same
	if len(g.sent) != 2 {
		t.Error("not asked for")
	}
	g.r.Cancel(4)
	g.pass(10_000)
	g.wantRest()
}

// RFC 2782: of one priority, records come first as often as their weight says.
func TestWeights(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	const n = 30_000
	records := []srv{{weight: 10, port: 1}, {weight: 0, port: 2}, {weight: 60, port: 3}, {weight: 30, port: 4}, {priority: 1, weight: 100, port: 5}}
	first := map[uint16]int{}
	second := map[uint16]int{}
	for range n {
		got := order(append([]srv(nil), records...), random.Uint64)
		first[got[0].port]++
		second[got[1].port]++
		if got[4].port != 5 {
			t.Fatal("a later priority came first")
		}
		seen := map[uint16]bool{}
		for _, rec := range got {
			seen[rec.port] = true
		}
		if len(seen) != len(records) {
			t.Fatalf("lost one: %v", got)
		}
	}
	// One drawing in 101 gives zero, which is the record without weight; each other stands for one unit of weight.
	for port, share := range map[uint16]float64{1: 10.0 / 101, 2: 1.0 / 101, 3: 60.0 / 101, 4: 30.0 / 101} {
		if got := float64(first[port]) / n; math.Abs(got-share) > 0.015 {
			t.Errorf("port %d came first in %.3f of all, want %.3f", port, got, share)
		}
	}
	// The second is drawn from those that are left: here after the heaviest, which is gone most of the time.
	if got := float64(second[4]) / n; got < 0.35 || got > 0.60 {
		t.Errorf("port 4 came second in %.3f", got)
	}
}

// Without any weight each comes first as often as the others.
func TestNoWeights(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	first := map[uint16]int{}
	for range 9000 {
		first[order([]srv{{port: 1}, {port: 2}, {port: 3}}, random.Uint64)[0].port]++
	}
	for port, n := range first {
		if n < 2700 || n > 3300 {
			t.Errorf("port %d: %d of 9000", port, n)
		}
	}
}
