package spec

import (
	"strconv"
	"strings"
	"testing"

	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/timer"
)

const streamError = "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"

// XEP-0124 §17: errors.
var errorRows = []row{
	{name: "B94 HTTP status codes stand for conditions only for who gave no ver", where: "S/SN §17.1", test: func(t *testing.T) {
		for _, legacy := range []bool{true, false} {
			attrs := usual
			if legacy {
				attrs = "wait='10' hold='1'"
			}
			s := serve(t)
			for _, c := range []struct {
				ahead     int // of the newest rid; so far that it is none, too
				attrs     string
				status    int
				condition string
			}{
				{1 << 53, "", 400, "bad-request"},
				{1, "pause='999'", 403, "policy-violation"},
				{99, "", 404, "item-not-found"},
			} {
				session := s.join(attrs)
				session.a.post(session.at(session.rid+c.ahead, c.attrs, ""))
				r, text := session.a.response()
				read(t, text).ends(c.condition)
				if want := map[bool]int{true: c.status, false: 200}[legacy]; r.StatusCode != want {
					t.Errorf("%s, legacy %v: status %d, want %d", c.condition, legacy, r.StatusCode, want)
				}
			}
		}
	}},
	{name: "B95 the terminal conditions, each where it belongs", where: "O §17.2", test: func(t *testing.T) {
		s := serve(t)
		fresh := func(request string) *answer { t.Helper(); return s.dial().ask(request) }
		fresh(strings.Replace(create(usual), "'1000'", "'none'", 1)).ends("bad-request")
		fresh(createFor("nobody.invalid", usual)).ends("host-unknown")
		fresh(createFor("", usual)).ends("improper-addressing")
		fresh(createFor("not a name!", usual)).ends("improper-addressing")
		fresh("<body rid='2' sid='nobody'" + namespaces + "/>").ends("item-not-found")

		c := s.join(usual)
		c.hold(c.a)
		c.b.ask(c.next("pause='999'", "")).ends("policy-violation")
		c.a.answer().ends("other-request")

		c = s.join(usual)
		c.hold(c.a)
		c.backend.Close()
		c.a.answer().ends("remote-connection-failed")

		c = s.join(usual)
		c.hold(c.a)
		c.backend.send(streamError)
		c.a.answer().ends("remote-stream-error")

		c = s.join(usual)
		c.hold(c.a)
		s.cm.Shutdown()
		c.a.answer().ends("system-shutdown")

		for _, cond := range []bosh.Condition{bosh.CondHostGone, bosh.CondInternalServerError, bosh.CondUndefinedCondition} {
			m := operate(t, usual, nil)
			h := m.request(firstRID+1, "", "")
			m.session.HandleStreamEnd(m.now, 0, cond, nil)
			m.answer(h).ends(cond.String())
		}
		m := operate(t, usual, nil)
		h := m.request(firstRID+1, "", "")
		m.session.HandleShutdown(m.now, bosh.CondSeeOtherURI, []byte("https://example.org/?a=1&b=2"))
		m.answer(h).ends("see-other-uri").holds("<uri>https://example.org/?a=1&amp;b=2</uri>")
	}},
	{name: "B96 stream errors of the server are remote-stream-error, whatever they are", where: "S §17.2", test: func(t *testing.T) {
		s := serve(t)
		for _, name := range []string{"host-unknown", "system-shutdown", "policy-violation", "see-other-host", "undefined-condition"} {
			c := s.join(usual)
			c.hold(c.a)
			c.backend.send("<stream:error><" + name + " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>")
			c.a.answer().ends("remote-stream-error").holds("<stream:error><" + name)
		}
	}},
	{name: "B97 undefined-condition comes with information", where: "S §17.2", skip: "never sent: each of our reasons to end has a condition of its own"},
	{name: "B98 after an error of type error the client repeats, and the session goes on", where: "O §17.3", test: func(t *testing.T) {
		c := joined(t, usual)
		c.a.post(c.next("", message("once")))
		c.backend.want("id='once'/>")
		request := c.at(c.rid, "", message("once"))
		for range 3 {
			c.b.post(request)
			c.a.answer().want("type", "error")
			c.a, c.b = c.b, c.a
		}
		c.backend.send("<message id='1'/>")
		c.a.answer().holds("id='1'").lacks("type")
		c.b.post(c.next("", message("end")))
		if got := c.backend.want("id='end'/>"); strings.Contains(got, "once") {
			t.Fatalf("a repeat took effect: %q", got)
		}
		m := operate(t, usual, nil) // one that can't be answered, since the one before it never came
		third := m.request(firstRID+2, "", message("3"))
		m.advance(15 * timer.Second)
		m.answer(third).want("type", "error")
		second, again := m.request(firstRID+1, "", message("2")), m.request(firstRID+2, "", message("3"))
		m.happened("nodes 0 "+message("2"), "nodes 0 "+message("3"))
		m.answer(second).empty()
		m.waiting(again)
	}},
	{name: "B99 errors inside payloads pass", where: "M §17.4", test: func(t *testing.T) {
		c := joined(t, usual)
		for i, stanza := range []string{
			"<iq xmlns='jabber:client' type='error' id='ID'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
			"<message xmlns='jabber:client' type='error' id='ID'><error type='wait' code='404'/></message>",
		} {
			stanza = strings.Replace(stanza, "ID", strconv.Itoa(i), 1)
			c.a.post(c.next("", stanza))
			c.backend.want(stanza)
			c.backend.send(stanza)
			c.a.answer().holds(stanza).lacks("type", "condition")
		}
		c.a.post(c.next("", ""))
		c.backend.send("<failure xmlns='" + nsSASL + "'><not-authorized/></failure>")
		c.a.answer().holds("<failure xmlns='"+nsSASL+"'><not-authorized/></failure>").lacks("type", "condition")
		c.alive()
	}},
}
