package doctor

import (
	"crypto/x509"
	"net/netip"
	"slices"
	"sync"
	"time"

	"go-xmpp-bosh/lookup"
	"go-xmpp-bosh/proxy"
	"go-xmpp-bosh/xmppconn"
)

// trace makes places of the steps of one probe. It is written on the Prober's loop until it is over, and read after that.
type trace struct {
	name   string
	verify func([]*x509.Certificate) error // of a certificate, whatever was demanded
	now    func() time.Time
	look   bool          // only the addresses are wanted
	done   chan struct{} // closed when it is over

	mu       sync.Mutex
	over     bool
	begun    time.Time
	took     ms
	targets  []*target
	at       *Address // the connection that the stream has
	since    time.Time
	shaking  bool
	awaiting string // what is waited for
	services lookup.Outcome
	fallback bool // the domain has no SRV records
	shown    bool // the client has its features
	reason   xmppconn.Reason
	failure  string // the stream error
}

// target is one of the Report's, with what the machines call it.
type target struct {
	Target
	place  xmppconn.Target
	looked bool // its addresses are known, or why there are none
	dialed map[netip.AddrPort]time.Time
}

func newTrace(name string, verify func([]*x509.Certificate) error) *trace {
	return &trace{name: name, verify: verify, now: time.Now, begun: time.Now(), done: make(chan struct{}), awaiting: awaitDNS}
}

// handle takes a step. It is called on the loop.
func (tr *trace) handle(st proxy.Step) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	if tr.over {
		return
	}
	switch st.Kind {
	case proxy.StepTargets:
		for _, t := range st.Targets {
			tr.add(t, origins[t.Kind])
		}
		tr.reason = st.Reason
	case proxy.StepServices:
		tr.takeServices(st.Services, st.Outcome)
	case proxy.StepAddresses:
		tr.takeAddresses(st.Target, st.Addrs, st.Outcome)
		if tr.look && st.Last {
			tr.end()
		}
	case proxy.StepRefused, proxy.StepDial, proxy.StepFailed, proxy.StepWon:
		tr.takeAttempt(st)
	case proxy.StepShake, proxy.StepSecure, proxy.StepLost:
		tr.takeTLS(st)
	case proxy.StepFeatures, proxy.StepHeader, proxy.StepElsewhere:
		tr.takeStream(st)
	case proxy.StepShown:
		if st.Element != nil {
			s := tr.stream()
			s.Shown = featuresOf(st.Element)
			if sent := s.sent(); sent != nil {
				s.Hidden = sent.without(s.Shown)
			}
		}
		tr.shown = true
		tr.end()
	case proxy.StepEnd:
		tr.reason, tr.failure = st.Reason, streamError(st.Element)
		tr.end()
	}
}

// end: nothing more is taken.
func (tr *trace) end() {
	if !tr.over {
		tr.over = true
		tr.took = since(tr.begun, tr.now())
		close(tr.done)
	}
}

// stop ends a trace for want of time.
func (tr *trace) stop() {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	if tr.over {
		return
	}
	tr.reason = xmppconn.ReasonTimeout
	if tr.at != nil {
		tr.fail("nothing came in time")
	}
	tr.end()
}

// origins says where targets come from, by kind.
var origins = map[xmppconn.Kind]string{
	xmppconn.KindRoute: "the client's route", xmppconn.KindBackend: "--backend", xmppconn.KindDomain: "the domain itself",
}

func (tr *trace) add(place xmppconn.Target, from string) *target {
	t := &target{place: place, dialed: map[netip.AddrPort]time.Time{}}
	t.Name, t.From, t.Addresses = place.String(), from, []*Address{}
	tr.targets = append(tr.targets, t)
	return t
}

// target finds the newest of that place: one that a server sends its clients to may have been tried before.
func (tr *trace) target(place xmppconn.Target) *target {
	for _, t := range slices.Backward(tr.targets) {
		if t.place == place {
			return t
		}
	}
	return tr.add(place, "see-other-host")
}

// takeServices puts what the SRV records say in the place of the domain.
func (tr *trace) takeServices(services []lookup.Service, o lookup.Outcome) {
	tr.services = o
	if o != lookup.Found {
		tr.targets[0].Outcome = o.String()
		tr.targets[0].looked = true
		return
	}
	tr.targets = nil
	for _, s := range services {
		from := "SRV record"
		if s.Fallback {
			from, tr.fallback = origins[xmppconn.KindDomain], true
		}
		tr.add(xmppconn.Target{Kind: xmppconn.KindDomain, DirectTLS: s.DirectTLS, Port: s.Port, Host: s.Host}, from)
	}
}

