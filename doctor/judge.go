package doctor

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"go-xmpp-bosh/lookup"
	"go-xmpp-bosh/xmppconn"
)

// host is an address without its port, as a target has it.
func host(address string) string {
	a, err := netip.ParseAddrPort(address)
	if err != nil { // it was made of one
		return ""
	}
	return a.Addr().String()
}

// explain says why a probe's stream came to nothing, or what it met on its way: in the words of the log where it has some.
func (c *check) explain(tr *trace) []string {
	lines := slices.Clone(c.log.of(tr.name))
	if tr.shown {
		return lines
	}
	if tr.services == lookup.NoService {
		return []string{"the SRV records of the domain say that it has no XMPP server for clients: its owner decides that; for a server of your own give --backend=" +
			c.domain + "=HOST:PORT"}
	}
	switch r := tr.reason; {
	case r == xmppconn.ReasonHostUnknown:
		return append(lines, "the DNS has no such name: is the domain, or the host of its --backend, spelled right? Else give --backend="+c.domain+"=HOST:PORT")
	case r == xmppconn.ReasonStreamError && strings.HasPrefix(tr.failure, "host-unknown"):
		return append(lines, "the server there does not serve the domain ("+tr.failure+"): add it to the server's, or mend --backend or the DNS")
	case r == xmppconn.ReasonStreamError:
		return append(lines, "the server there ended the stream ("+tr.failure+"): its log says why")
	case r == xmppconn.ReasonTimeout && len(lines) == 0:
		return []string{"there was no time left while waiting for " + tr.awaiting + ": " + waiting[tr.awaiting] + " --timeout gives it longer"}
	}
	if len(lines) == 0 {
		return []string{"the stream ended: " + tr.reason.String()}
	}
	return lines
}

// What trace.awaiting may be.
const (
	awaitDNS        = "the DNS"
	awaitConnection = "a connection"
	awaitTLS        = "the TLS handshake"
	awaitStream     = "the stream's header and features"
)

// waiting says what to do where it was waited in vain.
var waiting = map[string]string{
	awaitDNS:        "are the resolvers up, and is --dns right?",
	awaitConnection: "does a firewall swallow it?",
	awaitTLS:        "does the server speak TLS there?",
	awaitStream:     "is it an XMPP server's port for clients, and does TLS begin with the connection there (xmpps: in --backend)?",
}

// judge comes to the verdict; why is what the client's stream met.
func (c *check) judge(r *Report, tr *trace, why []string) {
	for _, text := range why {
		r.Problems = append(r.Problems, Problem{Error: !tr.shown, Text: text})
	}
	warn := func(place, text string) { r.Problems = append(r.Problems, Problem{Place: place, Text: text}) }
	if tr.fallback && tr.shown {
		for _, q := range r.Questions {
			if q.Type == "SRV" && len(q.Records) == 0 && (q.Outcome == lookup.Failed.String() || q.Outcome == lookup.TimedOut.String()) {
				warn("", "the SRV records of "+q.Name+" could not be looked up ("+q.Outcome+"), so the domain itself was tried: mend the resolvers, or --dns")
			}
		}
	}
	for _, t := range r.Targets {
		for _, a := range t.Addresses {
			place := t.Name + " at " + a.Address
			if a.Client {
				place = ""
			}
			for _, text := range a.problems {
				warn(place, text)
			}
			for _, text := range c.concerns(a) {
				warn(place, text)
			}
		}
		if t.Outcome != "" && tr.shown {
			warn(t.Name, "it has no address ("+t.Outcome+"): mend its records")
		}
	}
	switch {
	case !tr.shown:
		r.Verdict = VerdictNone
	case len(r.Problems) > 0:
		r.Verdict = VerdictWarnings
	}
}

// expirySoon is how long before its end a certificate should have been renewed; one that lives shortly, when a third of its life is left.
const expirySoon = 14 * 24 * time.Hour

// concerns are what works at an address, and should not be left so.
func (c *check) concerns(a *Address) (list []string) {
	s := a.Stream
	if s != nil && s.Old && s.Error == "" {
		list = append(list, "the server is older than XMPP 1.0 and offers neither TLS nor SASL: few clients can log in there")
	}
	if s == nil || s.Shown == nil {
		return list
	}
	if t := a.TLS; t != nil && t.Certificate != nil {
		left, life := time.Until(t.Certificate.Until), t.Certificate.Until.Sub(t.Certificate.From)
		switch {
		case !t.Certificate.Valid:
			list = append(list, "the certificate is not valid and taken all the same, because of --backend-insecure: whoever is on the way can read along; mend it ("+
				t.Certificate.Why+")")
		case left < min(expirySoon, life/3):
			list = append(list, "the certificate expires in "+duration(left)+": renew it")
		}
	}
	if a.TLS == nil && a.Network != xmppconn.ClassLoopback.String() {
		list = append(list, "passwords and messages cross the network in clear between bosh-server and "+a.Address+
			": set up TLS in the server, and --backend-tls=require here")
	}
	all := slices.Concat(s.Shown.Mechanisms, s.Shown.Mechanisms2)
	switch {
	case len(all) == 0 && !slices.Contains(s.Shown.Names, "old log-in (XEP-0078)"):
		list = append(list, "the server offers no way to log in: does it want TLS first (--backend-tls=require), or an authentication module?")
	case len(all) > 0 && !slices.ContainsFunc(all, func(m string) bool { return !isPlus(m) }):
		list = append(list, "the server offers -PLUS mechanisms alone, which no client behind a connection manager can use: permit one without channel binding")
	}
	return list
}

// duration is a time that people read, in the largest unit that says something.
func duration(d time.Duration) string {
	switch {
	case d < 0:
		return "no time"
	case d >= 48*time.Hour:
		return fmt.Sprintf("%d days", d/(24*time.Hour))
	case d >= 2*time.Hour:
		return fmt.Sprintf("%d hours", d/time.Hour)
	}
	return fmt.Sprintf("%d minutes", d/time.Minute)
}
