package doctor

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Text writes a Report for people.
func (r *Report) Text(w io.Writer) error {
	p := &page{}
	p.line("%s, as a client of this server would find it", r.Domain)
	p.section("Settings")
	for _, s := range r.Settings {
		p.line("  %-18s %s", s.Name, s.Text)
	}
	if r.Route != "" {
		p.line("  %-18s %s", "asked for", r.Route)
	}
	p.dns(r)
	order := "Places, in the order to try them"
	if len(r.Targets) > 1 && r.Targets[0].From == fromSRV {
		order += " (those of one priority in an order by weight and chance)"
	}
	p.section(order)
	if len(r.Targets) == 0 {
		p.line("  none")
	}
	for i, t := range r.Targets {
		p.line("  %d. %s (%s)", i+1, t.Name, t.From)
		if t.Outcome != "" {
			p.line("     %s", t.Outcome)
		}
		for _, a := range t.Addresses {
			p.address(a)
		}
	}
	p.notes(r)
	p.verdict(r)
	_, err := io.WriteString(w, p.String())
	return err
}

// page is a text in the making.
type page struct{ strings.Builder }

func (p *page) line(format string, args ...any) {
	p.WriteString(strings.TrimRight(fmt.Sprintf(format, args...), " ") + "\n")
}

func (p *page) section(name string) { p.line("\n%s", name) }

// dns shows the questions and their answers.
func (p *page) dns(r *Report) {
	p.section("DNS, by " + strings.Join(r.Resolvers, ", "))
	for _, q := range r.Questions {
		by := ""
		if len(r.Resolvers) > 1 && q.Resolver != "" {
			by = ", by " + q.Resolver
		}
		if len(q.Records) == 0 {
			p.line("  %-4s %s: %s, %s%s", q.Type, q.Name, q.Outcome, q.Milliseconds, by)
			continue
		}
		p.line("  %-4s %s: TTL %d s, %s%s", q.Type, q.Name, q.TTL, q.Milliseconds, by)
		for _, record := range q.Records {
			if q.Type == "SRV" {
				f := strings.Fields(record)
				record = fmt.Sprintf("%s port %s, priority %s, weight %s", f[3], f[2], f[0], f[1])
				if f[3] == "." {
					record = ". (there is no such service)"
				}
			}
			p.line("         %s", record)
		}
	}
	if len(r.Questions) == 0 {
		p.line("  nothing was asked")
	}
}

func (m ms) String() string { return fmt.Sprintf("%.1f ms", float64(m)) }

// address shows what is at an address.
func (p *page) address(a *Address) {
	what := "connected in " + a.Connect.String()
	switch {
	case a.Refused:
		what = "refused by the address policy"
	case a.Unknown:
		what = "not looked at"
	case a.Error != "":
		what = "no connection: " + a.Error + ", after " + a.Connect.String()
	}
	if a.Client {
		what += ", and so the client's"
	}
	p.line("     %s (%s): %s", a.Address, a.Network, what)
	if s := a.Stream; s != nil && s.Clear != nil && a.Policy != "" && a.TLS == nil {
		offer := "not offered"
		if s.Clear.has("starttls") {
			offer = "offered"
		}
		p.line("       %-12s none: %s (policy here: %s)", "TLS", offer, policyText[a.Policy])
	}
	if a.TLS != nil {
		p.tls(a.TLS)
	}
	if a.Stream != nil {
		p.stream(a.Stream)
	}
	if a.Elsewhere != "" {
		p.line("       %-12s sends its clients to %s (see-other-host)", "stream", a.Elsewhere)
	}
}

// policyText says what xmppconn.Policy does.
var policyText = map[string]string{"off": "only where the server demands it", "offer": "taken where it is offered", "require": "demanded"}

func (f *Features) has(name string) bool {
	for _, n := range f.Names {
		if n == name {
			return true
		}
	}
	return false
}

