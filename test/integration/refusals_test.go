//go:build integration && linux

package integration

import (
	"strings"
	"testing"
)

// TestUnknownSID: a sid that names no session is item-not-found, whatever it looks like.
func TestUnknownSID(t *testing.T) {
	t.Parallel()
	b := startBackend(t, "example.test")
	s := startServer(t, b.flag())
	x, peer := createSession(t, s, b)
	sids := map[string]string{
		"short":            "x",
		"a UUID":           "7d444840-9dc0-11d1-b245-5ffdce74fad2",
		"long":             strings.Repeat("a", 5000),
		"not ASCII":        "ключ😀",
		"escaped":          "&lt;&amp;&#x41;",
		"another slot":     x.sid + "0",
		"no slot":          x.sid[:len(x.sid)-1],
		"a huge slot":      "7d444840-9dc0-11d1-b245-5ffdce74fad2-ffffffffffffffffffff",
		"one letter other": flipFirst(x.sid),
		"upper case":       strings.ToUpper(x.sid) + "X",
	}
	for name, sid := range sids {
		t.Run(name, func(t *testing.T) {
			wantTerminate(t, s.exchange(t, "<body rid='2' sid='"+sid+"' xmlns='"+nsBOSH+"'><message xmlns='jabber:client' id='astray'/></body>"), "item-not-found")
		})
	}
	c := s.dial(t)
	c.post(t, s.path, x.next(message("m1"))) // the real session has seen none of it
	peer.expect(t, "id='m1'")
	if strings.Contains(peer.received(), "astray") {
		t.Errorf("a stanza for another sid reached the backend: %q", peer.received())
	}
}

// flipFirst changes the first hexadecimal digit.
func flipFirst(sid string) string {
	if sid[0] == '0' {
		return "1" + sid[1:]
	}
	return "0" + sid[1:]
}

// TestSIDAfterEnd: a session that has ended is as one that never was; the repeat of its terminate is answered alike.
func TestSIDAfterEnd(t *testing.T) {
	t.Parallel()
	b := startBackend(t, "example.test")
	s := startServer(t, b.flag())
	x, peer := createSession(t, s, b)
	terminate := x.next("<presence xmlns='jabber:client' type='unavailable' id='bye'/>", "type='terminate'")
	first := s.exchange(t, terminate)
	if r := parseBody(t, first); r.attr("type") != "terminate" {
		t.Fatalf("got %s, want a terminate", r.raw)
	}
	// XEP-0124 §13: the payload of a terminate is forwarded, then the stream is closed.
	if got := peer.expectClosed(t); !strings.Contains(got, "id='bye'") || !strings.Contains(got[strings.Index(got, "id='bye'"):], "</stream:stream>") {
		t.Errorf("the backend got %q, want the presence and then the end of the stream", got)
	}
	if again := s.exchange(t, terminate); again.body != first.body {
		t.Errorf("the repeated terminate got %s, first %s", again.body, first.body)
	}
	wantTerminate(t, x.exchange(t, ""), "item-not-found")
}

