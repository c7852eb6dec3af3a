package spec

import "testing"

// XEP-0124 §13: the client ends the session.
var terminateRows = []row{
	{name: "B68 what comes with a terminate goes to the server", where: "M §13", test: func(t *testing.T) {
		c := joined(t, usual)
		c.a.post(c.next("type='terminate'", "<presence xmlns='jabber:client' type='unavailable'/>"+message("bye")))
		inOrder(t, c.backend.end(), "<presence xmlns='jabber:client' type='unavailable'/>", "id='bye'", "</stream:stream>")
	}},
	{name: "B69 all are answered with 200: the oldest with a terminate, the others empty", where: "S §13", test: func(t *testing.T) {
		c := joined(t, twoHeld)
		c.hold(c.a)
		c.b.post(c.next("", message("x")))
		c.backend.want("id='x'/>")
		last := c.server.dial()
		last.post(c.next("type='terminate'", ""))
		c.a.answer().ends("")
		c.b.answer().empty()
		last.answer().empty()
		c = joined(t, usual)
		c.a.ask(c.next("type='terminate'", "")).ends("") // itself the oldest
		c.a.ask(c.at(c.rid, "type='terminate'", "")).ends("")
		c.a.ask(c.next("", "")).ends("item-not-found") // decisions.md 6
	}},
}
