package lookup

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"go-xmpp-bosh/timer"
)

// message is an answer to the question that was asked.
type message struct{ dns.Msg }

// pack makes a query; nil when the name is none. framed puts the length in front.
func pack(name string, qtype, id uint16, edns, framed bool) []byte {
	if len(name) > nameBytesMax { // Pack would not notice
		return nil
	}
	m := dns.Msg{MsgHdr: dns.MsgHdr{Id: id, RecursionDesired: true}}
	m.Question = []dns.Question{{Name: dns.Fqdn(name), Qtype: qtype, Qclass: dns.ClassINET}}
	if edns {
		m.SetEdns0(udpBytesMax, false)
	}
	b, err := m.Pack()
	switch {
	case err != nil:
		return nil
	case framed:
		return append([]byte{byte(len(b) >> 8), byte(len(b))}, b...)
	}
	return b
}

// nameBytesMax is the longest name, without its last dot (RFC 1035 §2.3.4).
const nameBytesMax = 253

// Offsets and bits of a message's head (RFC 1035 §4.1.1).
const (
	headBytes    = 12
	bitAnswer    = 0x80 // of the third byte
	bitTruncated = 0x02
)

// read gives the answer with that id to that question; nil when the bytes are something else. A truncated one is only that: its
// records, cut anywhere, are not looked at.
func read(b []byte, id uint16, name string, qtype uint16) (m *message, truncated bool) {
	if len(b) < headBytes || b[0] != byte(id>>8) || b[1] != byte(id) || b[2]&bitAnswer == 0 {
		return nil, false
	}
	if b[2]&bitTruncated != 0 {
		return nil, true
	}
	m = new(message)
	if err := m.Unpack(b); err != nil {
		return nil, false
	}
	if m.Opcode != dns.OpcodeQuery {
		return nil, false
	}
	if len(m.Question) == 0 && m.Rcode == dns.RcodeFormatError { // such an answer may leave it out
		return m, false
	}
	if len(m.Question) != 1 {
		return nil, false
	}
	q := &m.Question[0]
	if q.Qtype != qtype || q.Qclass != dns.ClassINET || !isName(q.Name, name) {
		return nil, false
	}
	return m, false
}

// isName compares a name in a message with one of ours.
func isName(wire, name string) bool {
	return len(wire) == len(name)+1 && strings.EqualFold(wire[:len(name)], name)
}

// plainName gives the name of a message in our form: in lower case, without the last dot.
func plainName(wire string) string { return strings.ToLower(strings.TrimSuffix(wire, ".")) }

// isEDNSRefused: the resolver does not know EDNS.
func (m *message) isEDNSRefused() bool {
	return m.Rcode == dns.RcodeFormatError || m.Rcode == dns.RcodeNotImplemented || m.Rcode == dns.RcodeBadVers
}

// verdict is what an answer comes to.
type verdict struct {
	kind    verdictKind
	addrs   []netip.Addr
	srvs    []srv
	alias   string     // of verdictAlias
	aliases int        // followed
	keep    timer.Time // ms
}

type verdictKind uint8

const (
	verdictFound   verdictKind = iota
	verdictNoName              // NXDOMAIN
	verdictNoData              // no such records
	verdictAlias               // an alias, and not what it leads to
	verdictLoop                // aliases that lead in a circle, or on and on
	verdictUseless             // this resolver can't tell
)

func (k verdictKind) String() string {
	names := [...]string{"found", "no name", "no data", "alias", "loop", "useless"}
	if int(k) < len(names) {
		return names[k]
	}
	return "invalid"
}

// verdict reads the records that belong to the question: those of the name, or of what its aliases lead to.
func (m *message) verdict(name string, qtype uint16) verdict {
	v := verdict{keep: farthest}
	if m.Rcode != dns.RcodeSuccess && m.Rcode != dns.RcodeNameError {
		v.kind = verdictUseless
		return v
	}
	name, ok := m.chase(&v, name)
	if !ok {
		v.kind = verdictLoop
		return v
	}
	m.take(&v, name, qtype)
	if len(v.addrs) > 0 || len(v.srvs) > 0 {
		v.kind = verdictFound
		return v
	}
	soa := m.soa(name)
	if soa != nil { // RFC 2308 §5: the smaller of its own TTL and what it says
		v.keep = min(v.keep, seconds(min(soa.Hdr.Ttl, soa.Minttl)))
	}
	switch {
	case m.Rcode == dns.RcodeNameError: // RFC 6604 §3: of the last name
		v.kind = verdictNoName
	case v.aliases > 0 && soa == nil:
		v.kind, v.alias = verdictAlias, name
	case soa == nil && !m.RecursionAvailable && len(m.Ns) > 0: // a referral: it does not recurse
		v.kind = verdictUseless
	default:
		v.kind = verdictNoData
	}
	if soa == nil && v.kind != verdictAlias { // RFC 2308 §5: without one it is not kept
		v.keep = 0
	}
	return v
}

const farthest timer.Time = 1 << 40

func seconds(ttl uint32) timer.Time {
	if ttl > 1<<31-1 { // RFC 2181 §8: the top bit set means zero
		return 0
	}
	return timer.Time(ttl) * timer.Second
}

// chase follows the aliases in the answer, in whatever order they stand; ok is false when there is no end to them.
func (m *message) chase(v *verdict, name string) (last string, ok bool) {
	for {
		c := m.cname(name)
		if c == nil {
			return name, true
		}
		if v.aliases++; v.aliases > aliasesMax {
			return name, false
		}
		v.keep = min(v.keep, seconds(c.Hdr.Ttl))
		name = plainName(c.Target)
	}
}

func (m *message) cname(name string) *dns.CNAME {
	for _, rr := range m.Answer {
		if c, ok := rr.(*dns.CNAME); ok && c.Hdr.Class == dns.ClassINET && isName(c.Hdr.Name, name) {
			return c
		}
	}
	return nil
}

// take collects the name's records of the type.
func (m *message) take(v *verdict, name string, qtype uint16) {
	for _, rr := range m.Answer {
		h := rr.Header()
		if h.Rrtype != qtype || h.Class != dns.ClassINET || !isName(h.Name, name) {
			continue
		}
		if len(v.addrs)+len(v.srvs) >= recordsMax {
			return
		}
		switch rr := rr.(type) {
		case *dns.A:
			v.add(rr.A)
		case *dns.AAAA:
			v.add(rr.AAAA)
		case *dns.SRV:
			v.srvs = append(v.srvs, srv{priority: rr.Priority, weight: rr.Weight, port: rr.Port, target: plainName(rr.Target)})
		default:
			continue
		}
		v.keep = min(v.keep, seconds(h.Ttl))
	}
}

// add takes an address once.
func (v *verdict) add(b []byte) {
	if a, ok := netip.AddrFromSlice(b); ok && !slices.Contains(v.addrs, a.Unmap()) {
		v.addrs = append(v.addrs, a.Unmap())
	}
}

// soa is the start of the authority that says that there is nothing; it has to be above the name.
func (m *message) soa(name string) *dns.SOA {
	for _, rr := range m.Ns {
		if s, ok := rr.(*dns.SOA); ok && s.Hdr.Class == dns.ClassINET && dns.IsSubDomain(s.Hdr.Name, dns.Fqdn(name)) {
			return s
		}
	}
	return nil
}