// TestCreationRefused: each reason that a session can't be has its condition, within seconds. No address here is
// outside of this machine, so that a guard that fails harms nobody.
func TestCreationRefused(t *testing.T) {
	t.Parallel()
	nobody := freeAddress(t)
	strict := startServer(t, "--backend=example.test="+nobody, "--backend=named.test=nowhere.invalid:5222")
	lenient := startServer(t, "--backend=example.test="+nobody, "--allow-private-backends")
	for _, test := range []struct {
		name, body, condition string
		lenient               bool
	}{
		{"no to", strings.Replace(creation(1, "TO"), " to='TO'", "", 1), "improper-addressing", false},
		{"an empty to", creation(1, ""), "improper-addressing", false},
		{"a to that is no domain", creation(1, "not a domain"), "improper-addressing", false},
		{"a to with a slash", creation(1, "example.test/../x"), "improper-addressing", false},
		{"a to with a port", creation(1, "example.test:5222"), "improper-addressing", false},
		{"a long to", creation(1, strings.Repeat("a.", 600)+"test"), "improper-addressing", false},
		{"a host that can't exist", creation(1, "nowhere.invalid"), "host-unknown", false},
		{"a configured backend that can't exist", creation(1, "named.test"), "host-unknown", false},
		{"a backend where nobody listens", creation(1, "example.test"), "remote-connection-failed", false},
		{"a loopback name without leave", creation(1, "localhost"), "remote-connection-failed", false},
		{"a loopback address without leave", creation(1, "127.0.0.1"), "remote-connection-failed", false},
		{"the unspecified address", creation(1, "0.0.0.0"), "remote-connection-failed", false},
		{"IPv6 loopback", creation(1, "[::1]"), "remote-connection-failed", false},
		{"mapped loopback", creation(1, "[::ffff:127.0.0.1]"), "remote-connection-failed", false},
		{"a route to loopback", creation(1, "example.org", "route=xmpp:"+nobody), "remote-connection-failed", false},
		{"a route to loopback with leave, nobody there", creation(1, "example.org", "route=xmpp:"+nobody), "remote-connection-failed", true},
		{"a route to a low port", creation(1, "example.org", "route=xmpp:127.0.0.1:25"), "policy-violation", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := strict
			if test.lenient {
				s = lenient
			}
			r := s.exchange(t, test.body)
			b := parseBody(t, r)
			if sid := b.attr("sid"); sid != "" && b.attr("type") == "" {
				// The session was granted before the connection failed: the next request learns of it.
				x := &session{s: s, sid: sid, rid: 1}
				r = x.exchange(t, "")
			}
			got := wantTerminate(t, r, test.condition)
			if strings.Contains(got.raw, "127.0.0.1") || strings.Contains(got.raw, "refused") {
				t.Errorf("the answer tells what the backend's side looks like: %s", got.raw)
			}
		})
	}
}

// TestRoute: the client may name the server's address, where the operator lets it (XEP-0124 §7.1, decisions.md 39).
func TestRoute(t *testing.T) {
	t.Parallel()
	routed, configured := startBackend(t, "example.test"), startBackend(t, "example.test")
	s := startServer(t, configured.flag(), "--allow-private-backends")
	for name, test := range map[string]struct {
		route string
		want  *backend
	}{
		"to another address":              {"xmpp:" + routed.addr, routed},
		"gloox's, which names the domain": {"xmpp:example.test:5222", configured},
		"without a port":                  {"xmpp:example.test", configured},
		"of no known form":                {"hello", configured},
	} {
		t.Run(name, func(t *testing.T) {
			createSession(t, s, test.want, "route="+test.route)
		})
	}
}

// TestSilentBackend: a backend that takes the connection and says nothing, or stops in the middle, is not waited
// for without end.
func TestSilentBackend(t *testing.T) {
	t.Parallel()
	for name, says := range map[string]string{"nothing": "", "half a header": "<?xml version='1.0'?><stream:str", "a header alone": streamHeader} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := startBackend(t, "example.test")
			s := startServer(t, b.flag())
			c := s.dial(t)
			c.post(t, s.path, creation(1, "example.test"))
			peer := b.accept(t)
			peer.send(t, says)
			r, err := c.tryRead("POST", 2*patience)
			if err != nil {
				t.Fatalf("no answer: %v", err)
			}
			if a := parseBody(t, r); a.attr("type") != "terminate" {
				x := &session{s: s, sid: a.attr("sid"), rid: 1}
				d := s.dial(t)
				d.post(t, s.path, x.next(""))
				if r, err = d.tryRead("POST", 3*patience); err != nil {
					t.Fatalf("no answer: %v", err)
				}
			}
			if says == streamHeader { // a stream without features is open, and the wait may run out (XEP-0206 §4)
				return
			}
			wantTerminate(t, r, "remote-connection-failed")
		})
	}
}
