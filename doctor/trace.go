package doctor

import (
	"crypto/x509"
	"net/netip"
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
	case proxy.StepRefused:
		tr.attempted(st).Refused = true
	case proxy.StepDial:
		tr.takeDial(st)
	case proxy.StepFailed:
		tr.takeFailed(st)
	case proxy.StepWon:
		tr.takeWon(st)
	case proxy.StepShake:
		tr.shaking, tr.since, tr.awaiting = true, tr.now(), awaitTLS
	case proxy.StepSecure:
		tr.takeSecure(st)
	case proxy.StepLost:
		tr.takeLost(st)
	case proxy.StepFeatures:
		tr.takeFeatures(st)
	case proxy.StepElsewhere:
		tr.takeElsewhere(st)
	case proxy.StepHeader:
		s := tr.stream()
		s.Old = !xmppconn.HasFeatures(st.Header)
		s.From, s.Version, s.Language = clean(string(st.Header.From)), clean(string(st.Header.Version)), clean(string(st.Header.Lang))
	case proxy.StepShown:
		tr.takeShown(st)
		tr.end()
	case proxy.StepEnd:
		tr.takeEnd(st)
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
	tr.timeOut()
	tr.end()
}
