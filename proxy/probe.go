package proxy

import (
	"net/netip"

	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/lookup"
	"go-xmpp-bosh/xmlstream"
	"go-xmpp-bosh/xmppconn"
)

// Prober is a Server that nobody can connect to. It opens streams as clients would have it, and tells what becomes of them: what
// it tells is what the same Config does for a client, because the same code does it. It never logs in.
type Prober struct{ srv *Server }

// Probe is the wish for one stream.
type Probe struct {
	// Domain and Route are what a client would say.
	Domain, Route string

	// Name is what the log's lines about the stream have as their session.
	Name string

	// Only is the one place to look at, instead of all where the domain may be; the firewall is asked all the same. The zero value is no such wish.
	Only xmppconn.Target

	// Watch is told each step, on the loop: it must not block. Nothing follows StepShown or StepEnd.
	Watch func(Step)
}

// NewProber makes one. answers, unless nil, is told what each question to the DNS came to, on the loop.
func NewProber(cfg Config, answers func(lookup.Answer)) (*Prober, error) {
	cfg.probing, cfg.answers = true, answers
	cfg.Listen, cfg.ListenTLS = nil, nil
	cfg.SessionsPerDomain = 0 // clients' streams are counted elsewhere
	s, err := New(cfg)
	if err != nil {
		return nil, err
	}
	s.complain.all = true
	s.tickets = nil // a handshake that is resumed does not show this server's certificate
	s.streams.Watch = s.watchFeatures
	return &Prober{s}, nil
}

// Resolvers are the DNS resolvers that are asked, in their order.
func (p *Prober) Resolvers() []netip.AddrPort { return p.srv.cfg.resolvers() }

// Run is the loop; it returns after Stop. It is called once.
func (p *Prober) Run() error { return p.srv.loop.Run() }

// Stop ends it. It may be called from any goroutine.
func (p *Prober) Stop() { p.srv.Stop() }

// Open begins a probe. It may be called from any goroutine.
func (p *Prober) Open(want Probe) { p.srv.loop.Post(func() { p.srv.openProbe(want) }) }

// Condition is what a BOSH client is told of a stream that ended for a reason.
func Condition(r xmppconn.Reason) string { return conditionOf(r).String() }

// probe is the owner of a stream that was opened to be looked at.
type probe struct {
	Probe
	backend uint32
	over    bool // the last step was told
}

// tell gives a step to who watches. What the connection still does behind the last one is of no interest.
func (p *probe) tell(st Step) {
	if !p.over {
		p.over = st.Kind == StepShown || st.Kind == StepEnd
		p.Watch(st)
	}
}

func (s *Server) openProbe(want Probe) {
	s.enter()
	if s.probes == nil {
		s.probes = map[uint32]*probe{}
	}
	p := &probe{Probe: want}
	slot := uint32(len(s.probes)) // they are few, and stay
	s.probes[slot] = p
	s.busy = p
	p.backend = s.addBackend(ownerRef{slot: slot, kind: ownerProbe}, request{
		to: []byte(want.Domain), route: []byte(want.Route), bytesMax: s.cfg.MaxDataHeld,
	})
	s.busy = nil
	s.settle()
}

// only is the one place that the owner wants, if it is a probe's.
func (s *Server) only(of ownerRef) (xmppconn.Target, bool) {
	if of.kind != ownerProbe {
		return xmppconn.Target{}, false
	}
	t := s.probes[of.slot].Only
	return t, t.Port != 0
}

func (p *probe) handleStreamAdded(s *Server, _ bosh.StreamID, h *xmppconn.Header) {
	p.tell(Step{Kind: StepHeader, Header: h})
	if !xmppconn.HasFeatures(h) {
		p.end(s, nil)
	}
}

func (p *probe) handleStanza(s *Server, _ bosh.StreamID, el *xmlstream.Element) { p.end(s, el) }

// end: the probe has come as far as it goes.
func (p *probe) end(s *Server, features *xmlstream.Element) {
	p.tell(Step{Kind: StepShown, Element: features})
	s.backends.get(p.backend).leave(true)
}

func (p *probe) handleStreamEnd(_ *Server, _ bosh.StreamID, r xmppconn.Reason, el *xmlstream.Element) {
	p.tell(Step{Kind: StepEnd, Reason: r, Element: el})
}

func (p *probe) handleFault(*Server) { p.tell(Step{Kind: StepEnd, Reason: xmppconn.ReasonInternal}) }

func (p *probe) handleStreamRestarted(*Server, bosh.StreamID, *xmppconn.Header) {}
func (p *probe) handleDrain(*Server)                                            {}
