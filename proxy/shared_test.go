package proxy

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
)

func TestCounts(t *testing.T) {
	var c counts[string]
	for i, want := range []bool{true, true, false} {
		if c.take("a", 2) != want {
			t.Fatalf("take %d: %v", i, !want)
		}
	}
	if !c.take("b", 1) {
		t.Fatal("one key's count is another's")
	}
	c.give("a")
	if !c.take("a", 2) || c.take("a", 2) {
		t.Fatal("what is given back is not there")
	}
	for _, k := range []string{"a", "a", "b"} {
		c.give(k)
	}
	for i := range c.parts {
		if len(c.parts[i].n) > 0 {
			t.Fatal("a key stays that nobody has")
		}
	}
}

// Many at once get no more than there is.
func TestCountsTogether(t *testing.T) {
	var c counts[int]
	var got [4]int
	var all sync.WaitGroup
	for i := range got {
		all.Go(func() {
			for range 1000 {
				if c.take(7, 1500) {
					got[i]++
				}
			}
		})
	}
	all.Wait()
	if n := got[0] + got[1] + got[2] + got[3]; n != 1500 {
		t.Errorf("%d, want 1500", n)
	}
}

// Limits are for all loops together, wherever the kernel lets a connection land.
func TestGroupLimits(t *testing.T) {
	for name, c := range map[string]struct {
		set    func(*Config)
		status int
	}{
		"in all":      {func(c *Config) { c.MaxSessions = 5 }, http.StatusServiceUnavailable},
		"per address": {func(c *Config) { c.SessionsPerAddress = 5 }, http.StatusServiceUnavailable},
		"per domain":  {func(c *Config) { c.SessionsPerDomain = 5 }, http.StatusOK},
	} {
		t.Run(name, func(t *testing.T) {
			var l net.Listener
			_, addr := startGroup(t, 4, func(cfg *Config) {
				l = fakeBackend(t, cfg, "example.org")
				cfg.TrustedProxies = networks(t, "127.0.0.1")
				c.set(cfg)
			})
			create := func() *browser {
				b := dial(t, addr)
				b.raw(postWith(createText(1, "example.org"), "X-Forwarded-For: 192.0.2.1"))
				return b
			}
			var sids []string
			var peers []*peer
			for range 5 {
				b := create()
				peers = append(peers, acceptPeer(t, l))
				peers[len(peers)-1].open()
				sids = append(sids, attr(t, b.body(), "sid"))
			}
			refused := func() bool {
				b := create()
				defer b.Close() // an ended session is remembered for some time, in which there are more than there are descriptors
				r, body := b.answerOrPeer(l)
				return r.StatusCode == c.status && (r.StatusCode != http.StatusOK || strings.Contains(body, "policy-violation"))
			}
			for range 8 {
				if !refused() {
					t.Fatal("a sixth session, of five")
				}
			}
			b := dial(t, addr)
			b.post(fmt.Sprintf("<body rid='2' sid='%s' type='terminate' xmlns='http://jabber.org/protocol/httpbind'/>", sids[2]))
			peers[2].want("</stream:stream>")
			peers[2].send("</stream:stream>")
			peers[2].Close()
			b.body()
			for refused() { // the end is noted with another event
				continue
			}
		})
	}
}

// What has gone is no longer counted by the other loops, even if nothing comes behind it: they would make room that is there.
func TestGroupForgetsConnections(t *testing.T) {
	g, addr := startGroup(t, 2, func(*Config) {})
	var all []*browser
	for range 8 {
		b := dial(t, addr)
		b.raw("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
		b.answer()
		all = append(all, b)
	}
	told := func() (n int) {
		for i := range g.servers[0].shared.loads {
			n += int(g.servers[0].shared.loads[i].conns.Load())
		}
		return n
	}
	if n := told(); n != len(all) {
		t.Errorf("the loops tell one another of %d connections, there are %d", n, len(all))
	}
	for _, b := range all {
		b.Close()
	}
	for left := 1; left > 0; {
		left = 0
		for _, s := range g.servers {
			onLoop(s, func() { left += s.loop.Conns() })
		}
	}
	if n := told(); n != 0 {
		t.Errorf("the loops tell one another of %d connections that have gone", n)
	}
}

// A connection that goes to another loop is still its address's.
func TestGroupConnectionsPerAddress(t *testing.T) {
	var l net.Listener
	g, addr := startGroup(t, 3, func(c *Config) {
		l = fakeBackend(t, c, "example.org")
		c.TrustedProxies = networks(t, "127.0.0.1")
		c.ConnectionsPerAddress, c.ProxyProtocol = 4, true
	})
	open := func() *browser {
		b := dial(t, addr)
		b.raw("PROXY TCP4 192.0.2.1 192.0.2.9 1234 80\r\n")
		return b
	}
	first := open()
	first.post(createText(1, "example.org"))
	p := acceptPeer(t, l)
	p.open()
	ts := &testSession{t: t, sid: attr(t, first.body(), "sid"), rid: 1, peer: p}
	all := []*browser{first}
	for range 3 { // wherever they land, they go where the session is
		b := open()
		b.post(ts.next("", "<presence/>"))
		p.want("<presence/>")
		p.send("<presence/>")
		b.body()
		all = append(all, b)
	}
	for range 6 {
		b := open()
		_, _ = io.WriteString(b.Conn, "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
		if r, err := http.ReadResponse(b.r, nil); err == nil {
			t.Fatalf("a fifth connection: %s", r.Status)
		}
	}
	for _, b := range all {
		b.Close()
	}
	shared := g.servers[0].shared
	for left := 1; left > 0; {
		for _, s := range g.servers {
			settled(s)
		}
		left = 0
		for i := range shared.conns.parts {
			part := &shared.conns.parts[i]
			part.mu.Lock()
			left += len(part.n)
			part.mu.Unlock()
		}
	}
}
