package demo

import (
	"strconv"
	"strings"
	"testing"
)

// roster asks for the roster, which makes the session one that is told of changes.
func (c *client) roster() map[string]*element {
	c.t.Helper()
	items := map[string]*element{}
	for _, it := range c.ask("get", "", "<query xmlns='jabber:iq:roster'/>").child(nsRoster, "query").children() {
		items[it.attr("jid")] = it
	}
	return items
}

// wantPush is the next element, a roster push: jid, subscription, ask.
func (c *client) wantPush(jid, subscription, ask string) *element {
	c.t.Helper()
	q := c.wantStanza("iq", "type=set", "to="+c.me).child(nsRoster, "query")
	if q == nil || len(q.children()) != 1 {
		c.t.Fatal("no roster push")
	}
	it := q.children()[0]
	if it.attr("jid") != jid || it.attr("subscription") != subscription || it.attr("ask") != ask {
		c.t.Fatalf("%s: pushed %s, want %s %s %s", c.me, it.xml(), jid, subscription, ask)
	}
	return it
}

func (c *client) setItem(item string) {
	c.t.Helper()
	c.send("<iq type='set' id='r'><query xmlns='jabber:iq:roster'>%s</query></iq>", item)
}

func TestRoster(t *testing.T) {
	s := start(t, Config{})
	desk, phone, other := login(t, s, "alice", "desk"), login(t, s, "alice", "phone"), login(t, s, "alice", "other")
	if r := desk.roster(); len(r) != 0 {
		t.Errorf("roster %v", r)
	}
	phone.roster()
	desk.ask("set", "alice@localhost", "<query xmlns='jabber:iq:roster'><item jid='Bob@localhost' name='B &amp; &quot;'>"+
		"<group>Friends &lt;3</group><group>&amp;</group></item></query>")
	for _, c := range []*client{desk, phone} {
		it := c.wantPush("bob@localhost", "none", "")
		if g := it.children(); it.attr("name") != "B & \"" || len(g) != 2 || g[0].text() != "Friends <3" || g[1].text() != "&" {
			t.Errorf("pushed %s", it.xml())
		}
	}
	wantStored(t, s)
	desk.setItem("<item jid='bob@localhost'/>") // RFC 6121 §2.4: the new item replaces the old one
	desk.wantStanza("iq", "type=result")
	if it := desk.wantPush("bob@localhost", "none", ""); it.attr("name") != "" || len(it.children()) != 0 {
		t.Errorf("pushed %s", it.xml())
	}
	phone.wantPush("bob@localhost", "none", "")
	if r := other.roster(); len(r) != 1 || r["bob@localhost"] == nil {
		t.Errorf("roster %v", r)
	}
	desk.setItem("<item jid='bob@localhost' subscription='remove'/>")
	for _, c := range []*client{desk, phone, other} {
		c.wantPush("bob@localhost", "remove", "")
	}
	desk.wantStanza("iq", "type=result")
	if r := other.roster(); len(r) != 0 {
		t.Errorf("roster %v", r)
	}
	wantStored(t, s)
	other.ask("set", "", "<query xmlns='jabber:iq:roster'><item jid='x@example.org' name='far'/></query>")
}

func TestBadRoster(t *testing.T) {
	s := start(t, Config{})
	c := login(t, s, "alice", "a")
	groups := ""
	for i := range groupsMax + 1 {
		groups += "<group>" + strconv.Itoa(i) + "</group>"
	}
	for item, cond := range map[string]string{
		"": "bad-request",
		"<item jid='bob@localhost'/><item jid='carol@localhost'/>":                        "bad-request",
		"<other jid='bob@localhost'/>":                                                    "bad-request",
		"<item jid='b b@localhost'/>":                                                     "bad-request",
		"<item/>":                                                                         "bad-request",
		"<item jid='alice@localhost'/>":                                                   "not-allowed",
		"<item jid='bob@localhost' subscription='remove'/>":                               "item-not-found",
		"<item jid='bob@localhost'><group>a</group><group>a</group></item>":               "bad-request",
		"<item jid='bob@localhost'><group/></item>":                                       "not-acceptable",
		"<item jid='bob@localhost' name='" + strings.Repeat("x", nameBytesMax+1) + "'/>":  "not-acceptable",
		"<item jid='b@localhost'><group>" + strings.Repeat("x", 1024) + "</group></item>": "not-acceptable",
		"<item jid='bob@localhost'>" + groups + "</item>":                                 "not-acceptable",
	} {
		c.setItem(item)
		c.wantError("iq", cond)
	}
	c.send("<iq type='get' id='1' to='bob@localhost'><query xmlns='jabber:iq:roster'/></iq>")
	c.wantError("iq", "service-unavailable")
	if r := c.roster(); len(r) != 0 {
		t.Errorf("roster %v", r)
	}
}

func TestRosterIsBounded(t *testing.T) {
	s := start(t, Config{})
	c := login(t, s, "alice", "a")
	for i := range rosterMax {
		c.setItem("<item jid='" + strconv.Itoa(i) + "@localhost'/>")
	}
	for range rosterMax {
		c.wantStanza("iq", "type=result")
	}
	c.setItem("<item jid='onemore@localhost'/>")
	c.wantError("iq", "resource-constraint")
	c.send("<presence type='subscribe' to='onemore@localhost'/>")
	c.wantError("presence", "resource-constraint")
	wantStored(t, s)
	if s.mu.Lock(); len(s.accounts) != 1 {
		t.Errorf("%d accounts", len(s.accounts))
	}
	s.stored = storeBytesMax
	s.mu.Unlock()
	c = login(t, s, "bob", "b")
	c.setItem("<item jid='alice@localhost'/>")
	c.wantError("iq", "resource-constraint")
	c.send("<presence type='subscribe' to='alice@localhost'/>")
	c.wantError("presence", "resource-constraint")
	c.send("<iq type='set' id='v'><vCard xmlns='vcard-temp'/></iq>")
	c.wantError("iq", "resource-constraint")
}
