package lookup

import (
	"net/netip"

	"github.com/miekg/dns"

	"go-xmpp-bosh/timer"
)

// Answer is what one question to the resolvers came to, for Config.Watch.
type Answer struct {
	Name    string
	Type    string         // A, AAAA or SRV
	Server  netip.AddrPort // which resolver has answered; the zero value: none
	Outcome Outcome
	Addrs   []netip.Addr // of A and AAAA
	Records []Record     // of SRV, as they came
	Took    timer.Time   // ms from the first message to the end
	TTL     timer.Time   // the smallest of the records' and the aliases' own, in ms; 0 where there are none
}

// Record is one SRV record (RFC 2782).
type Record struct {
	Priority, Weight, Port uint16
	Target                 string // "": the service is not offered
}

// told gives a query's end to who watches.
func (q *query) told(r *Resolver, now timer.Time, res *result) {
	if r.cfg.Watch == nil {
		return
	}
	a := Answer{Name: q.name, Type: dns.TypeToString[q.qtype], Server: q.from, Outcome: res.outcome, Addrs: res.addrs, Took: now - (q.until - r.cfg.QueryMax)}
	if res.outcome == Found {
		a.TTL = q.ttl
	}
	for _, s := range res.srvs {
		a.Records = append(a.Records, Record{s.priority, s.weight, s.port, s.target})
	}
	r.cfg.Watch(a)
}
