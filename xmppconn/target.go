package xmppconn

import "net/netip"

// Kind says where a target comes from, which decides what it may lead to.
type Kind uint8

const (
	// KindRoute: the client's route attribute named it.
	KindRoute Kind = iota
	// KindBackend: a --backend line named it. It may have any address.
	KindBackend
	// KindDomain: the domain itself, to be looked up.
	KindDomain
)

// Target is a place to connect to.
type Target struct {
	Kind      Kind
	DirectTLS bool   // TLS from the first byte (XEP-0368)
	Port      uint16 // 1–65535
	Host      string // an address without brackets, or a name in its ASCII form, to be looked up
}

// Targets gives the places where a domain's server may be, in the order to try them.
func Targets(domain, route string, table *Table) ([]Target, Reason) { return nil, ReasonHostUnknown }

// Table holds the --backend lines. The zero value is empty.
type Table struct{}

// Add takes one line, DOMAIN=HOST:PORT.
func (t *Table) Add(line string) error { return nil }

// ParseDomain gives the form of a domain to look up and compare: ASCII, lower case, no trailing dot; an address literal is
// given without brackets. ok is false for what is neither a domain name nor an address literal (decisions.md 38).
func ParseDomain(s string) (ascii string, ok bool) { return "", false }

// IsPublic reports whether an address may be connected to without permission.
func IsPublic(a netip.Addr) bool { return false }

// IsTLSExempt reports whether an address may be spoken to in clear by default: loopback and private ones.
func IsTLSExempt(a netip.Addr) bool { return false }
