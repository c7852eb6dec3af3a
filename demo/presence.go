package demo

import (
	"strconv"
	"strings"
)

// handlePresence is presence from a client (RFC 6121 §3, §4).
func (c *conn) handlePresence(el *element, to jid) {
	kind := el.attr("type")
	switch kind {
	case "subscribe", "subscribed", "unsubscribe", "unsubscribed":
		if c.s.local(to) && to.local != c.me.local {
			c.subscription(kind, el.with("from", c.me.bare()).with("to", to.bare()), to)
		}
	case "probe": // RFC 6121 §4.3: the server asks itself; a client that does so is answered
		if to.local != c.me.local {
			c.probe(to)
		}
	case "error":
		if t := c.s.session(to); t != nil {
			c.pass(el, t)
		}
	case "", "unavailable":
		switch {
		case to != jid{}:
			c.direct(el, to)
		case kind == "unavailable":
			c.unavailable(el)
		default:
			c.available(el)
		}
	default:
		c.fail(el, "bad-request")
	}
}

// available is initial presence or a change of it (RFC 6121 §4.2, §4.4).
func (c *conn) available(el *element) {
	if len(el.xml()) > presenceBytes {
		c.fail(el, "policy-violation")
		return
	}
	initial := c.presence == nil
	c.presence = el
	c.priority, _ = strconv.Atoi(strings.TrimSpace(el.child(nsClient, "priority").text()))
	c.broadcast(el)
	if !initial {
		return
	}
	c.probe(c.me)
	for _, it := range c.acct.roster {
		if it.to {
			c.probe(it.addr)
		}
	}
	for j := range c.acct.asks { // RFC 6121 §3.1.3
		c.send("<presence type='subscribe' from='" + esc(j) + "' to='" + esc(c.me.bare()) + "'/>")
	}
}

// unavailable ends what available began (RFC 6121 §4.5).
func (c *conn) unavailable(el *element) {
	if c.presence != nil {
		c.broadcast(el)
		c.presence = nil
	}
	for j := range c.directed { // RFC 6121 §4.6.3
		if to, ok := parseJID(j); ok {
			c.passPresence(el.with("to", j), to)
		}
	}
	clear(c.directed)
}

// broadcast tells the user's own available sessions, the sender included (RFC 6121 §4.2.2), and those of the subscribers.
func (c *conn) broadcast(el *element) {
	c.acct.tell(el)
	for _, it := range c.acct.roster {
		if a := c.s.accounts[it.addr.local]; it.from && a != nil {
			a.tell(el.with("to", it.addr.bare()))
		}
	}
}

// tell passes presence to the available sessions of an account.
func (a *account) tell(el *element) {
	text := el.xml()
	for _, t := range a.sessions {
		if t.presence != nil {
			t.send(text)
		}
	}
}

// probe asks the presence of a user on behalf of c, which hears about each available session, if it may (RFC 6121 §4.3.2).
func (c *conn) probe(of jid) {
	a := c.s.accounts[of.local]
	if a == nil {
		return
	}
	if it := a.roster[c.me.bare()]; a != c.acct && (it == nil || !it.from) {
		return
	}
	for _, t := range a.sessions {
		if t.presence != nil && t != c {
			c.send(t.presence.with("to", c.me.String()).xml())
		}
	}
}

// direct is presence for one address (RFC 6121 §4.6).
func (c *conn) direct(el *element, to jid) {
	key := to.String()
	switch it := c.acct.roster[to.bare()]; {
	case el.attr("type") == "unavailable":
		delete(c.directed, key)
	case it != nil && it.from && c.presence != nil: // hears of c's end anyway
	case len(c.directed) < directedMax:
		c.directed[key] = struct{}{}
	default:
		c.fail(el, "resource-constraint")
		return
	}
	c.passPresence(el, to)
}

// passPresence delivers presence to a session or to all available ones of a user; nobody there is no error (RFC 6121 §8.5).
func (c *conn) passPresence(el *element, to jid) {
	if to.resource == "" {
		if a := c.s.accounts[to.local]; a != nil {
			a.tell(el)
		}
	} else if t := c.s.session(to); t != nil {
		c.pass(el, t)
	}
}
