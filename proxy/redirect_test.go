package proxy

import (
	"fmt"
	"strings"
	"testing"
)

func seeOther(to string) string {
	return "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='s0' from='example.org' version='1.0'>" +
		"<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>" + to + "</see-other-host></stream:error></stream:stream>"
}

func TestSeeOtherHostIsFollowed(t *testing.T) {
	first, firstPort := listenAt(t, "127.0.0.1", 0)
	second, secondPort := listenAt(t, "127.0.0.1", 0)
	z := newZone(t, "second.example. 60 IN A 127.0.0.1")
	s, addr := startServer(t, func(c *Config) {
		z.use(c)
		if err := c.Backends.Add(fmt.Sprintf("example.org=127.0.0.1:%d", firstPort)); err != nil {
			t.Fatal(err)
		}
	})
	b := dial(t, addr)
	b.post(createText(1, "example.org"))
	p := acceptPeer(t, first)
	p.want("<stream:stream")
	p.want(">")
	p.send(seeOther(fmt.Sprintf("second.example:%d", secondPort)))
	p.want("</stream:stream>")
	q := acceptPeer(t, second)
	if header := q.want("version='1.0' xml:lang='en'>"); !strings.Contains(header, "to='example.org'") {
		t.Errorf("the header there: %s", header)
	}
	q.send(peerHeader + peerFeatures)
	body := b.fate()
	wantContains(t, body, "<stream:features")
	onLoop(s, func() {
		if s.loop.Conns() != 2 {
			t.Errorf("%d connections", s.loop.Conns())
		}
	})
}

// A server that sends a client on and on is not followed for ever: the client is told of the last one.
func TestSeeOtherHostIsFollowedThreeTimes(t *testing.T) {
	l, port := listenAt(t, "127.0.0.1", 0)
	_, addr := startServer(t, func(c *Config) {
		c.AllowPrivateBackends = true
		if err := c.Backends.Add(fmt.Sprintf("example.org=127.0.0.1:%d", port)); err != nil {
			t.Fatal(err)
		}
	})
	b := dial(t, addr)
	b.post(createText(1, "example.org"))
	for range 1 + hopsMax {
		p := acceptPeer(t, l)
		p.want("<stream:stream")
		p.want(">")
		p.send(seeOther(fmt.Sprintf("127.0.0.1:%d", port)))
	}
	wantContains(t, b.fate(), "remote-stream-error", "see-other-host", "terminate")
	nobodyCame(t, l)
}

// The rules for addresses hold: also a server that --backend names does not lead into the operator's network.
func TestSeeOtherHostKeepsTheAddressRules(t *testing.T) {
	l, port := listenAt(t, "127.0.0.1", 0)
	inner, innerPort := listenAt(t, "127.0.0.2", 0)
	for _, to := range []string{fmt.Sprintf("127.0.0.2:%d", innerPort), fmt.Sprintf("[::ffff:127.0.0.2]:%d", innerPort), "nobody.invalid"} {
		_, addr := startServer(t, func(c *Config) {
			if err := c.Backends.Add(fmt.Sprintf("example.org=127.0.0.1:%d", port)); err != nil {
				t.Fatal(err)
			}
		})
		b := dial(t, addr)
		b.post(createText(1, "example.org"))
		p := acceptPeer(t, l)
		p.want("<stream:stream")
		p.want(">")
		p.send(seeOther(to))
		wantContains(t, b.fate(), "remote-connection-failed", "terminate")
		nobodyCame(t, inner)
	}
}

// Once the client knows of the stream it is the client's to go elsewhere.
func TestSeeOtherHostIsPassedOnLater(t *testing.T) {
	ts, _ := start(t)
	ts.poll.post(ts.next("", ""))
	ts.peer.send("<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>127.0.0.1:5</see-other-host></stream:error></stream:stream>")
	wantContains(t, ts.poll.body(), "remote-stream-error", "see-other-host", "terminate")
}

// A client that leaves, and a server that takes its time to close, on the way to another host.
func TestLeavingDuringSeeOtherHost(t *testing.T) {
	l, port := listenAt(t, "127.0.0.1", 0)
	hole := blackhole(t, "127.0.0.2", 0)
	s, addr := startServer(t, func(c *Config) {
		c.AllowPrivateBackends = true
		if err := c.Backends.Add(fmt.Sprintf("example.org=127.0.0.1:%d", port)); err != nil {
			t.Fatal(err)
		}
	})
	ts := &testSession{t: t, rid: 1, poll: dial(t, addr)}
	ts.poll.post(createText(ts.rid, "example.org"))
	p := acceptPeer(t, l)
	p.want("<stream:stream")
	p.want(">")
	p.send(seeOther(fmt.Sprintf("127.0.0.2:%d", hole)))
	p.want("</stream:stream>")
	ts.sid = attr(t, ts.poll.body(), "sid")
	ts.poll.post(ts.next("type='terminate'", ""))
	ts.poll.body()
	onLoop(s, func() {
		s.enter()
		if s.backends.live != 0 || s.loop.Conns() != 1 {
			t.Errorf("%d backends, %d connections", s.backends.live, s.loop.Conns())
		}
		s.settle()
	})
}
