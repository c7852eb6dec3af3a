package demo

import (
	"strings"
	"testing"
	"time"
)

func TestPing(t *testing.T) {
	c := login(t, start(t, Config{}), "alice", "a")
	for _, to := range []string{"", "localhost", "alice@localhost"} {
		if el := c.ask("get", to, "<ping xmlns='urn:xmpp:ping'/>"); len(el.children()) != 0 || el.attr("from") != to {
			t.Errorf("got %s", el.xml())
		}
	}
}

func TestDiscoInfo(t *testing.T) {
	s := start(t, Config{})
	c := login(t, s, "alice", "a")
	for to, category := range map[string]string{
		"localhost": "server", "": "server", "alice@localhost": "account", "bob@localhost": "account",
	} {
		q := c.ask("get", to, "<query xmlns='"+nsInfo+"'/>").child(nsInfo, "query")
		if id := q.child(nsInfo, "identity"); id == nil || id.attr("category") != category || id.attr("type") == "" {
			t.Errorf("to %q: got %s", to, q.xml())
		}
		if !strings.Contains(q.xml(), "<feature var='"+nsInfo+"'/>") {
			t.Errorf("to %q: got %s", to, q.xml())
		}
	}
	c.send("<iq type='get' id='1' to='localhost'><query xmlns='%s' node='x'/></iq>", nsInfo)
	c.wantError("iq", "item-not-found")
}

func TestDiscoItems(t *testing.T) {
	s := start(t, Config{})
	c := online(t, s, "alice", "a")
	login(t, s, "alice", "silent")
	online(t, s, "bob", "b")
	for to, want := range map[string]int{"localhost": 0, "alice@localhost": 1, "bob@localhost": 0, "nobody@localhost": 0} {
		q := c.ask("get", to, "<query xmlns='"+nsItems+"'/>").child(nsItems, "query")
		if got := q.children(); len(got) != want || want == 1 && got[0].attr("jid") != c.me {
			t.Errorf("%s has %s", to, q.xml())
		}
	}
}

func TestVersionAndTime(t *testing.T) {
	c := login(t, start(t, Config{}), "alice", "a")
	v := c.ask("get", "localhost", "<query xmlns='jabber:iq:version'/>").child(nsVersion, "query")
	if v.child(nsVersion, "name").text() == "" || v.child(nsVersion, "version").text() == "" {
		t.Errorf("got %s", v.xml())
	}
	now := c.ask("get", "localhost", "<time xmlns='urn:xmpp:time'/>").child(nsTime, "time")
	if _, err := time.Parse(time.RFC3339, now.child(nsTime, "utc").text()); err != nil || now.child(nsTime, "tzo").text() != "+00:00" {
		t.Errorf("got %s: %v", now.xml(), err)
	}
}

func TestVCard(t *testing.T) {
	s := start(t, Config{})
	alice, bob := login(t, s, "alice", "a"), login(t, s, "bob", "b")
	const get = "<vCard xmlns='vcard-temp'/>"
	card := func(c *client, to string) *element {
		t.Helper()
		return c.ask("get", to, get).child(nsVCard, "vCard")
	}
	for _, to := range []string{"", "alice@localhost", "nobody@localhost"} {
		if v := card(alice, to); v == nil || len(v.children()) != 0 {
			t.Errorf("%q has a card: %v", to, v)
		}
	}
	alice.ask("set", "", "<vCard xmlns='vcard-temp'><FN>A &amp; B</FN></vCard>")
	alice.ask("set", "", "<vCard xmlns='vcard-temp'><FN>A &lt; B</FN></vCard>")
	for c, to := range map[*client]string{alice: "", bob: "alice@localhost"} {
		if v := card(c, to); v.child(nsVCard, "FN").text() != "A < B" {
			t.Errorf("got %s", v.xml())
		}
	}
	wantStored(t, s)
	bob.send("<iq type='set' id='1' to='alice@localhost'>%s</iq>", get)
	bob.wantError("iq", "service-unavailable")
	bob.send("<iq type='set' id='1'><vCard xmlns='vcard-temp'>%s</vCard></iq>", strings.Repeat("x", vcardBytesMax))
	bob.wantError("iq", "policy-violation")
}

// RFC 6120 §8.3.3.19: what nobody knows.
func TestServiceUnavailable(t *testing.T) {
	c := login(t, start(t, Config{}), "alice", "a")
	for _, to := range []string{"", "localhost", "alice@localhost", "bob@localhost", "localhost/x"} {
		for _, payload := range []string{"<query xmlns='jabber:iq:private'/>", "<pubsub xmlns='u'/>", "<ping xmlns='jabber:iq:roster'/>"} {
			c.send("<iq type='get' id='1'>%s</iq>", payload)
			if to != "" {
				c.send("<iq type='set' id='1' to='%s'>%s</iq>", to, payload)
				c.wantError("iq", "service-unavailable")
			}
			c.wantError("iq", "service-unavailable")
		}
	}
	c.ask("set", "", "<session xmlns='"+nsSession+"'/>")
	c.ask("set", "localhost", "<session xmlns='"+nsSession+"'/>")
}
