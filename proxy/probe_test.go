package proxy

import (
	"crypto/tls"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"go-xmpp-bosh/lookup"
	"go-xmpp-bosh/xmppconn"
)

// startProber runs a Prober until the test ends.
func startProber(t *testing.T, cfg Config, answers func(lookup.Answer)) *Prober {
	t.Helper()
	if cfg.Hosts == nil {
		cfg.Hosts = Hosts{}
	}
	p, err := NewProber(cfg, answers)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- p.Run() }()
	t.Cleanup(func() {
		p.Stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return p
}

// probed opens a probe and gives its steps, a line each, once it is over.
func probed(t *testing.T, p *Prober, want Probe) []string {
	t.Helper()
	var lines []string
	done := make(chan struct{})
	want.Watch = func(s Step) {
		line := s.Kind.String()
		switch s.Kind {
		case StepTargets:
			line += fmt.Sprint(" ", s.Targets, " ", s.Reason)
		case StepServices:
			line += fmt.Sprint(" ", len(s.Services), " ", s.Outcome)
		case StepAddresses:
			line += fmt.Sprint(" ", s.Target.Host, " ", s.Addrs, " ", s.Outcome)
		case StepRefused, StepDial, StepFailed:
			line += " " + s.To.Addr().String()
		case StepWon:
			line += fmt.Sprint(" ", s.To.Addr(), " TLS ", s.Policy)
		case StepSecure:
			line += " " + s.TLS.PeerCertificates[0].Subject.CommonName
		case StepFeatures:
			line += fmt.Sprint(" ", strings.Count(string(s.Element.Raw), "<mechanism>"), " ", s.Secure)
		case StepElsewhere:
			line += " " + s.Target.Host
		case StepHeader:
			line += " " + string(s.Header.Version)
		case StepShown:
			if s.Element != nil {
				line += fmt.Sprint(" ", strings.Contains(string(s.Element.Raw), "starttls"))
			}
		case StepEnd:
			line += " " + s.Reason.String()
		case StepShake, StepLost:
		}
		if lines = append(lines, line); s.Kind == StepShown || s.Kind == StepEnd {
			close(done)
		}
	}
	p.Open(want)
	select {
	case <-done:
	case <-time.After(patience):
		t.Fatal("the probe does not end")
	}
	return lines
}

func wantSteps(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("steps\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

const mechanisms = `<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms>`

// TestProbe: a probe goes the way of a client's stream, from the SRV record to the features inside TLS, and closes it.
func TestProbe(t *testing.T) {
	l, port := listenAt(t, "127.0.0.1", 0)
	z := newZone(t, fmt.Sprintf("_xmpp-client._tcp.example.org. 60 IN SRV 0 0 %d h.example.org.", port), "h.example.org. 60 IN A 127.0.0.1")
	ca := newAuthority(t)
	cfg := Config{RootCAs: ca.pool()}
	z.use(&cfg)
	asked := make(chan string, 8)
	p := startProber(t, cfg, func(a lookup.Answer) { asked <- a.Type + " " + a.Name })
	if got := p.Resolvers(); !slices.Equal(got, []netip.AddrPort{z.addr}) {
		t.Error(got)
	}
	closed := make(chan string, 1)
	go func() {
		peer := acceptPeer(t, l)
		peer.proceed()
		inside := newPeer(t, tls.Server(peer.Conn, &tls.Config{Certificates: []tls.Certificate{ca.issue("example.org", nil)}})) //nolint:gosec // Go's own minimum
		inside.want("<stream:stream")
		inside.want(">")
		inside.send(peerHeader + "<stream:features>" + mechanisms + "</stream:features>")
		closed <- inside.want("</stream:stream>")
	}()
	wantSteps(t, probed(t, p, Probe{Domain: "example.org", Name: "one"}),
		"targets [xmpp:example.org:5222] none", "services 1 found", "addresses h.example.org [127.0.0.1] found", "dial 127.0.0.1",
		"won 127.0.0.1 TLS offer", "features 0 false", "shake", "secure example.org", "features 1 true", "header 1.0", "shown false")
	<-closed
	for range 4 {
		<-asked
	}
}

// A server older than XMPP 1.0 has no features; the probe does not wait for them.
func TestProbeOfOldServer(t *testing.T) {
	cfg := Config{Backends: new(Backends)}
	l := fakeBackend(t, &cfg, "example.org")
	p := startProber(t, cfg, nil)
	go func() {
		peer := acceptPeer(t, l)
		peer.want(">")
		peer.send(`<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='s1'>`)
	}()
	target := "[xmpp:" + l.Addr().String() + "]"
	wantSteps(t, probed(t, p, Probe{Domain: "example.org"}), "targets "+target+" none", "addresses 127.0.0.1 [127.0.0.1] found",
		"dial 127.0.0.1", "won 127.0.0.1 TLS offer", "header ", "shown")
}

// Only names a place; the address policy and the firewall hold there too.
func TestProbeOfOnePlace(t *testing.T) {
	var cfg Config
	if err := cfg.Firewall.Deny.Add("denied.example"); err != nil {
		t.Fatal(err)
	}
	p := startProber(t, cfg, nil)
	only := xmppconn.Target{Kind: xmppconn.KindDomain, Host: "127.0.0.1", Port: uint16(closedPort(t, "127.0.0.1"))}
	name := "targets [" + only.String() + "] none"
	wantSteps(t, probed(t, p, Probe{Domain: "example.org", Only: only}), name,
		"addresses 127.0.0.1 [127.0.0.1] found", "refused 127.0.0.1", "end connection-failed")
	only.Kind = xmppconn.KindBackend
	wantSteps(t, probed(t, p, Probe{Domain: "example.org", Only: only}), name,
		"addresses 127.0.0.1 [127.0.0.1] found", "dial 127.0.0.1", "failed 127.0.0.1", "end connection-failed")
	wantSteps(t, probed(t, p, Probe{Domain: "denied.example", Only: only}), "targets [] policy-violation", "end policy-violation")
}

func TestStepNames(t *testing.T) {
	if StepTargets.String() != "targets" || StepEnd.String() != "end" || StepKind(99).String() != "invalid" || ownerProbe.String() != "probe" {
		t.Error("names of steps")
	}
}
