package doctor

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"go-xmpp-bosh/proxy"
)

// Each report is in testdata, as people get it.
func TestReports(t *testing.T) {
	for name, examine := range map[string]func(*testing.T){
		"starttls": func(t *testing.T) {
			g := newRig(t)
			port := g.serve("5222", withStartTLS(g.ca.issue(90, "example.org", "*.example.org"), good(saslOffer+bindings+compress+register)))
			g.zone(fmt.Sprintf("_xmpp-client._tcp.example.org. 300 IN SRV 10 5 %d xmpp.example.org.", port), "xmpp.example.org. 60 IN A 127.0.0.1")
			g.want(VerdictSession)
		},
		"direct-tls": func(t *testing.T) {
			g := newRig(t)
			cert := g.ca.issue(90, "example.org")
			port := g.serve("5223", func(p *peer) { p.secure(cert, good(saslOffer)) })
			g.zone(fmt.Sprintf("_xmpps-client._tcp.example.org. 300 IN SRV 10 5 %d xmpp.example.org.", port), "xmpp.example.org. 60 IN A 127.0.0.1")
			g.want(VerdictSession)
		},
		"wrong-name": func(t *testing.T) {
			wantCertificate(t, func(g *rig) tls.Certificate { return g.ca.issue(90, "example.com") })
		},
		"expired": func(t *testing.T) {
			wantCertificate(t, func(g *rig) tls.Certificate { return g.ca.issue(1, "example.org") })
		},
		"self-signed": func(t *testing.T) {
			wantCertificate(t, func(g *rig) tls.Certificate { return newAuthority(g).issue(90, "example.org") })
		},
		"insecure": func(t *testing.T) {
			g := newRig(t)
			if err := g.cfg.BackendInsecure.Add("example.org"); err != nil {
				t.Fatal(err)
			}
			g.backend("", g.serve("5222", withStartTLS(g.ca.issue(90, "example.com"), good(saslOffer))))
			g.want(VerdictWarnings)
		},
		"expires-soon": func(t *testing.T) {
			g := newRig(t)
			g.backend("", g.serve("5222", withStartTLS(g.ca.aged(80, 10, "example.org"), good(saslOffer))))
			g.want(VerdictWarnings)
		},
		"refused": func(t *testing.T) {
			g := newRig(t, "example.org. 60 IN A 127.0.77.1")
			takePort(t, [4]byte{127, 0, 77, 1}, 5222)
			g.want(VerdictNone)
		},
		"no-service": func(t *testing.T) {
			newRig(t, "_xmpp-client._tcp.example.org. 300 IN SRV 0 0 0 .", "example.org. 60 IN A 127.0.0.1").want(VerdictNone)
		},
		"no-such-domain": func(t *testing.T) { newRig(t).want(VerdictNone) },
		"host-unknown": func(t *testing.T) {
			g := newRig(t)
			g.backend("", g.serve("5222", func(p *peer) {
				p.want(">")
				p.send(header + "<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>")
				p.want("</stream:stream>")
			}))
			g.want(VerdictNone)
		},
		"no-tls": func(t *testing.T) {
			g := newRig(t)
			g.backend("", g.serve("5222", good(saslOffer)))
			g.want(VerdictSession)
		},
		"no-tls-domain": func(t *testing.T) {
			g := newRig(t)
			g.cfg.NoTLSDomains = new(proxy.Domains)
			if err := g.cfg.NoTLSDomains.Add("example.org"); err != nil {
				t.Fatal(err)
			}
			g.backend("", g.serve("5222", good(startTLS+saslOffer)))
			g.want(VerdictSession)
		},
		"tls-demanded": func(t *testing.T) {
			g := newRig(t)
			g.cfg.BackendTLS = proxy.BackendTLSRequire
			g.backend("", g.serve("5222", good(saslOffer)))
			g.want(VerdictNone)
		},
		"silent": func(t *testing.T) {
			g := newRig(t)
			g.within = 300 * time.Millisecond
			g.backend("", g.serve("5222", func(p *peer) { p.want("never") }))
			g.want(VerdictNone)
		},
		"garbage": func(t *testing.T) {
			g := newRig(t)
			g.backend("", g.serve("80", func(p *peer) { p.send("HTTP/1.1 400 Bad Request\r\n\r\n"); p.want("never") }))
			g.want(VerdictNone)
		},
		"firewall": func(t *testing.T) {
			g := newRig(t, "example.org. 60 IN A 127.0.0.1")
			if err := g.cfg.Firewall.Allow.Add("*.example"); err != nil {
				t.Fatal(err)
			}
			g.want(VerdictNone)
		},
		"private": func(t *testing.T) {
			g := newRig(t, "_xmpp-client._tcp.example.org. 300 IN SRV 0 0 5222 xmpp.example.org.", "xmpp.example.org. 60 IN A 127.0.0.1", "xmpp.example.org. 60 IN AAAA fd00::1")
			g.cfg.AllowPrivateBackends = false
			g.want(VerdictNone)
		},
		"several": func(t *testing.T) {
			g := newRig(t)
			one := g.serve("5222", withStartTLS(g.ca.issue(90, "example.org"), good(saslOffer)))
			two := g.serve("5322", withStartTLS(g.ca.issue(90, "example.com"), good(saslOffer)))
			g.zone(fmt.Sprintf("_xmpp-client._tcp.example.org. 300 IN SRV 10 0 %d one.example.org.", one), "one.example.org. 60 IN A 127.0.0.1",
				fmt.Sprintf("_xmpp-client._tcp.example.org. 300 IN SRV 20 0 %d two.example.org.", two), "two.example.org. 60 IN A 127.0.0.1",
				"_xmpp-client._tcp.example.org. 300 IN SRV 30 0 5222 three.example.org.")
			g.want(VerdictWarnings)
		},
		"see-other-host": func(t *testing.T) {
			g := newRig(t)
			there := g.serve("5322", withStartTLS(g.ca.issue(90, "example.org"), good(saslOffer)))
			g.backend("", g.serve("5222", func(p *peer) {
				p.want(">")
				p.send(header + fmt.Sprintf("<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>127.0.0.1:%d</see-other-host></stream:error>", there))
				p.want("</stream:stream>")
			}))
			g.want(VerdictSession)
		},
		"route": func(t *testing.T) {
			g := newRig(t)
			var err error
			if g.cfg.RouteFilter, err = proxy.ParseRouteFilter("^xmpps:"); err != nil {
				t.Fatal(err)
			}
			g.route = "xmpp:127.0.0.1:5333"
			g.want(VerdictNone)
		},
		"plus-alone": func(t *testing.T) {
			g := newRig(t)
			plus := strings.ReplaceAll(strings.ReplaceAll(saslOffer, "<mechanism>PLAIN</mechanism>", ""), "<mechanism>SCRAM-SHA-1</mechanism>", "")
			g.backend("", g.serve("5222", good(plus)))
			g.want(VerdictWarnings)
		},
		"old-server": func(t *testing.T) {
			g := newRig(t)
			g.backend("", g.serve("5222", func(p *peer) {
				p.want(">")
				p.send("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='s1' from='example.org'>")
				p.want("</stream:stream>")
			}))
			g.want(VerdictWarnings)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			examine(t)
		})
	}
}

