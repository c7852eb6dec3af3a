package spec

import (
	"strconv"
	"testing"

	"go-xmpp-bosh/timer"
)

const acking = usual + " ack='1'"

// XEP-0124 §9: acknowledgements of requests (§9.1) and of answers (§9.2).
var ackRows = []row{
	{name: "B45 acks are in the creation answer and throughout", where: "M §9.1", test: func(t *testing.T) {
		c := joined(t, acking)
		c.created.want("ack", strconv.Itoa(firstRID))
		for i := range 3 {
			c.hold(c.a)
			c.b.post(c.next("", message("x")))
			c.a.answer().empty().want("ack", strconv.Itoa(c.rid))
			c.backend.want("id='x'/>")
			c.backend.send("<message id='" + strconv.Itoa(i) + "'/>")
			c.b.answer().holds("<message")
		}
		m := operate(t, usual, nil) // without the agreement there are none
		h := m.request(firstRID+1, "", "")
		m.request(firstRID+2, "", message("x"))
		m.answer(h).empty().lacks("ack")
	}},
	{name: "B46 no ack where it would be the rid of the request itself", where: "SN §9.1", test: func(t *testing.T) {
		c := joined(t, acking)
		c.hold(c.a)
		c.backend.send("<message id='1'/>")
		c.a.answer().holds("id='1'").lacks("ack")
	}},
	{name: "B47 an ack is the highest rid below which none is missing", where: "S/M §9.1", test: func(t *testing.T) {
		m := operate(t, twoHeld+" ack='1'", nil)
		second := m.request(firstRID+1, "", "")
		fourth := m.request(firstRID+3, "", message("4"))
		m.stanza(0, "<message id='1'/>")
		m.answer(second).lacks("ack") // the third is missing
		third := m.request(firstRID+2, "", "")
		m.waiting(fourth)
		m.stanza(0, "<message id='2'/>")
		m.answer(third).holds("id='2'").want("ack", strconv.Itoa(firstRID+3))
	}},
	{name: "B48 a client's ack is the highest rid answered; none says that all have come", where: "M (c) §9.2", test: func(t *testing.T) {
		m := operate(t, acking, nil)
		m.request(firstRID+1, "ack='1000'", "")
		m.happened("acknowledged 1000")
		m.stanza(0, "<message id='1'/>")
		m.request(firstRID+2, "ack='1000'", "") // 1001 is not there yet
		m.happened()
		m.stanza(0, "<message id='2'/>")
		m.request(firstRID+3, "", "")
		m.happened("acknowledged 1001", "acknowledged 1002")
	}},
	{name: "B49 a missing answer is reported, with its age, at once", where: "O §9.2", test: func(t *testing.T) {
		m := operate(t, acking, nil)
		m.request(firstRID+1, "", "")
		m.stanza(0, "<message id='1'/>")
		m.advance(852)
		m.answer(m.request(firstRID+2, "ack='1000'", "")).want("report", "1001", "time", "852")
		// Not when it is only under way, and not twice (decisions.md 34).
		m.waiting(m.request(firstRID+3, "ack='1000'", message("x")))
		m = operate(t, acking, nil)
		m.request(firstRID+1, "", "")
		m.stanza(0, "<message id='1'/>")
		m.advance(250 * timer.Millisecond)
		m.waiting(m.request(firstRID+2, "ack='1000'", ""))
	}},
}
