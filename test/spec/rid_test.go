package spec

import (
	"strconv"
	"strings"
	"testing"
)

// XEP-0124 §14: request ids.
var ridRows = []row{
	{name: "B70 rids are 64-bit numbers up to 2^53-1", where: "c §14.1", test: func(t *testing.T) {
		s := serve(t)
		const last = 1<<53 - 1
		on := s.dial()
		on.post(strings.Replace(create(polling), strconv.Itoa(firstRID), strconv.Itoa(last-2), 1))
		c := &client{t: t, server: s, sid: on.answer().attr("sid")}
		on.ask(c.at(last-1, "", message("x"))).empty()
		on.ask(c.at(last, "", message("x"))).empty()
		on.ask(c.at(last, "", message("x"))).empty()
		on.ask(c.at(last+1, "", message("x"))).ends("bad-request")
	}},
	{name: "B71 effects and answers are in rid order, whatever order requests come in", where: "M §14.2", test: func(t *testing.T) {
		m := operate(t, twoHeld, nil)
		fourth := m.request(firstRID+3, "", message("4"))
		third := m.request(firstRID+2, "", message("3"))
		m.happened()
		second := m.request(firstRID+1, "", message("2"))
		m.happened("nodes 0 "+message("2"), "nodes 0 "+message("3"), "nodes 0 "+message("4"))
		m.answer(second).empty()
		m.waiting(third)
		m.stanza(0, "<message id='a'/>")
		m.answer(third).holds("id='a'")
		m.waiting(fourth)
		m.stanza(0, "<message id='b'/>")
		m.answer(fourth).holds("id='b'")
	}},
	{name: "B72 rids within a window of requests are taken", where: "S §14.2", test: func(t *testing.T) {
		c := joined(t, usual)
		first := c.next("", message("1"))
		c.rid += c.created.number("requests") - 2
		c.a.post(c.next("", message("window")))
		c.settled()
		c.b.post(first)
		inOrder(t, c.backend.want("id='window'/>"), "id='1'", "id='window'")
	}},
	{name: "B73 a rid above the window ends the session with item-not-found", where: "M §14.2", test: func(t *testing.T) {
		c := joined(t, usual)
		c.rid += c.created.number("requests")
		c.a.ask(c.next("", message("x"))).ends("item-not-found")
		if got := c.backend.end(); strings.Contains(got, "<message") {
			t.Fatalf("it took effect: %q", got)
		}
	}},
	{name: "B74 as many answers as requests are remembered, or all that aren't acknowledged", where: "S §14.3", test: func(t *testing.T) {
		for _, attrs := range []string{usual, twoHeld, acking} {
			m := operate(t, attrs, nil)
			acks := attrs == acking
			const newest = firstRID + 5
			for rid := firstRID + 1; rid <= newest; rid++ {
				attr := ""
				if acks {
					attr = "ack='1000'"
				}
				h := m.request(rid, attr, "")
				m.stanza(0, "<message id='"+strconv.Itoa(rid)+"'/>")
				m.answer(h).holds(strconv.Itoa(rid))
			}
			oldest := newest + 1 - m.created.number("requests")
			if acks {
				oldest = firstRID + 1
			}
			for rid := newest; rid >= oldest; rid-- {
				m.answer(m.request(rid, "ack='1000'", "")).holds(strconv.Itoa(rid))
			}
			m.there()
			if !acks {
				m.answer(m.request(oldest-1, "", "")).ends("item-not-found")
			}
		}
	}},
	{name: "B75 a repeat gets the same bytes, and takes no effect", where: "S §14.3", test: func(t *testing.T) {
		c := joined(t, usual)
		request := c.next("", message("1"))
		c.a.post(request)
		c.backend.want("id='1'/>")
		c.backend.send("<message id='2'><body>&amp;\u2028</body></message>")
		want := c.a.answer().holds("id='2'").text
		for _, on := range []*conn{c.a, c.b, c.server.dial()} {
			if got := on.ask(request).text; got != want {
				t.Fatalf("got %q, want %q", got, want)
			}
		}
		if got := c.b.ask(c.next("type='terminate'", "")); strings.Contains(c.backend.end(), "id='1'") {
			t.Fatalf("twice, before %q", got.text)
		}
	}},
	{name: "B76 a repeat of what is held: the earlier copy gets an error, the newest the answer", where: "S §14.3", test: func(t *testing.T) {
		c := joined(t, usual)
		request := c.hold(c.a)
		c.b.post(request)
		c.a.answer().want("type", "error").lacks("condition")
		c.backend.send("<message id='1'/>")
		c.b.answer().holds("id='1'")
	}},
	{name: "B77 repeats of one rid without end are a policy-violation", where: "O/S §14.3", test: func(t *testing.T) {
		c := joined(t, polling)
		request := c.next("", message("x"))
		for range 1000 {
			if got := c.a.ask(request); got.attrs["type"] != "" {
				got.ends("policy-violation")
				c.backend.end()
				return
			}
		}
		t.Fatal("a thousand repeats")
	}},
	{name: "B78 an answer that is gone is item-not-found", where: "M §14.3", test: func(t *testing.T) {
		c := joined(t, usual)
		c.a.ask(c.at(1, "", "")).ends("item-not-found")
		c.backend.end()
	}},
}
