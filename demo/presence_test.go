package demo

import (
	"strings"
	"testing"
)

// RFC 6121 §4.2.2, §4.4.2, §4.5.2: the user's own sessions.
func TestPresenceOfOwnSessions(t *testing.T) {
	s := start(t, Config{})
	desk := online(t, s, "alice", "desk")
	silent := login(t, s, "alice", "silent")
	phone := online(t, s, "alice", "phone")
	desk.wantStanza("presence", "from="+phone.me)
	phone.wantStanza("presence", "from="+desk.me)
	desk.send("<presence><show>away</show></presence>")
	for _, c := range []*client{desk, phone} {
		if p := c.wantStanza("presence", "from="+desk.me); p.child(nsClient, "show").text() != "away" {
			t.Errorf("got %s", p.xml())
		}
	}
	desk.send("<presence type='unavailable'><status>bye</status></presence>")
	if p := phone.wantStanza("presence", "from="+desk.me, "type=unavailable"); p.child(nsClient, "status").text() != "bye" {
		t.Errorf("got %s", p.xml())
	}
	desk.wantStanza("presence", "type=unavailable")
	phone.send("</stream:stream>")
	phone.wantEnd()
	desk.wantNothing()
	silent.wantNothing()
}

// RFC 6121 §4.6: without a subscription, and the end of it is told even so.
func TestDirectedPresence(t *testing.T) {
	s := start(t, Config{})
	alice, bob, carol := login(t, s, "alice", "a"), online(t, s, "bob", "b"), login(t, s, "carol", "c")
	alice.send("<presence to='bob@localhost'/><presence to='%s'/><presence to='nobody@localhost'/>", carol.me)
	bob.wantStanza("presence", "from="+alice.me, "type=", "to=bob@localhost")
	carol.wantStanza("presence", "from="+alice.me, "type=")
	alice.send("<presence to='%s' type='unavailable'/>", carol.me)
	carol.wantStanza("presence", "from="+alice.me, "type=unavailable")
	alice.send("</stream:stream>")
	alice.wantEnd()
	bob.wantStanza("presence", "from="+alice.me, "type=unavailable")
	carol.wantNothing()
}

func TestDirectedPresenceIsBounded(t *testing.T) {
	c := login(t, start(t, Config{}), "alice", "a")
	for range directedMax {
		c.send("<presence to='%s@localhost'/>", token())
	}
	c.wantNothing()
	c.send("<presence to='onemore@localhost'/>")
	c.wantError("presence", "resource-constraint")
}

func TestBadPresence(t *testing.T) {
	s := start(t, Config{})
	c := login(t, s, "alice", "a")
	c.send("<presence type='here'/>")
	c.wantError("presence", "bad-request")
	c.send("<presence><status>" + strings.Repeat("x", presenceBytes) + "</status></presence>")
	c.wantError("presence", "policy-violation")
	c.send("<presence type='error'/><presence type='error' to='nobody@localhost/x'/><presence type='probe' to='nobody@localhost'/>" +
		"<presence type='subscribe' to='localhost'/><presence type='subscribe'/><presence type='subscribe' to='alice@localhost'/>")
	c.wantNothing()
	c.send("<presence type='error' to='%s'/>", c.me)
	c.wantStanza("presence", "type=error")
}
