package lookup

import (
	"net/netip"
	"slices"

	"github.com/miekg/dns"

	"go-xmpp-bosh/timer"
)

// Service is a host that serves a domain.
type Service struct {
	Host      string
	Port      uint16
	DirectTLS bool // TLS from the first byte (XEP-0368)
	Fallback  bool // no SRV record named it: it is the domain itself
}

// fallbackPort is where a domain without SRV records is (RFC 6120 §3.2.2).
const fallbackPort = 5222

// srv is one SRV record.
type srv struct {
	priority, weight, port uint16
	direct                 bool
	target                 string // "": the service is not offered
}

// Service asks for the hosts that serve a domain's clients.
func (r *Resolver) Service(now timer.Time, t Ticket, domain string) {
	if known := r.known(domain); known != nil && !r.cfg.Hosts.has(domain) {
		if known.outcome == Found {
			r.out.Service(t, fallback(domain), Found)
		} else {
			r.out.Service(t, nil, known.outcome)
		}
		return
	}
	s := r.newSearch(t, domain)
	s.service = true
	r.ask(now, question{"_xmpps-client._tcp." + domain, dns.TypeSRV}, s, partTLS)
	r.ask(now, question{"_xmpp-client._tcp." + domain, dns.TypeSRV}, s, partTCP)
	s.advance(r, now)
	r.tell()
}

// advanceService puts the records of both kinds into one order, when both answers are in (XEP-0368 §3).
func (s *search) advanceService(r *Resolver) {
	overTLS, overTCP := s.got[partTLS], s.got[partTCP]
	if overTLS == nil || overTCP == nil {
		return
	}
	s.end(r)
	var all []srv
	refused := false
	for part, res := range s.got {
		for _, rec := range res.srvs {
			rec.direct = part == partTLS
			if rec.target == "" {
				refused = true
			} else if rec.isUsable() {
				all = append(all, rec)
			}
		}
	}
	switch {
	case len(all) > 0:
		r.out.Service(s.ticket, services(order(all, r.cfg.Random)), Found)
	case refused: // XEP-0368 §5: the domain knows SRV records, so it is not looked for without
		r.out.Service(s.ticket, nil, NoService)
	case len(overTLS.srvs)+len(overTCP.srvs) > 0: // records, and none makes sense
		r.out.Service(s.ticket, nil, Failed)
	case overTLS.outcome == Busy || overTCP.outcome == Busy:
		r.out.Service(s.ticket, nil, Busy)
	default: // RFC 6120 §3.2.1: there are none, or nobody can tell
		r.out.Service(s.ticket, fallback(s.name), Found)
	}
}

func fallback(domain string) []Service {
	return []Service{{Host: domain, Port: fallbackPort, Fallback: true}}
}

func services(records []srv) []Service {
	out := make([]Service, 0, min(len(records), servicesMax))
	for _, rec := range records[:cap(out)] {
		out = append(out, Service{Host: rec.target, Port: rec.port, DirectTLS: rec.direct})
	}
	return out
}

// isUsable: a target is a host's name, not an address, and has a port.
func (rec *srv) isUsable() bool {
	if rec.port == 0 || len(rec.target) > nameBytesMax {
		return false
	}
	for _, c := range []byte(rec.target) {
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.') {
			return false
		}
	}
	_, err := netip.ParseAddr(rec.target)
	return err != nil
}

// order sorts records by priority, and those of one priority by chance according to their weight (RFC 2782).
func order(records []srv, random func() uint64) []srv {
	slices.SortStableFunc(records, func(a, b srv) int { return int(a.priority) - int(b.priority) })
	for i := 0; i < len(records); {
		j := i
		for j < len(records) && records[j].priority == records[i].priority {
			j++
		}
		shuffle(records[i:j], random)
		i = j
	}
	return records
}

// shuffle picks the records one by one: those without weight stand in front, a number from 0 to the sum of all weights is drawn, and the
// first whose running sum reaches it comes next. Where all are without weight, they come in any order.
func shuffle(group []srv, random func() uint64) {
	for i := len(group) - 1; i > 0; i-- {
		j := int(random() % uint64(i+1))
		group[i], group[j] = group[j], group[i]
	}
	slices.SortStableFunc(group, func(a, b srv) int { return min(int(a.weight), 1) - min(int(b.weight), 1) })
	for ; len(group) > 1; group = group[1:] {
		sum := uint64(0)
		for i := range group {
			sum += uint64(group[i].weight)
		}
		drawn := random() % (sum + 1)
		running := uint64(0)
		for i := range group {
			if running += uint64(group[i].weight); running >= drawn {
				picked := group[i]
				copy(group[1:i+1], group[:i])
				group[0] = picked
				break
			}
		}
	}
}
