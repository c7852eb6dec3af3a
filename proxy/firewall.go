package proxy

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"go-xmpp-bosh/xmppconn"
)

// Rules are domains that a firewall knows: single ones, all below one, all, or what a regular expression matches. The zero
// value has none.
type Rules struct {
	domains  Domains
	patterns []*regexp.Regexp
	given    bool
}

// Add takes a rule: what Domains.Add takes, or /REGEX/. An expression is matched against the domain in its ASCII form, in
// lower case; as with node-xmpp-bosh any part of it may match, unless ^ and $ say otherwise.
func (r *Rules) Add(rule string) error {
	if strings.HasPrefix(rule, "/") {
		pattern, err := parsePattern(rule)
		if err != nil {
			return err
		}
		r.patterns = append(r.patterns, pattern)
	} else if err := r.domains.Add(rule); err != nil {
		return fmt.Errorf("%w, and no /REGEX/", err)
	}
	r.given = true
	return nil
}

// parsePattern reads /REGEX/, with JavaScript's flag i or without: domains have no case.
func parsePattern(text string) (*regexp.Regexp, error) {
	end := strings.LastIndexByte(text, '/')
	if end == 0 || text[end+1:] != "" && text[end+1:] != "i" {
		return nil, errors.New("a regular expression stands between two slashes")
	}
	expr := strings.ReplaceAll(text[1:end], `\/`, "/") // as JavaScript needs it there
	if expr == "" {
		return nil, errors.New("an empty regular expression matches everything; want * for that")
	}
	if strings.Trim(expr, asciiText) != "" {
		return nil, errors.New("domains are matched in their ASCII form: write xn-- for other scripts")
	}
	pattern, err := regexp.Compile("(?i)" + expr)
	if err != nil {
		return nil, fmt.Errorf("%w (Go's syntax, which has no look-ahead and no back-references)", err)
	}
	return pattern, nil
}

// asciiText has the printable ASCII characters.
var asciiText = func() string {
	var b strings.Builder
	for c := byte(' '); c < 0x7F; c++ {
		b.WriteByte(c)
	}
	return b.String()
}()

// ParseRouteFilter reads the expression of --route-filter, with slashes around it or without.
func ParseRouteFilter(text string) (*regexp.Regexp, error) {
	if !strings.HasPrefix(text, "/") {
		text = "/" + text + "/"
	}
	return parsePattern(text)
}

// has reports whether a rule names a domain, given as xmppconn.ParseDomain does.
func (r *Rules) has(ascii string) bool {
	if r.domains.hasASCII(ascii) {
		return true
	}
	for _, p := range r.patterns {
		if p.MatchString(ascii) {
			return true
		}
	}
	return false
}

// Firewall says which domains clients may have streams to: where there are rules in Allow only those that they name; and
// never those that Deny names.
//
// Deviates from node-xmpp-bosh, which reads Deny only where there is no Allow: because a domain that the operator has denied
// is not one that he wants to be reached.
type Firewall struct {
	Allow, Deny Rules
}

// HasRules reports whether there are any.
func (f *Firewall) HasRules() bool { return f.Allow.given || f.Deny.given }

// admit applies the firewall to a domain and the route filter to the route, if it is one that would be followed: what to
// tell the client that asks for them, ReasonNone where they are permitted. What is no domain is for others to refuse.
//
// It is asked before a stream is opened, and before it is restarted with another domain, which would stay on the same
// connection: otherwise a client could name a domain that it may not reach after one that it may.
func (s *Server) admit(to, route []byte) xmppconn.Reason {
	f := &s.cfg.Firewall
	if !f.HasRules() && (s.cfg.RouteFilter == nil || len(route) == 0) {
		return xmppconn.ReasonNone
	}
	domain, ok := xmppconn.ParseDomain(string(to))
	if !ok {
		return xmppconn.ReasonNone
	}
	if f.Deny.has(domain) {
		s.complain.warn(s.log, s.now(), "a client asked for a domain that --firewall-deny names", about(s.busy, "domain", domain)...)
		return xmppconn.ReasonPolicyViolation
	}
	if f.Allow.given && !f.Allow.has(domain) {
		s.complain.warn(s.log, s.now(), "a client asked for a domain that --firewall-allow does not name; the flag would permit it",
			about(s.busy, "flag", "--firewall-allow="+domain)...)
		return xmppconn.ReasonPolicyViolation
	}
	if s.cfg.RouteFilter == nil {
		return xmppconn.ReasonNone
	}
	// decisions.md 39: what is no route, or names the domain itself, leads nowhere else.
	t, ok := xmppconn.ParseRoute(string(route))
	if !ok || t.Host == domain || s.cfg.RouteFilter.MatchString(t.String()) {
		return xmppconn.ReasonNone
	}
	s.complain.warn(s.log, s.now(), "a client asked for a route that --route-filter does not match", about(s.busy, "domain", domain, "route", t.String())...)
	return xmppconn.ReasonPolicyViolation
}

// targets are the places where a client's stream may lead, in the order to try them; the reason says why there is none.
func (s *Server) targets(domain, route string) ([]xmppconn.Target, xmppconn.Reason) {
	if reason := s.admit([]byte(domain), []byte(route)); reason != xmppconn.ReasonNone {
		return nil, reason
	}
	return xmppconn.Targets(domain, route, s.cfg.Backends)
}

// restart opens the stream anew on its connection, if the domain that it then has is permitted.
func (b *backend) restart(r xmppconn.Restart, a attrs) {
	s := b.srv
	if s.program != nil {
		req := &StreamRequest{Domain: string(r.To), From: string(r.From), Lang: string(r.Lang), attrs: a}
		s.program.restarting(b, req)
		if b.carried {
			b.restartCarried(req)
			return
		}
	}
	reason := s.admit(r.To, nil)
	for _, a := range r.Attrs {
		if string(a.Name) == "to" && reason == xmppconn.ReasonNone {
			reason = s.admit(a.Value, nil)
		}
	}
	if reason != xmppconn.ReasonNone {
		b.xmpp.HandleRefusal(s.now(), reason)
	} else {
		b.xmpp.HandleRestart(s.now(), r)
	}
	b.bound()
}
