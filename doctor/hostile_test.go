package doctor

import (
	"fmt"
	"net"
	"regexp"
	"strings"
	"testing"
)

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
	g := newRig(t, "example.org. 60 IN A 127.0.0.1")
	g.noTime()
	r := g.check()
	if r.Verdict != VerdictNone || len(r.Problems) == 0 {
		t.Errorf("%+v", r)
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

// A server is told the domain as a client writes it, and shows a certificate for its ASCII form.
func TestDomainOfAnotherScript(t *testing.T) {
	g := newRig(t)
	told := make(chan string, 2)
	inside := func(p *peer) {
		told <- p.want(">") + p.want(">") // the declaration, and the header
		p.send(header + "<stream:features>" + saslOffer + "</stream:features>")
		p.want("</stream:stream>")
	}
	port := g.serve("5222", withStartTLS(g.ca.issue(90, "xn--bcher-kva.example"), inside))
	if err := g.cfg.Backends.Add(fmt.Sprintf("xn--bcher-kva.example=127.0.0.1:%d", port)); err != nil {
		t.Fatal(err)
	}
	r, err := Check(g.ctx, g.cfg, "bücher.example", "")
	if err != nil || r.Verdict != VerdictSession || r.Domain != "xn--bcher-kva.example" {
		t.Fatalf("%+v, %v", r, err)
	}
	if h := <-told; !strings.Contains(h, "to='bücher.example'") {
		t.Errorf("the server was told %s", h)
	}
}