// tls shows a handshake.
func (p *page) tls(t *TLS) {
	how := "STARTTLS"
	if t.Direct {
		how = "direct TLS"
	}
	if t.Error != "" {
		p.line("       %-12s failed after %s: %s", how, t.Milliseconds, t.Error)
	} else {
		p.line("       %-12s %s, %s, in %s", how, t.Version, t.Cipher, t.Milliseconds)
	}
	c := t.Certificate
	if c == nil {
		return
	}
	p.line("       %-12s for %s", "certificate", list(c.Names))
	p.line("       %-12s by %s", "", c.Issuer)
	until := "expired on " + c.Until.UTC().Format(time.DateOnly)
	if left := time.Until(c.Until); left > 0 {
		until = "until " + c.Until.UTC().Format(time.DateOnly) + ", " + duration(left) + " left"
	}
	p.line("       %-12s %s", "", until)
	if c.Valid {
		p.line("       %-12s valid for the domain", "")
	} else {
		p.line("       %-12s not valid: %s", "", c.Why)
	}
}

// stream shows what the server has said.
func (p *page) stream(s *Stream) {
	if s.Error != "" {
		p.line("       %-12s %s", "stream", s.Error)
	}
	switch {
	case s.Old:
		p.line("       %-12s older than XMPP 1.0, from %s", "stream", s.From)
	case s.Version != "":
		p.line("       %-12s XMPP %s from %s, features after %s", "stream", s.Version, s.From, s.Milliseconds)
	}
	if s.Clear != nil && s.Inside != nil || s.Shown == nil && s.Clear != nil {
		p.line("       %-12s before TLS: %s", "log-in by", mechanisms(s.Clear))
	}
	if s.Inside != nil {
		p.line("       %-12s inside TLS: %s", "log-in by", mechanisms(s.Inside))
	}
	if s.Shown != nil && s.Inside == nil {
		p.line("       %-12s in clear: %s", "log-in by", mechanisms(s.Shown))
	}
	if s.Shown != nil {
		p.line("       %-12s %s", "client sees", list(s.Shown.Names))
	}
	if len(s.Hidden) > 0 {
		p.line("       %-12s %s", "not shown", list(s.Hidden))
	}
}

func mechanisms(f *Features) string {
	text := list(f.Mechanisms)
	if len(f.Mechanisms2) > 0 {
		text += "; with SASL2 " + list(f.Mechanisms2)
	}
	return text
}

func list(of []string) string {
	if len(of) == 0 {
		return "nothing"
	}
	return strings.Join(of, ", ")
}

// notes says what no step shows.
func (p *page) notes(r *Report) {
	p.section("Notes")
	if a := r.client(); a != nil && a.Stream != nil && a.Stream.Shown != nil {
		shown, plus := a.Stream.Shown, len(a.Stream.Shown.Bindings) > 0
		for _, m := range append(append([]string(nil), shown.Mechanisms...), shown.Mechanisms2...) {
			plus = plus || isPlus(m)
		}
		if plus {
			p.line("  channel binding    -PLUS mechanisms bind to the TLS connection, which is this server's and not the client's: clients log in by the others")
		}
		if shown.has(featureSM) {
			p.line("  XEP-0198           stream management is offered before log-in: the client's to use, over WebSocket and BOSH")
		} else {
			p.line("  XEP-0198           not offered before log-in, where most servers do not offer it yet; nobody has logged in here")
		}
	}
	tells := "nothing, for want of --public-url"
	if len(r.HostMeta.URLs) > 0 {
		tells = list(r.HostMeta.URLs)
	}
	p.line("  host-meta          not fetched: clients look for this server at %s", r.HostMeta.At)
	p.line("                     where it tells them of %s", tells)
}

// verdict shows what it comes to.
func (p *page) verdict(r *Report) {
	p.line("")
	switch r.Verdict {
	case VerdictSession:
		p.line("A client gets a session, in %s. Nothing is wrong.", r.Milliseconds)
	case VerdictWarnings:
		p.line("A client gets a session, in %s. But:", r.Milliseconds)
	case VerdictNone:
		p.line("A client gets no session but %s (%s), after %s:", r.Condition, r.Reason, r.Milliseconds)
	}
	for _, problem := range r.Problems {
		kind := "warning"
		if problem.Error {
			kind = "error"
		}
		place := ""
		if problem.Place != "" {
			place = problem.Place + ": "
		}
		p.line("  %s: %s%s", kind, place, problem.Text)
	}
}