// wantCertificate examines a server with a certificate that will not do.
func wantCertificate(t *testing.T, make func(g *rig) tls.Certificate) {
	t.Helper()
	g := newRig(t)
	g.backend("", g.serve("5222", withStartTLS(make(g), good(saslOffer))))
	g.want(VerdictNone)
}

// takePort has nobody listen at a port.
func takePort(t *testing.T, host [4]byte, port int) {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: host, Port: port}); err != nil {
		t.Skipf("somebody on this machine has port %d: %v", port, err)
	}
}

func TestNoDomain(t *testing.T) {
	for _, name := range []string{"", "a b", "1.2.3", "-a.example", "a..b"} {
		if _, err := Check(t.Context(), proxy.Config{}, name, ""); !errors.Is(err, ErrDomain) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// What a server says is shown without its tricks.
func TestHostileServer(t *testing.T) {
	g := newRig(t)
	many := strings.Repeat("<mechanism>\u202e\x7f"+strings.Repeat("A", 1000)+"</mechanism>", 100)
	g.backend("", g.serve("5222", good("<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"+many+"</mechanisms>")))
	r := g.check()
	if n := len(r.client().Stream.Shown.Mechanisms); n > listMax {
		t.Errorf("%d mechanisms are shown", n)
	}
	if text := g.text(r); len(text) > 100_000 || regexp.MustCompile(`[^\n -~…]`).MatchString(text) {
		t.Errorf("%d bytes: %q", len(text), text[:2000])
	}
}

// A context that is over has nothing looked at, and no report is a panic.
func TestNoTime(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	g := newRig(t, "example.org. 60 IN A 127.0.0.1")
	r, err := Check(ctx, g.cfg, "example.org", "")
	if err != nil || r.Verdict != VerdictNone || len(r.Problems) == 0 {
		t.Error(r, err)
	}
	_ = g.text(r)
}

// The server leaves in the middle of whatever it was at.
func TestServerLeaves(t *testing.T) {
	for what, play := range map[string]func(g *rig) func(p *peer){
		"at once":          func(*rig) func(*peer) { return func(*peer) {} },
		"after its header": func(*rig) func(*peer) { return func(p *peer) { p.want(">"); p.send(header) } },
		"before TLS": func(*rig) func(*peer) {
			return func(p *peer) {
				p.open(startTLS)
				p.want(startTLS)
				p.send("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
			}
		},
		"inside TLS": func(g *rig) func(*peer) { return withStartTLS(g.ca.issue(9, "example.org"), func(*peer) {}) },
		"with a reset": func(*rig) func(*peer) {
			return func(p *peer) { p.want(">"); _ = p.Conn.(*net.TCPConn).SetLinger(0) }
		},
	} {
		t.Run(what, func(t *testing.T) {
			g := newRig(t)
			g.backend("", g.serve("5222", play(g)))
			r := g.check()
			if r.Verdict != VerdictNone || len(r.Problems) == 0 || !r.Problems[0].Error {
				t.Errorf("verdict %v, %+v", r.Verdict, r.Problems)
			}
			_ = g.text(r)
		})
	}
}

// The report as JSON has what scripts ask for, under the names that docs/operating.md gives.
func TestJSON(t *testing.T) {
	g := newRig(t)
	g.backend("", g.serve("5222", withStartTLS(g.ca.issue(90, "example.org"), good(saslOffer))))
	b, err := json.Marshal(g.check())
	if err != nil {
		t.Fatal(err)
	}
	var r struct {
		Domain       string
		Verdict      string
		Problems     []struct{ Text string }
		Milliseconds float64
		Targets      []struct {
			Target    string
			Addresses []struct {
				Client bool
				TLS    struct {
					Version     string
					Certificate struct {
						NotAfter time.Time `json:"not_after"`
						Valid    bool
					}
				}
				Stream struct {
					Sees struct{ Mechanisms []string } `json:"client_sees"`
				}
			}
		}
	}
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	if r.Domain != "example.org" || r.Verdict != "session" || r.Problems == nil || r.Milliseconds <= 0 || len(r.Targets) != 1 {
		t.Fatalf("%s", b)
	}
	a := r.Targets[0].Addresses[0]
	if !a.Client || a.TLS.Version != "TLS 1.3" || !a.TLS.Certificate.Valid || time.Until(a.TLS.Certificate.NotAfter) < 0 || len(a.Stream.Sees.Mechanisms) != 3 {
		t.Errorf("%s", b)
	}
}

func TestVerdictNames(t *testing.T) {
	for v, want := range map[Verdict]string{VerdictSession: "session", VerdictWarnings: "warnings", VerdictNone: "none", 9: "invalid"} {
		if v.String() != want {
			t.Errorf("%v, want %s", v, want)
		}
	}
}
