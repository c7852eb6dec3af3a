package spec

import (
	"strings"
	"testing"

	"go-xmpp-bosh/bosh"
)

// XEP-0124 §16: several streams in one session.
var streamRows = []row{
	{name: "B83 the creation answer names the first stream, unpredictably", where: "M §16.2", test: func(t *testing.T) {
		s := serve(t)
		seen := map[string]bool{}
		for range 20 {
			created := s.dial().ask(create(polling))
			if name := created.attr("stream"); len(name) >= 32 && !strings.Contains(created.attr("sid"), name) {
				seen[name] = true
			}
		}
		if len(seen) != 20 {
			t.Fatalf("%d good names of 20", len(seen))
		}
	}},
	{name: "B84 not advertised, it is a normal empty request", where: "M §16.3", test: func(t *testing.T) {
		m := operate(t, usual, func(cfg *bosh.Config) { cfg.StreamsMax = 1 })
		m.created.lacks("stream")
		h := m.request(firstRID+1, "to='other.example' from='me@other.example' xml:lang='en'", "")
		m.waiting(h)
		m.happened()
		m.stanza(0, "<message id='1'/>")
		m.answer(h).holds("id='1'").lacks("stream")
	}},
	{name: "B85 an empty body with to opens a stream, and its answer names it", where: "M/O/SN §16.3", test: func(t *testing.T) {
		c := joined(t, usual)
		c.a.post(c.next("to='other.example' xml:lang='de'", ""))
		inOrder(t, c.server.backend().header(), "to='other.example'", "xml:lang='de'")
		added := c.a.answer().want("from", "other.example")
		added.lacks("sid", "requests", "polling", "hold", "inactivity", "maxpause", "accept", "charsets", "ver", "wait")
		if added.attr("stream") == c.created.attr("stream") {
			t.Fatalf("both have the name %s", added.attr("stream"))
		}
	}},
	{name: "B86 where there is a from there is a stream", where: "O §16.3", test: func(t *testing.T) {
		c := joined(t, usual)
		c.created.want("from", "example.org").attr("stream")
		c.a.ask(c.next("to='other.example'", "")).want("from", "other.example").attr("stream")
	}},
	{name: "B87 with several streams each body with payload names the one that it is of", where: "M §16.4", test: func(t *testing.T) {
		c, second, name := twoStreams(t, usual)
		c.a.post(c.next("", message("x")))
		c.backend.want("id='x'/>")
		c.backend.send("<message id='1'/>")
		c.a.answer().holds("id='1'").want("stream", c.created.attr("stream"))
		second.want("id='x'/>")
		c.a.post(c.next("", message("y")))
		second.want("id='y'/>")
		second.send("<message id='2'/>")
		c.a.answer().holds("id='2'").want("stream", name)
		m := operate(t, usual, nil) // never payloads of two in one body
		m.request(firstRID+1, "to='other.example'", "")
		m.stanza(0, "<message id='1'/>")
		m.stanza(1, "<message id='2'/>")
		one, two := m.answer(m.request(firstRID+2, "", "")), m.answer(m.request(firstRID+3, "", ""))
		if len(one.children) != 1 || len(two.children) != 1 || one.attr("stream") == two.attr("stream") {
			t.Fatalf("%q and %q", one.text, two.text)
		}
	}},
	{name: "B88 payload without a stream goes to all that are open", where: "M §16.4", test: func(t *testing.T) {
		c, second, name := twoStreams(t, usual)
		c.a.post(c.next("", message("all")))
		c.backend.want("id='all'/>")
		second.want("id='all'/>")
		c.b.post(c.next("stream='"+name+"'", message("one")))
		second.want("id='one'/>")
		c.a.answer()
		c.a.post(c.next("stream='"+c.created.attr("stream")+"'", message("other")))
		if got := c.backend.want("id='other'/>"); strings.Contains(got, "id='one'") {
			t.Fatalf("the first got %q", got)
		}
	}},
	{name: "B89 an unknown stream is item-not-found; one just closed is ignored", where: "S/O §16.4", test: func(t *testing.T) {
		c, second, name := twoStreams(t, usual)
		c.a.ask(c.next("stream='nobody'", message("x"))).ends("item-not-found").want("stream", "nobody")
		c.a.ask(c.next("stream='"+name+"' type='terminate'", "")).ends("").want("stream", name)
		second.end()
		c.a.post(c.next("stream='"+name+"'", message("late")))
		c.settled()
		c.b.post(c.next("", message("fine")))
		c.a.answer().empty()
		if got := c.backend.want("id='fine'/>"); strings.Contains(got, "<message xmlns='jabber:client' id='x'") || strings.Contains(got, "late") {
			t.Fatalf("the first got %q", got)
		}
	}},
	{name: "B90 an empty body has no stream, and one that it has is ignored", where: "SN/S §16.4", test: func(t *testing.T) {
		c, second, _ := twoStreams(t, usual)
		c.a.post(c.next("stream='nobody'", ""))
		c.settled()
		c.b.post(c.next("", message("x")))
		c.a.answer().empty().lacks("stream")
		second.want("id='x'/>")
	}},
	{name: "B91 an answer is of the same session, not always of the same stream", where: "M §16.4", test: func(t *testing.T) {
		c, second, name := twoStreams(t, usual)
		c.a.post(c.next("stream='"+name+"'", message("x")))
		second.want("id='x'/>")
		c.backend.send("<message id='1'/>")
		c.a.answer().holds("id='1'").want("stream", c.created.attr("stream"))
	}},
	{name: "B92 closing the last stream, or all without a name, ends the session", where: "M §16.5", test: func(t *testing.T) {
		c, second, name := twoStreams(t, usual)
		c.a.ask(c.next("stream='"+name+"' type='terminate'", message("bye"))).ends("").want("stream", name)
		inOrder(t, second.end(), "id='bye'", "</stream:stream>")
		c.alive()
		c.a.post(c.next("stream='"+c.created.attr("stream")+"' type='terminate'", message("bye")))
		inOrder(t, c.backend.end(), "id='bye'", "</stream:stream>")
		c.a.answer()
		c.a.ask(c.next("", "")).ends("item-not-found")

		c, second, _ = twoStreams(t, usual)
		c.a.ask(c.next("type='terminate'", message("bye"))).ends("").lacks("stream")
		for _, stream := range []*backend{c.backend, second} {
			inOrder(t, stream.end(), "id='bye'", "</stream:stream>")
		}
		c.a.ask(c.next("", "")).ends("item-not-found")
	}},
	{name: "B93 an error with stream closes that one, an error without closes all", where: "M/SN §16.6", test: func(t *testing.T) {
		c, second, name := twoStreams(t, usual)
		c.hold(c.a)
		second.Close()
		c.a.answer().ends("remote-connection-failed").want("stream", name)
		c.alive()
		c, second, _ = twoStreams(t, usual)
		c.a.ask(c.next("pause='999'", "")).ends("policy-violation").lacks("stream")
		c.backend.end()
		second.end()
		c.a.ask(c.next("", "")).ends("policy-violation").lacks("stream")
	}},
}

// twoStreams is a session with a second stream, whose features are fetched.
func twoStreams(t testing.TB, attrs string) (c *client, second *backend, name string) {
	t.Helper()
	c = joined(t, attrs)
	name = c.a.ask(c.next("to='other.example' xmpp:version='1.0'", "")).attr("stream")
	second = c.server.backend()
	c.a.post(c.next("", ""))
	second.open()
	c.a.answer().holds("<stream:features").want("stream", name)
	return c, second, name
}
