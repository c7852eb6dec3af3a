package spec

import (
	"testing"

	"go-xmpp-bosh/timer"
)

// XEP-0124 §8: payloads both ways.
var payloadRows = []row{
	{name: "B35 payloads go to the server at once", where: "S §8", test: func(t *testing.T) {
		c := joined(t, usual)
		c.a.post(c.next("", message("1")))
		c.backend.want("id='1'/>") // while the request is held:
		c.backend.send("<message id='2'/>")
		c.a.answer().holds("id='2'")
	}},
	{name: "B36 payloads of different requests go in the order of their rids", where: "M §8", test: func(t *testing.T) {
		c := joined(t, twoHeld)
		first, second, third := c.next("", message("1")), c.next("", message("2")), c.next("", message("3"))
		for _, request := range []string{third, second, first} {
			c.server.dial().post(request)
			c.settled()
		}
		inOrder(t, c.backend.want("id='3'/>"), "id='1'", "id='2'", "id='3'")
	}},
	{name: "B37 a request is answered with 200 and a body", where: "M §8", test: func(t *testing.T) {
		c := joined(t, polling)
		c.a.ask(c.next("", message("1"))) // answer and read check just that
	}},
	{name: "B38 a request is held until there is a payload", where: "S §8", test: func(t *testing.T) {
		m := operate(t, usual, nil)
		h := m.request(firstRID+1, "", "")
		m.advance(5 * timer.Second)
		m.waiting(h)
		m.stanza(0, "<message id='1'/>")
		m.answer(h).holds("id='1'")
		c := joined(t, usual) // and so on the wire
		c.hold(c.a)
		c.backend.send("<message id='1'/>")
		c.a.answer().holds("id='1'")
	}},
	{name: "B39 but not for longer than wait", where: "SN §8", test: func(t *testing.T) {
		m := operate(t, usual, nil)
		h := m.request(firstRID+1, "", "")
		m.advance(10*timer.Second - 1)
		m.waiting(h)
		m.advance(1)
		m.answer(h)
	}},
	{name: "B40 no more requests are held than hold", where: "SN §8", test: func(t *testing.T) {
		m := operate(t, usual, nil)
		one, two := m.request(firstRID+1, "", ""), m.request(firstRID+2, "", message("x"))
		m.answer(one).empty()
		m.waiting(two)
		m = operate(t, twoHeld, nil)
		one, two = m.request(firstRID+1, "", ""), m.request(firstRID+2, "", message("x"))
		m.waiting(one)
		m.waiting(two)
		three := m.request(firstRID+3, "", message("y"))
		m.answer(one).empty()
		m.waiting(two)
		m.waiting(three)
	}},
	{name: "B41 requests are answered in the order of their rids", where: "M §8", test: func(t *testing.T) {
		c := joined(t, twoHeld)
		first, second := c.next("", ""), c.next("", message("2"))
		c.b.post(second)
		c.settled()
		c.a.post(first)
		c.backend.want("id='2'/>")
		c.backend.send("<message id='3'/>")
		c.a.answer().holds("id='3'")
		c.backend.send("<message id='4'/>")
		c.b.answer().holds("id='4'")
	}},
	{name: "B42 when wait is over the answer is empty", where: "S §8", test: func(t *testing.T) {
		c := joined(t, "ver='1.11' wait='1' hold='1'")
		c.a.ask(c.next("", "")).empty()
	}},
	{name: "B43 payloads come as soon as possible, several in one body", where: "S §8", test: func(t *testing.T) {
		c := joined(t, usual)
		c.hold(c.a)
		c.backend.send("<message id='1'/><message id='2'/>")
		c.a.answer().holds("id='1'", "id='2'")
		m := operate(t, usual, nil) // what came while nothing was held is there for the next request
		m.stanza(0, "<message id='1'/>")
		m.stanza(0, "<message id='2'/>")
		m.answer(m.request(firstRID+1, "", "")).holds("id='1'", "id='2'")
	}},
	{name: "B44 empty requests are treated like others", where: "M §8", test: func(t *testing.T) {
		for _, payload := range []string{"", message("x")} {
			m := operate(t, usual, nil)
			h := m.request(firstRID+1, "", payload)
			m.waiting(h)
			m.stanza(0, "<message id='1'/>")
			m.answer(h).holds("id='1'")
			h = m.request(firstRID+2, "", payload)
			m.advance(10 * timer.Second)
			m.answer(h).empty()
			again := m.request(firstRID+1, "", payload)
			m.answer(again).holds("id='1'")
		}
	}},
}
