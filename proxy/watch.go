package proxy

import (
	"crypto/tls"
	"net/netip"

	"go-xmpp-bosh/lookup"
	"go-xmpp-bosh/xmlstream"
	"go-xmpp-bosh/xmppconn"
)

// Step is one thing that happened to a Probe's stream. What is not said to be there is zero; all of it is borrowed.
type Step struct {
	Kind     StepKind
	Target   xmppconn.Target   // of steps about a place
	To       netip.AddrPort    // of it, the address
	Targets  []xmppconn.Target // StepTargets
	Services []lookup.Service  // StepServices
	Addrs    []netip.Addr      // StepAddresses
	Outcome  lookup.Outcome    // StepServices, StepAddresses
	Last     bool              // StepAddresses: no others follow
	Policy   xmppconn.Policy   // StepWon
	TLS      *tls.ConnectionState
	Secure   bool // StepFeatures: they came inside TLS
	Header   *xmppconn.Header
	Element  *xmlstream.Element
	Reason   xmppconn.Reason
	Err      error
}

// StepKind says what has happened.
type StepKind uint8

const (
	StepTargets   StepKind = iota // Targets, or the Reason why there are none
	StepServices                  // Services of a domain's SRV records, Outcome
	StepAddresses                 // Addrs of Target that are left to try, in order; Outcome, Last
	StepRefused                   // Target, To: not public, and not permitted
	StepDial                      // Target, To: an attempt begins
	StepFailed                    // Target, To: it has failed, Err
	StepWon                       // Target, To: it is the stream's connection; Policy about STARTTLS there
	StepShake                     // a TLS handshake begins
	StepSecure                    // TLS
	StepLost                      // the connection is gone, Err
	StepFeatures                  // Element, as the server sent it; Secure
	StepElsewhere                 // Target: the server sends its client there, and it is followed
	StepHeader                    // Header: the stream is the client's
	StepShown                     // Element: the features as the client gets them; nil for a server that has none. The last
	StepEnd                       // Reason, Element (a stream error), of a stream that has not come so far. The last
)

var stepNames = [...]string{
	StepTargets: "targets", StepServices: "services", StepAddresses: "addresses", StepRefused: "refused", StepDial: "dial", StepFailed: "failed",
	StepWon: "won", StepShake: "shake", StepSecure: "secure", StepLost: "lost", StepFeatures: "features", StepElsewhere: "elsewhere",
	StepHeader: "header", StepShown: "shown", StepEnd: "end",
}

func (k StepKind) String() string {
	if int(k) < len(stepNames) {
		return stepNames[k]
	}
	return "invalid"
}

// tell gives a step to the probe whose stream it is; streams of clients have nobody who watches.
func (b *backend) tell(st Step) {
	if b.of.kind == ownerProbe {
		b.srv.probes[b.of.slot].tell(st)
	}
}

// watchFeatures is xmppconn.Env.Watch.
func (s *Server) watchFeatures(st *xmppconn.Stream, el *xmlstream.Element) {
	if b := s.backends.get(st.Tag); b != nil {
		b.tell(Step{Kind: StepFeatures, Element: el, Secure: st.IsSecure()})
	}
}
