package lookup

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// TestAgainstServer lets a Resolver talk to a real DNS server over real sockets.
func TestAgainstServer(t *testing.T) {
	server := serveDNS(t, dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		m := reply(&asked{Msg: *q}, 0)
		if q.Question[0].Qtype == dns.TypeSRV && q.Question[0].Name == "_xmpp-client._tcp.x.example." {
			for i := range 30 {
				rr, _ := dns.NewRR(fmt.Sprintf("%s 60 IN SRV %d 0 5222 a-host-with-a-rather-long-name-%d.x.example.", q.Question[0].Name, i, i))
				m.Answer = append(m.Answer, rr)
			}
		}
		if w.LocalAddr().Network() == "udp" {
			m.Truncate(int(q.IsEdns0().UDPSize()))
		}
		_ = w.WriteMsg(m)
	}))
	g := newRig(t, func(c *Config) { c.Servers = []netip.AddrPort{server} })
	g.r.Service(g.now, 1, "x.example")
	for i := 0; i < len(g.sent); i++ {
		g.exchange(g.sent[i])
	}
	if len(g.sent) != 3 || !g.sent[2].tcp {
		t.Errorf("asked %v", g.sent)
	}
	if len(g.got) != 1 {
		t.Fatalf("told %q", g.got)
	}
	wantPrefix := "1: [a-host-with-a-rather-long-name-0.x.example:5222 a-host-with-a-rather-long-name-1.x.example:5222 "
	if g.got[0][:len(wantPrefix)] != wantPrefix {
		t.Errorf("told %q", g.got)
	}
	g.wantRest()
}

// serveDNS runs a DNS server on loopback, over UDP and TCP on one port.
func serveDNS(t *testing.T, h dns.Handler) netip.AddrPort {
	t.Helper()
	for range 20 {
		pc, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		l, err := net.Listen("tcp", pc.LocalAddr().String())
		if err != nil { // the port is taken there
			pc.Close()
			continue
		}
		for _, s := range []*dns.Server{{PacketConn: pc, Handler: h}, {Listener: l, Handler: h}} {
			up := make(chan struct{})
			s.NotifyStartedFunc = func() { close(up) }
			go s.ActivateAndServe()
			<-up
			t.Cleanup(func() { _ = s.Shutdown() })
		}
		return netip.MustParseAddrPort(pc.LocalAddr().String())
	}
	t.Fatal("no port is free for both")
	return netip.AddrPort{}
}

// exchange plays the driver for one try.
func (g *rig) exchange(q *asked) {
	g.Helper()
	network := "udp"
	if q.tcp {
		network = "tcp"
	}
	c, err := net.Dial(network, q.server.String())
	if err != nil {
		g.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	b, err := q.Pack()
	if err != nil {
		g.Fatal(err)
	}
	if !q.tcp {
		_, err = c.Write(b)
		buf := make([]byte, 65536)
		n, rerr := c.Read(buf)
		if err != nil || rerr != nil {
			g.Fatal(err, rerr)
		}
		g.r.HandleUDP(g.now, q.try, q.server, buf[:n])
		return
	}
	if _, err = c.Write(append([]byte{byte(len(b) >> 8), byte(len(b))}, b...)); err != nil {
		g.Fatal(err)
	}
	var got []byte
	for {
		var one [1]byte
		if _, err := io.ReadFull(c, one[:]); err != nil {
			g.Fatal(err)
		}
		got = append(got, one[0])
		if g.r.HandleTCP(g.now, q.try, got) > 0 {
			return
		}
	}
}
