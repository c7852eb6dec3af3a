package doctor

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"go-xmpp-bosh/lookup"
	"go-xmpp-bosh/proxy"
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmppconn"
)

// ErrDomain says what Check takes.
var ErrDomain = errors.New("want a domain, as example.org, or an address literal")

// addressesMax is how many addresses are looked at, the client's included: as many as a client's stream tries at most.
const addressesMax = 16

// clientName is the session of the client's own stream, in the log's lines.
const clientName = "client"

// check is one examination.
type check struct {
	cfg    proxy.Config
	said   string // the domain as a client would write it: that is what servers are told
	domain string // ASCII
	route  string
	prober *proxy.Prober
	log    complaints

	mu        sync.Mutex
	questions []Question
}

// Check looks at a domain as a client of a server with this configuration would, which names a route or "". The context bounds it: what is not known by its end
// is a finding, too.
func Check(ctx context.Context, cfg proxy.Config, domain, route string) (*Report, error) {
	ascii, ok := xmppconn.ParseDomain(domain)
	if !ok {
		return nil, ErrDomain
	}
	c := &check{cfg: cfg, said: domain, domain: ascii, route: route}
	cfg.Logger = slog.New(&c.log)
	prober, err := proxy.NewProber(cfg, c.answered)
	if err != nil {
		return nil, err
	}
	c.prober = prober
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		ended <- prober.Run()
		cancel()
	}()
	tr := c.open(clientName, xmppconn.Target{}, false)
	wait(ctx, tr)
	why := c.explain(tr) // before the others, and before the Prober ends what is left
	c.lookUp(ctx, tr)
	c.lookAround(ctx, tr)
	prober.Stop()
	if err := <-ended; err != nil {
		return nil, err
	}
	r := c.report(tr)
	c.judge(r, tr, why)
	return r, nil
}

// open begins a probe: the client's, or of one place.
func (c *check) open(name string, only xmppconn.Target, look bool) *trace {
	tr := newTrace(name, verifier(c.domain, c.cfg.RootCAs, c.cfg.BackendInsecure.Has(c.domain)))
	tr.look = look
	c.prober.Open(proxy.Probe{Domain: c.said, Route: c.route, Name: name, Only: only, Watch: tr.handle})
	return tr
}

// wait waits for the end of probes, or of the time.
func wait(ctx context.Context, traces ...*trace) {
	for _, tr := range traces {
		select {
		case <-tr.done:
		case <-ctx.Done():
			tr.stop()
		}
	}
}

// answered takes what a question came to. It is called on the loop.
func (c *check) answered(a lookup.Answer) {
	q := Question{
		Type: a.Type, Name: clean(a.Name), Outcome: a.Outcome.String(), TTL: int64(a.TTL / timer.Second), Milliseconds: ms(a.Took),
	}
	if a.Type == "SRV" && a.Outcome == lookup.NoData {
		q.Outcome = "none"
	}
	if a.Server.IsValid() {
		q.Resolver = a.Server.String()
	}
	for _, addr := range a.Addrs {
		q.Records = append(q.Records, addr.String())
	}
	for _, s := range a.Records {
		host := clean(s.Target)
		if host == "" {
			host = "." // RFC 2782
		}
		q.Records = append(q.Records, fmt.Sprintf("%d %d %d %s", s.Priority, s.Weight, s.Port, host))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.questions) < 4*addressesMax {
		c.questions = append(c.questions, q)
	}
}

// lookUp finds the addresses of the targets whose turn did not come.
func (c *check) lookUp(ctx context.Context, tr *trace) {
	found := map[*target]*trace{}
	for i, t := range tr.targets {
		if !t.looked && len(found) < addressesMax {
			found[t] = c.open(fmt.Sprintf("target %d", i+1), t.place, true)
		}
	}
	for t, its := range found {
		wait(ctx, its)
		if len(its.targets) == 0 {
			continue
		}
		got := its.targets[0]
		t.looked, t.Outcome = got.looked, got.Outcome
		for _, a := range got.Addresses {
			t.Addresses = append(t.Addresses, &Address{Address: a.Address, Network: a.Network, Unknown: true})
		}
	}
}

// lookAround looks at the addresses that the client's stream did not come to, all at once.
func (c *check) lookAround(ctx context.Context, tr *trace) {
	around := map[*Address]*trace{}
	n := 0
	for _, t := range tr.targets {
		for _, a := range t.Addresses {
			if n++; !a.Unknown || n > addressesMax || ctx.Err() != nil {
				continue
			}
			place := t.place
			place.Host = host(a.Address)
			around[a] = c.open("address "+a.Address+" of "+t.Name, place, false)
		}
	}
	for a, its := range around {
		wait(ctx, its)
		if len(its.targets) == 0 || len(its.targets[0].Addresses) == 0 {
			continue
		}
		*a = *its.targets[0].Addresses[0]
		a.Client = false
		a.problems = c.explain(its)
	}
}
