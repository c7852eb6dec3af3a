package doctor

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"

	"go-xmpp-bosh/proxy"
)

var update = flag.Bool("update", false, "write the reports of testdata")

// patience bounds every wait of these tests.
const patience = 60 * time.Second

// rig is what a domain has on loopback: a DNS, servers, an authority for their certificates.
type rig struct {
	*testing.T
	cfg    proxy.Config
	ca     *authority
	route  string
	ctx    context.Context    // of the examination
	noTime context.CancelFunc // there is no time left
	ports  map[string]string  // what each port is called in the report
}

func newRig(t *testing.T, records ...string) *rig {
	t.Helper()
	g := &rig{T: t, ca: newAuthority(t), ports: map[string]string{}}
	g.ctx, g.noTime = context.WithTimeout(t.Context(), patience)
	t.Cleanup(g.noTime)
	g.cfg.Backends, g.cfg.BackendInsecure, g.cfg.Hosts = new(proxy.Backends), new(proxy.Domains), proxy.Hosts{}
	g.cfg.RootCAs = g.ca.pool()
	g.cfg.AllowPrivateBackends = true
	g.zone(records...)
	return g
}

// zone runs a DNS with these records; what is not in it does not exist. Ports of servers are written as %d before.
func (g *rig) zone(records ...string) {
	g.Helper()
	var all []dns.RR
	for _, s := range records {
		rr, err := dns.NewRR(s)
		if err != nil {
			g.Fatal(err)
		}
		all = append(all, rr)
	}
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		g.Fatal(err)
	}
	s := &dns.Server{PacketConn: pc, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg)
		m.SetReply(q)
		m.RecursionAvailable, m.Rcode = true, dns.RcodeNameError
		for _, rr := range all {
			if strings.EqualFold(rr.Header().Name, q.Question[0].Name) {
				m.Rcode = dns.RcodeSuccess
				if rr.Header().Rrtype == q.Question[0].Qtype {
					m.Answer = append(m.Answer, rr)
				}
			}
		}
		_ = w.WriteMsg(m)
	})}
	up := make(chan struct{})
	s.NotifyStartedFunc = func() { close(up) }
	go s.ActivateAndServe()
	<-up
	g.Cleanup(func() { _ = s.Shutdown() })
	addr := netip.MustParseAddrPort(pc.LocalAddr().String())
	g.cfg.DNS = []netip.AddrPort{addr}
	g.ports[fmt.Sprint(addr.Port())] = "53"
}

// serve runs a server for as long as the test, and gives its port, which the report calls by that name.
func (g *rig) serve(name string, play func(p *peer)) int {
	g.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		g.Fatal(err)
	}
	var serving sync.WaitGroup
	g.Cleanup(func() { l.Close(); serving.Wait() })
	serving.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			serving.Go(func() {
				defer c.Close()
				_ = c.SetDeadline(time.Now().Add(patience))
				play(&peer{c, bufio.NewReader(c)})
			})
		}
	})
	port := l.Addr().(*net.TCPAddr).Port
	g.ports[fmt.Sprint(port)] = name
	return port
}

// backend has the domain served from a port.
func (g *rig) backend(scheme string, port int) {
	g.Helper()
	if err := g.cfg.Backends.Add(fmt.Sprintf("example.org=%s127.0.0.1:%d", scheme, port)); err != nil {
		g.Fatal(err)
	}
}

// check examines example.org.
func (g *rig) check() *Report {
	g.Helper()
	r, err := Check(g.ctx, g.cfg, "example.org", g.route)
	if err != nil {
		g.Fatal(err)
	}
	return r
}

var (
	anyTime = regexp.MustCompile(`\d+\.\d ms`)
	anyWhen = regexp.MustCompile(`\d{4}-\d\d-\d\dT[\d:]+Z`)
	anyDate = regexp.MustCompile(`\d{4}-\d\d-\d\d`)
)

// text is a report as people get it, without what differs from run to run.
func (g *rig) text(r *Report) string {
	g.Helper()
	var b strings.Builder
	if err := r.Text(&b); err != nil {
		g.Fatal(err)
	}
	text := anyDate.ReplaceAllString(anyWhen.ReplaceAllString(anyTime.ReplaceAllString(b.String(), "N ms"), "TIME"), "DATE")
	for port, name := range g.ports {
		text = strings.ReplaceAll(text, port, name)
	}
	return text
}

// want compares a report with the one in testdata.
func (g *rig) want(v Verdict) {
	g.Helper()
	r := g.check()
	if r.Verdict != v {
		g.Errorf("the verdict is %v, want %v", r.Verdict, v)
	}
	got := g.text(r)
	_, name, _ := strings.Cut(g.Name(), "/")
	file := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil { //nolint:gosec // a document
			g.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		g.Fatal(err)
	}
	if got != string(want) {
		g.Errorf("%s has\n%s\nbut the report is\n%s", file, want, got)
	}
}
