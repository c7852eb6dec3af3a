package doctor

import (
	"cmp"
	"slices"
	"strings"

	"go-xmpp-bosh/proxy"
	"go-xmpp-bosh/xmppconn"
)

// report makes a Report of what the client's trace has, without problems and verdict.
func (c *check) report(tr *trace) *Report {
	r := &Report{
		Domain: c.domain, Route: clean(c.route), Problems: []Problem{}, Milliseconds: tr.took, Settings: c.settings(tr),
		Resolvers: []string{}, Questions: c.questions, Targets: []*Target{},
		HostMeta: HostMeta{At: "https://" + c.domain + "/.well-known/host-meta", URLs: c.cfg.URLs(c.domain)},
	}
	if r.Questions == nil {
		r.Questions = []Question{}
	}
	if r.HostMeta.URLs == nil {
		r.HostMeta.URLs = []string{}
	}
	if !tr.shown {
		r.Reason, r.Condition, r.StreamError = tr.reason.String(), proxy.Condition(tr.reason), tr.failure
	}
	for _, s := range c.prober.Resolvers() {
		r.Resolvers = append(r.Resolvers, s.String())
	}
	for _, t := range tr.targets {
		r.Targets = append(r.Targets, &t.Target)
	}
	sortQuestions(r.Questions, tr)
	return r
}

// sortQuestions puts them into the order in which they matter, which answers that race do not have: services first, then the addresses of each target.
func sortQuestions(list []Question, tr *trace) {
	turn := func(q *Question) int {
		if q.Type == "SRV" {
			return -1
		}
		return slices.IndexFunc(tr.targets, func(t *target) bool { return t.place.Host == q.Name })
	}
	slices.SortStableFunc(list, func(a, b Question) int {
		return cmp.Or(cmp.Compare(turn(&a), turn(&b)), cmp.Compare(b.Name, a.Name), cmp.Compare(b.Type, a.Type)) // _xmpps before _xmpp, AAAA before A
	})
}

// settings says what the configuration has to do with the domain.
func (c *check) settings(tr *trace) []Setting {
	list := []Setting{{"served by", c.servedBy(tr)}, {"firewall", c.firewall(tr)}}
	if c.route != "" {
		list = append(list, Setting{"route", c.routeText()})
	}
	list = append(list, Setting{"STARTTLS", c.startTLS()}, Setting{"certificate", c.certificate()})
	if !slices.ContainsFunc(tr.targets, func(t *target) bool { return t.place.Kind != xmppconn.KindBackend }) && len(tr.targets) > 0 {
		return list
	}
	return append(list, Setting{"private addresses", c.private()})
}

func (c *check) servedBy(tr *trace) string {
	switch {
	case len(tr.targets) == 0 || tr.targets[0].place.Kind == xmppconn.KindDomain:
		return "what the DNS says: no --backend names the domain"
	case tr.targets[0].place.Kind == xmppconn.KindRoute:
		return "the client's route"
	}
	return "--backend"
}

func (c *check) firewall(tr *trace) string {
	switch {
	case !c.cfg.Firewall.HasRules():
		return "no rules"
	case tr.reason == xmppconn.ReasonPolicyViolation && len(tr.targets) == 0 && c.route == "":
		return "refuses the domain"
	}
	return "permits the domain"
}

func (c *check) routeText() string {
	if c.cfg.RouteFilter == nil {
		return "any: there is no --route-filter"
	}
	return "has to match --route-filter"
}

func (c *check) startTLS() string {
	if c.cfg.NoTLSDomains.Has(c.domain) {
		return "only where the server demands it (--no-tls-domains)"
	}
	switch c.cfg.BackendTLS {
	case proxy.BackendTLSRequire:
		return "demanded (--backend-tls=require)"
	case proxy.BackendTLSOffer:
		return "where the server offers it (--backend-tls=offer)"
	case proxy.BackendTLSOff:
		return "only where the server demands it (--backend-tls=off)"
	case proxy.BackendTLSAuto:
	}
	return "demanded, on loopback and in private networks where the server offers it (--backend-tls=auto)"
}

func (c *check) certificate() string {
	if c.cfg.BackendInsecure.Has(c.domain) {
		return "any (--backend-insecure)"
	}
	text := "has to be for " + c.domain + ", by an authority that the system trusts"
	if c.cfg.RootCAs != nil {
		text += ", or one of --backend-ca"
	}
	return text
}

func (c *check) private() string {
	if len(c.cfg.PrivateNetworks) > 0 {
		var list []string
		for _, p := range c.cfg.PrivateNetworks {
			list = append(list, p.String())
		}
		return "refused, but for " + strings.Join(list, ", ") + " (--allow-private-backends)"
	}
	if c.cfg.AllowPrivateBackends {
		return "permitted (--allow-private-backends)"
	}
	return "refused, but for those of --backend"
}
