package xmppconn

import (
	"strconv"
	"strings"
)

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

var kindNames = [...]string{KindRoute: "route", KindBackend: "backend", KindDomain: "domain"}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "invalid"
}

// defaultPort is the port of a domain that says nothing else (RFC 6120 §3.2.2).
const defaultPort = 5222

// Target is a place to connect to.
type Target struct {
	Kind      Kind
	DirectTLS bool   // TLS from the first byte (XEP-0368 §3): HandleSecure then stands for HandleConnect
	Port      uint16 // 1–65535
	Proxy     bool   // a PROXY protocol header goes before everything else: only an operator's line says so
	Host      string // an address without brackets, or a name in its ASCII form, to be looked up
}

// String is the target as a route attribute would name it.
func (t Target) String() string {
	scheme, host := "xmpp:", t.Host
	if t.DirectTLS {
		scheme = "xmpps:"
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return scheme + host + ":" + strconv.Itoa(int(t.Port))
}

// Targets gives the places where a domain's server may be, in the order to try them: the client's route; else the lines of the
// table; else the domain itself. table may be nil. The reason says why there is none.
//
// A route that fails does not fall through to the rest: the client asked for that place. The route filter and the firewall
// are the caller's.
func Targets(domain, route string, table *Table) ([]Target, Reason) {
	ascii, ok := ParseDomain(domain)
	if !ok {
		return nil, ReasonImproperAddressing
	}
	if t, ok := ParseRoute(route); ok && t.Host != ascii { // decisions.md 39: naming the domain is no route
		return routed(t)
	}
	if targets := table.find(ascii); len(targets) > 0 {
		return targets, ReasonNone
	}
	if isUnder(ascii, "invalid") { // RFC 6761 §6.4: never a query
		return nil, ReasonHostUnknown
	}
	return expand(nil, Target{Kind: KindDomain, Port: defaultPort, Host: ascii}), ReasonNone
}

func routed(t Target) ([]Target, Reason) {
	switch {
	case !isRoutePort(t.Port):
		return nil, ReasonPolicyViolation
	case isUnder(t.Host, "invalid"):
		return nil, ReasonConnectionFailed
	}
	return expand(nil, t), ReasonNone
}

// expand appends t to the targets; localhost is loopback without a query (RFC 6761 §6.3).
func expand(to []Target, t Target) []Target {
	if !isUnder(t.Host, "localhost") {
		return append(to, t)
	}
	t.Host = "127.0.0.1"
	to = append(to, t)
	t.Host = "::1"
	return append(to, t)
}
