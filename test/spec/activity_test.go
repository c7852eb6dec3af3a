package spec

import (
	"testing"

	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/timer"
)

// XEP-0124 §11 (overactivity) and §12 (polling sessions). The polling interval is 2 seconds.
var activityRows = []row{
	{name: "B60 more unanswered requests than requests: the oldest is let go, or policy-violation", where: "S §11, decisions.md 4", test: func(t *testing.T) {
		c := joined(t, usual)
		c.a.post(c.next("", message("1")))
		c.backend.want("id='1'/>")
		for range 3 { // never more than hold are unanswered
			c.b.post(c.next("", message("2")))
			c.a.answer().empty()
			c.backend.want("id='2'/>")
			c.a, c.b = c.b, c.a
		}
		// Behind one that is missing they can't be answered.
		c = joined(t, usual)
		missing := c.next("", "")
		c.a.post(c.next("", message("3")))
		c.settled()
		c.b.ask(c.next("", message("4"))).ends("policy-violation")
		c.a.answer().ends("other-request")
		c.server.dial().ask(missing).ends("policy-violation")
		c.backend.end()
	}},
	{name: "B61 no requests advertised is no limit", where: "M §11", skip: "requests is always advertised (B23)"},
	{name: "B62 polling while all requests are unanswered, faster than polling: policy-violation", where: "S §11", test: func(t *testing.T) {
		c := joined(t, usual)
		c.hold(c.a)
		c.b.ask(c.next("", "")).ends("policy-violation")
		c.backend.end()
		m := operate(t, usual, nil) // slower is allowed, and so is what isn't empty
		one := m.request(firstRID+1, "", "")
		m.advance(2 * timer.Second)
		m.request(firstRID+2, "", "")
		m.answer(one).empty()
		m.request(firstRID+3, "", message("x"))
		m.there()
	}},
	{name: "B63 no polling advertised is no limit", where: "M §11", test: func(t *testing.T) {
		for _, attrs := range []string{usual, polling} {
			m := operate(t, attrs, func(cfg *bosh.Config) { cfg.Polling = 0 })
			m.created.lacks("polling")
			for i := range 20 {
				m.request(firstRID+1+i, "", "")
			}
			m.there()
		}
	}},
	{name: "B64 one request more is allowed to pause or terminate", where: "O/S §11", test: func(t *testing.T) {
		for _, extra := range []string{"pause='10'", "type='terminate'"} {
			c := joined(t, usual) // two requests, of which the first is late
			late := c.next("", message("1"))
			c.a.post(c.next("", message("2")))
			c.b.post(c.next(extra, message("3")))
			c.settled()
			c.server.dial().post(late)
			inOrder(t, c.backend.want("id='3'/>"), "id='1'", "id='2'", "id='3'")
		}
	}},
	{name: "B65 a polling session has a longer inactivity, by more than polling", where: "S §12", test: func(t *testing.T) {
		s := serve(t)
		normal, polls := s.dial().ask(create(usual)), s.dial().ask(create(polling))
		if more := polls.number("inactivity") - normal.number("inactivity"); more <= polls.number("polling") {
			t.Fatalf("%d seconds more", more)
		}
	}},
	{name: "B66 polling faster than polling, in vain: policy-violation", where: "S §12", test: func(t *testing.T) {
		c := joined(t, polling)
		c.a.ask(c.next("", "")).empty()
		c.a.ask(c.next("", "")).ends("policy-violation")
		c.backend.end()
		m := operate(t, polling, nil)
		m.stanza(0, "<message id='1'/>")
		m.answer(m.request(firstRID+1, "", "")).holds("id='1'") // not in vain
		m.answer(m.request(firstRID+2, "", "")).empty()
		m.answer(m.request(firstRID+3, "", message("x"))).empty() // not empty
		m.answer(m.request(firstRID+4, "", "")).empty()
		m.advance(2 * timer.Second)
		m.answer(m.request(firstRID+5, "", "")).empty() // not faster
		m.answer(m.request(firstRID+5, "", "")).empty() // not new
		m.there()
	}},
	{name: "B67 requests is never 1, not even to have a client poll", where: "note §12", test: func(t *testing.T) {
		for _, attrs := range []string{usual, polling, "hold='1'", "wait='0' hold='1'"} {
			if n := operate(t, attrs, nil).created.number("requests"); n < 2 {
				t.Errorf("requests %d for %q", n, attrs)
			}
		}
	}},
}
