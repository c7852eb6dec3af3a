package spec

import (
	"testing"

	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/timer"
)

// XEP-0124 §10: inactivity and pause. The usual inactivity is 70 seconds.
var inactivityRows = []row{
	{name: "B50 nothing held, and inactivity since the last answer: the client has gone", where: "S §10", test: func(t *testing.T) {
		m := operate(t, usual, nil)
		h := m.request(firstRID+1, "", "")
		m.advance(10 * timer.Second)
		m.answer(h).empty()
		m.advance(70*timer.Second - 1) // since that answer, not since the request
		m.there()
		m.advance(1)
		m.gone()
		if len(m.answers) != 2 {
			t.Fatalf("%d answers: it must not be told", len(m.answers))
		}
		m = operate(t, "ver='1.11' wait='55' hold='1' inactivity='10'", nil)
		m.request(firstRID+1, "", "")
		m.advance(54 * timer.Second) // while something is held there is no inactivity
		m.there()
	}},
	{name: "B51 a later request finds no session", where: "S §10", test: func(t *testing.T) {
		c := joined(t, usual+" inactivity='1'")
		c.created.want("inactivity", "1")
		c.backend.end()
		c.a.ask(c.next("", "")).ends("item-not-found")
	}},
	{name: "B52 no inactivity advertised is no limit", where: "S §10", test: func(t *testing.T) {
		m := operate(t, usual, func(cfg *bosh.Config) { cfg.InactivityDefault = 0 })
		m.created.lacks("inactivity")
		m.advance(1000 * timer.Hour)
		m.there()
		m.waiting(m.request(firstRID+1, "", ""))
	}},
	{name: "B53 inactivity is short, but longer than a bad round trip", where: "S §10", test: func(t *testing.T) {
		if n := joined(t, usual).created.number("inactivity"); n < 20 || n > 120 {
			t.Fatalf("inactivity %d", n)
		}
	}},
	{name: "B54 pausing only where maxpause was advertised", where: "M/c §10", test: func(t *testing.T) {
		m := operate(t, usual, func(cfg *bosh.Config) { cfg.PauseMax = 0 })
		m.created.lacks("maxpause")
		m.answer(m.request(firstRID+1, "pause='1'", "")).ends("policy-violation")
	}},
	{name: "B55 a pause answers all pending requests and raises the limit", where: "S §10", test: func(t *testing.T) {
		c := joined(t, usual)
		c.hold(c.a)
		c.b.post(c.next("pause='120'", ""))
		c.a.answer().empty()
		c.b.answer().empty()
		c.alive()
		m := operate(t, usual, nil)
		m.request(firstRID+1, "pause='120'", "")
		m.advance(120*timer.Second - 1)
		m.there()
		m.advance(1)
		m.gone()
	}},
	{name: "B56 the answer to a pause has no payload", where: "N §10", test: func(t *testing.T) {
		m := operate(t, usual, nil)
		m.stanza(0, "<message id='1'/>")
		m.answer(m.request(firstRID+1, "pause='60'", "")).empty()
		m.stanza(0, "<message id='2'/>")
		m.answer(m.request(firstRID+2, "", "")).holds("id='1'", "id='2'")
	}},
	{name: "B57 the next request brings the usual limit back", where: "S §10", test: func(t *testing.T) {
		m := operate(t, usual, nil)
		m.request(firstRID+1, "pause='120'", "")
		m.advance(100 * timer.Second)
		h := m.request(firstRID+2, "", "")
		m.advance(10 * timer.Second)
		m.answer(h).empty()
		m.advance(70*timer.Second - 1)
		m.there()
		m.advance(1)
		m.gone()
	}},
	{name: "B58 a pause above maxpause is a policy-violation", where: "decisions.md 5", test: func(t *testing.T) {
		c := joined(t, usual)
		c.created.want("maxpause", "120")
		c.a.ask(c.next("pause='121'", "")).ends("policy-violation")
		c.backend.end()
	}},
	{name: "B59 a pause as long as inactivity or shorter is allowed", where: "O §10", test: func(t *testing.T) {
		m := operate(t, usual, nil)
		held := m.request(firstRID+1, "", "")
		m.answer(m.request(firstRID+2, "pause='"+m.created.attr("inactivity")+"'", "")).empty()
		m.answer(held).empty() // which is what it is good for
		m.request(firstRID+3, "pause='10'", "")
		m.advance(10*timer.Second - 1)
		m.there()
		m.advance(1)
		m.gone()
	}},
}
