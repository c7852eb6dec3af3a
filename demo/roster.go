package demo

import (
	"slices"
	"strings"
)

// contact is an item of a roster (RFC 6121 §2.1.2).
type contact struct {
	addr   jid // bare
	name   string
	groups []string
	to     bool // the user is told of the contact's presence
	from   bool // the contact is told of the user's
	ask    bool // the user has asked for it and has no answer yet
}

const (
	contactBytes = 256 // charged for a contact beside its texts, and for a request
	groupsMax    = 32
	nameBytesMax = 1023
)

func (it *contact) size() int {
	return contactBytes + len(it.addr.bare()) + len(it.name) + len(strings.Join(it.groups, ""))
}

func (it *contact) subscription() string {
	switch {
	case it.to && it.from:
		return "both"
	case it.to:
		return "to"
	case it.from:
		return "from"
	default:
		return "none"
	}
}

func (it *contact) xml() string {
	var b strings.Builder
	b.WriteString("<item jid='" + esc(it.addr.bare()) + "' subscription='" + it.subscription() + "'")
	if it.name != "" {
		b.WriteString(" name='" + esc(it.name) + "'")
	}
	if it.ask {
		b.WriteString(" ask='subscribe'")
	}
	b.WriteString(">")
	for _, g := range it.groups {
		b.WriteString("<group>" + esc(g) + "</group>")
	}
	b.WriteString("</item>")
	return b.String()
}

// contact finds the roster item of an address or makes one; nil when there is no room.
func (s *Server) contact(a *account, addr jid) *contact {
	addr.resource = ""
	it := a.roster[addr.bare()]
	if it == nil {
		it = &contact{addr: addr}
		if len(a.roster) >= rosterMax || !s.charge(it.size()) {
			return nil
		}
		a.roster[addr.bare()] = it
	}
	return it
}

// drop removes a roster item.
func (s *Server) drop(a *account, bare string) {
	s.charge(-a.roster[bare].size())
	delete(a.roster, bare)
}

// ask notes that somebody wants to see the user; it says whether that is new, and whether there was room.
func (s *Server) ask(a *account, bare string) (isNew, ok bool) {
	if _, old := a.asks[bare]; old {
		return false, true
	}
	if len(a.asks) >= asksMax || !s.charge(contactBytes+len(bare)) {
		return false, false
	}
	a.asks[bare] = struct{}{}
	return true, true
}

// answerAsk takes a request off the list and says whether it was there.
func (s *Server) answerAsk(a *account, bare string) bool {
	_, ok := a.asks[bare]
	if ok {
		delete(a.asks, bare)
		s.charge(-contactBytes - len(bare))
	}
	return ok
}

// push tells the sessions that know the roster of a change (RFC 6121 §2.1.6).
func (a *account) push(item string) {
	for _, t := range a.sessions {
		if t.interested {
			t.send("<iq type='set' id='" + token() + "' to='" + esc(t.me.String()) +
				"'><query xmlns='" + nsRoster + "'>" + item + "</query></iq>")
		}
	}
}

// getRoster answers with the roster (RFC 6121 §2.1.3).
func (c *conn) getRoster(iq *element) {
	c.interested = true
	var b strings.Builder
	for _, it := range c.acct.roster {
		b.WriteString(it.xml())
	}
	c.reply(iq, "<query xmlns='"+nsRoster+"'>"+b.String()+"</query>")
}

// setRoster adds, changes or removes a contact (RFC 6121 §2.3, §2.4, §2.5).
func (c *conn) setRoster(iq *element) {
	items := iq.children()[0].children()
	if len(items) != 1 || !items[0].is(nsRoster, "item") {
		c.fail(iq, "bad-request")
		return
	}
	item := items[0]
	addr, ok := parseJID(item.attr("jid"))
	addr.resource = ""
	if !ok {
		c.fail(iq, "bad-request")
		return
	}
	if addr.bare() == c.me.bare() {
		c.fail(iq, "not-allowed")
		return
	}
	it := c.acct.roster[addr.bare()]
	if item.attr("subscription") == "remove" {
		if it == nil {
			c.fail(iq, "item-not-found") // RFC 6121 §2.5.3
			return
		}
		c.removeContact(it)
		c.reply(iq, "")
		return
	}
	next := contact{addr: addr, name: item.attr("name")}
	for _, g := range item.children() {
		if g.is(nsRoster, "group") {
			next.groups = append(next.groups, g.text())
		}
	}
	if cond := next.check(); cond != "" {
		c.fail(iq, cond)
		return
	}
	if it = c.s.contact(c.acct, addr); it == nil || !c.s.charge(next.size()-it.size()) {
		c.fail(iq, "resource-constraint")
		return
	}
	it.name, it.groups = next.name, next.groups
	c.reply(iq, "")
	c.acct.push(it.xml())
}

// check is what a client may not set (RFC 6121 §2.3.3).
func (it *contact) check() (cond string) {
	if len(it.name) > nameBytesMax || len(it.groups) > groupsMax {
		return "not-acceptable"
	}
	for i, g := range it.groups {
		switch {
		case g == "" || len(g) > nameBytesMax:
			return "not-acceptable"
		case slices.Contains(it.groups[:i], g):
			return "bad-request"
		}
	}
	return ""
}

// removeContact ends both subscriptions and the item with them (RFC 6121 §2.5.2).
func (c *conn) removeContact(it *contact) {
	if c.s.local(it.addr) {
		for _, kind := range []string{"unsubscribe", "unsubscribed"} {
			c.subscription(kind, presence(kind, c.me.bare()).with("to", it.addr.bare()), it.addr)
		}
	}
	c.s.drop(c.acct, it.addr.bare())
	c.acct.push("<item jid='" + esc(it.addr.bare()) + "' subscription='remove'/>")
}
