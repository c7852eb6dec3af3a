package lookup

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"

	"github.com/miekg/dns"
)

// sink takes what a Resolver puts out, and keeps the queries for the benchmark to answer.
type sink struct{ queries []sunk }

type sunk struct {
	try Try
	b   []byte
}

func (k *sink) SendUDP(t Try, _ netip.AddrPort, b []byte) { k.queries = append(k.queries, sunk{t, b}) }

func (*sink) DialTCP(Try, netip.AddrPort, []byte)           {}
func (*sink) Close(Try)                                     {}
func (*sink) Addresses(Ticket, []netip.Addr, Outcome, bool) {}
func (*sink) Service(Ticket, []Service, Outcome)            {}
func (*sink) Deadline()                                     {}

// BenchmarkAddresses looks a host up: one that is kept, and one whose two answers have to come first.
func BenchmarkAddresses(b *testing.B) {
	answer := func(q []byte) []byte {
		var m dns.Msg
		if err := m.Unpack(q); err != nil {
			b.Fatal(err)
		}
		q0 := m.Question[0]
		m.SetReply(&m)
		m.Question = []dns.Question{q0}
		m.Answer = []dns.RR{&dns.A{Hdr: dns.RR_Header{Name: q0.Name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 300}, A: []byte{192, 0, 2, 1}}}
		packed, err := m.Pack()
		if err != nil {
			b.Fatal(err)
		}
		return packed
	}
	newResolver := func() (*Resolver, *sink) {
		k := new(sink)
		return New(Config{Servers: []netip.AddrPort{ns1}, Random: rand.Uint64}, k), k
	}
	b.Run("kept", func(b *testing.B) {
		r, k := newResolver()
		r.Addresses(1, 1, "h.example")
		for _, q := range k.queries {
			r.HandleUDP(1, q.try, ns1, answer(q.b))
		}
		b.ReportAllocs()
		for b.Loop() {
			r.Addresses(1, 2, "h.example")
		}
	})
	b.Run("asked", func(b *testing.B) {
		r, k := newResolver()
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			i++
			k.queries = k.queries[:0]
			r.Addresses(1, 1, fmt.Sprintf("h%d.example", i))
			b.StopTimer()
			answers := [2][]byte{answer(k.queries[0].b), answer(k.queries[1].b)}
			b.StartTimer()
			for j, a := range answers {
				r.HandleUDP(1, k.queries[j].try, ns1, a)
			}
		}
	})
}