// takeAddresses puts the addresses that are left to try behind those that were.
func (tr *trace) takeAddresses(place xmppconn.Target, addrs []netip.Addr, o lookup.Outcome) {
	t := tr.target(place)
	t.looked = true
	if o != lookup.Found {
		t.Outcome = o.String()
	}
	t.Addresses = slices.DeleteFunc(t.Addresses, func(a *Address) bool { return !a.judged })
	for _, a := range addrs {
		t.Addresses = append(t.Addresses, newAddress(netip.AddrPortFrom(a, place.Port)))
	}
}

func newAddress(to netip.AddrPort) *Address {
	return &Address{Address: to.String(), Network: xmppconn.Classify(to.Addr()).String(), Unknown: true}
}

// address finds one of the target's.
func (t *target) address(to netip.AddrPort) *Address {
	for _, a := range t.Addresses {
		if a.Address == to.String() {
			return a
		}
	}
	a := newAddress(to)
	t.Addresses = append(t.Addresses, a)
	return a
}

// takeAttempt takes steps of the race for a connection.
func (tr *trace) takeAttempt(st proxy.Step) {
	t := tr.target(st.Target)
	a := t.address(st.To)
	a.judged = true
	switch st.Kind {
	case proxy.StepRefused:
		a.Refused, a.Unknown = true, false
	case proxy.StepDial:
		t.dialed[st.To] = tr.now()
		tr.awaiting = awaitConnection
	case proxy.StepFailed:
		a.Unknown, a.Connect = false, since(t.dialed[st.To], tr.now())
		if st.Err != nil {
			a.Error = plainError(st.Err.Error())
		}
	case proxy.StepWon:
		tr.since = tr.now()
		a.Unknown, a.Client, a.Connect = false, true, since(t.dialed[st.To], tr.since)
		if !st.Target.DirectTLS {
			a.Policy = st.Policy.String()
		}
		tr.at, tr.awaiting = a, awaitStream
	default:
	}
}

// takeTLS takes steps of a handshake, and the connection's end.
func (tr *trace) takeTLS(st proxy.Step) {
	a := tr.at
	if a == nil { // one that was left for another host
		return
	}
	now := tr.now()
	direct := a.Stream == nil
	switch st.Kind {
	case proxy.StepShake:
		tr.shaking, tr.since, tr.awaiting = true, now, awaitTLS
		return
	case proxy.StepSecure:
		a.TLS = ofState(st.TLS, tr.verify)
		tr.awaiting = awaitStream
	case proxy.StepLost:
		if !tr.shaking {
			tr.fail("the connection ended")
			return
		}
		a.TLS = ofFailure(st.Err)
	default:
	}
	a.TLS.Direct, a.TLS.Milliseconds = direct, since(tr.since, now)
	tr.shaking, tr.since = false, now
}

// takeStream takes what the server says.
func (tr *trace) takeStream(st proxy.Step) {
	if tr.at == nil {
		return
	}
	switch st.Kind {
	case proxy.StepFeatures:
		s := tr.stream()
		s.Milliseconds = since(tr.since, tr.now())
		if st.Secure {
			s.Inside = featuresOf(st.Element)
		} else {
			s.Clear = featuresOf(st.Element)
		}
	case proxy.StepHeader:
		s := tr.stream()
		s.From, s.Version, s.Language = clean(string(st.Header.From)), clean(string(st.Header.Version)), clean(string(st.Header.Lang))
	case proxy.StepElsewhere:
		tr.at.Elsewhere = st.Target.String()
		tr.at, tr.awaiting = nil, awaitDNS
		tr.add(st.Target, "see-other-host")
	default:
	}
}

func (tr *trace) stream() *Stream {
	if tr.at.Stream == nil {
		tr.at.Stream = new(Stream)
	}
	return tr.at.Stream
}

// fail notes why the connection at hand came to nothing.
func (tr *trace) fail(why string) {
	switch a := tr.at; {
	case tr.shaking:
		a.TLS = &TLS{Direct: a.Stream == nil, Error: why}
	default:
		tr.stream().Error = why
	}
}

// sent are the features that the client's were made of.
func (s *Stream) sent() *Features {
	if s.Inside != nil {
		return s.Inside
	}
	return s.Clear
}
