package demo

import (
	"strings"
	"time"
)

// serveIQ answers what is asked of the server: about itself, or in the name of a user's account (RFC 6121 §8.5.2.1.3).
// to is nobody, the domain or a bare JID.
func (c *conn) serveIQ(iq *element, to jid) {
	payload := iq.children()[0]
	own := to == jid{} || to.local == c.me.local
	server := to.local == ""
	switch what := iq.attr("type") + " " + payload.space + " " + payload.local; {
	case what == "get "+nsRoster+" query" && own:
		c.getRoster(iq)
	case what == "set "+nsRoster+" query" && own:
		c.setRoster(iq)
	case what == "set "+nsSession+" session" && (own || server): // RFC 3921 §3
		c.reply(iq, "")
	case what == "get "+nsPing+" ping" && (own || server):
		c.reply(iq, "")
	case what == "get "+nsInfo+" query":
		c.info(iq, payload, to)
	case what == "get "+nsItems+" query":
		c.items(iq, payload, to)
	case what == "get "+nsVersion+" query" && server:
		c.reply(iq, "<query xmlns='"+nsVersion+"'><name>bosh-server demo</name><version>1</version></query>")
	case what == "get "+nsTime+" time" && server:
		c.reply(iq, "<time xmlns='"+nsTime+"'><tzo>+00:00</tzo><utc>"+time.Now().UTC().Format(time.RFC3339)+"</utc></time>")
	case what == "get "+nsVCard+" vCard" && (own || !server):
		c.getVCard(iq, to)
	case what == "set "+nsVCard+" vCard" && own:
		c.setVCard(iq, payload)
	default:
		c.fail(iq, "service-unavailable") // RFC 6120 §8.3.3.19
	}
}

// info is service discovery: what the server or an account is and can (XEP-0030 §3, RFC 6121 §8.5.2.1.3).
func (c *conn) info(iq, query *element, to jid) {
	if query.attr("node") != "" {
		c.fail(iq, "item-not-found")
		return
	}
	identity := "<identity category='server' type='im' name='bosh-server demo'/>"
	features := []string{nsInfo, nsItems, nsRoster, nsVersion, nsPing, nsTime, nsVCard}
	if to.local != "" {
		identity = "<identity category='account' type='registered'/>"
		features = []string{nsInfo, nsItems, nsVCard}
		if to.local == c.me.local && c.anonymous {
			identity = "<identity category='account' type='anonymous'/>"
		}
	}
	c.reply(iq, "<query xmlns='"+nsInfo+"'>"+identity+
		"<feature var='"+strings.Join(features, "'/><feature var='")+"'/></query>")
}

// items is service discovery: the server has no parts, an account has its available sessions, which its user sees and who may
// see its presence (XEP-0030 §8).
func (c *conn) items(iq, query *element, to jid) {
	var b strings.Builder
	if a := c.s.accounts[to.local]; a != nil && query.attr("node") == "" {
		it := a.roster[c.me.bare()]
		for _, t := range a.sessions {
			if t.presence != nil && (a == c.acct || it != nil && it.from) {
				b.WriteString("<item jid='" + esc(t.me.String()) + "'/>")
			}
		}
	}
	c.reply(iq, "<query xmlns='"+nsItems+"'>"+b.String()+"</query>")
}

// getVCard answers with a user's card (XEP-0054 §3.1); without one, or without such a user, with an empty one.
func (c *conn) getVCard(iq *element, to jid) {
	a := c.acct
	if to.local != "" {
		a = c.s.accounts[to.local]
	}
	card := ""
	if a != nil {
		card = a.vcard
	}
	if card == "" {
		card = "<vCard xmlns='" + nsVCard + "'/>"
	}
	c.reply(iq, card)
}

// setVCard keeps the user's card (XEP-0054 §3.2).
func (c *conn) setVCard(iq, card *element) {
	text := card.xml()
	if len(text) > vcardBytesMax {
		c.fail(iq, "policy-violation")
		return
	}
	if !c.s.charge(len(text) - len(c.acct.vcard)) {
		c.fail(iq, "resource-constraint")
		return
	}
	c.acct.vcard = text
	c.reply(iq, "")
}
