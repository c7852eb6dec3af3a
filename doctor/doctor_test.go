package doctor

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"

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
		"backend-by-name": func(t *testing.T) {
			g := newRig(t, "xmpp.intern. 60 IN A 127.0.0.1")
			port := g.serve("5222", good(saslOffer))
			for _, line := range []string{fmt.Sprintf("example.org=xmpp.intern:%d", port), "example.org=other.intern:5222"} {
				if err := g.cfg.Backends.Add(line); err != nil {
					t.Fatal(err)
				}
			}
			g.want(VerdictWarnings)
		},
		"no-resolver": func(t *testing.T) {
			g := newRig(t)
			g.cfg.DNS = []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:9")}
			g.want(VerdictNone)
		},
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
			g.backend("", g.serve("5222", func(p *peer) {
				p.want("<stream:stream")
				g.noTime()
				p.want("never")
			}))
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
			g := newRig(t, "_xmpp-client._tcp.example.org. 300 IN SRV 0 0 5222 xmpp.example.org.", "xmpp.example.org. 60 IN A 127.0.0.1", "xmpp.example.org. 60 IN A 10.0.0.1")
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
