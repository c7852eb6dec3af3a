package spec

import (
	"strings"
	"testing"
)

// XEP-0206: XMPP over BOSH.
var xmppRows = []row{
	{name: "X1 a body holds whole features, stanzas, SASL, or a stream error behind stanzas", where: "S §2", test: func(t *testing.T) {
		c := joined(t, usual)
		if got, want := c.opened.names(), "{"+nsStreams+"}features"; got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
		for _, element := range []string{
			"<challenge xmlns='" + nsSASL + "'>AA==</challenge>",
			"<iq type='result' id='1'><query xmlns='urn:x'/></iq>",
			"<presence from='a@example.org'/>",
			"<message><body>text</body></message>",
			"<a xmlns='urn:xmpp:sm:3' h='1'/>",
			"<continue xmlns='urn:xmpp:sasl:2'/>",
		} {
			c.a.post(c.next("", ""))
			c.backend.send("\n" + element[:9]) // only when it is whole
			c.settled()
			c.backend.send(element[9:] + " ")
			got := c.a.answer()
			if len(got.children) != 1 || !strings.HasSuffix(got.children[0].text, element[strings.IndexAny(element, " >")+1:]) {
				t.Fatalf("got %q for %q", got.text, element)
			}
		}
	}},
	{name: "X2 with features or a stream error inside, the body declares xmlns:stream", where: "M §2", test: func(t *testing.T) {
		for _, prefix := range []string{"stream", "s"} { // whatever the server calls it (decisions.md 8)
			c := joined(t, usual)
			rename := strings.NewReplacer("stream:", prefix+":", "xmlns:stream", "xmlns:"+prefix)
			c.a.post(c.next("xmpp:restart='true'", ""))
			c.backend.header()
			c.backend.send(rename.Replace(streamHeader + features))
			for _, got := range []*answer{c.opened, c.a.answer()} {
				inOrder(t, got.holds("<stream:features>", "</stream:features>").start, " xmlns:stream='"+nsStreams+"'")
			}
			c.hold(c.a)
			c.backend.send(rename.Replace(streamError))
			inOrder(t, c.a.answer().holds("<stream:error>", "</stream:error>").start, " xmlns:stream='"+nsStreams+"'")
		}
	}},
	{name: "X3 a stream error ends the session with remote-stream-error, behind the stanzas", where: "M §2", test: func(t *testing.T) {
		c := joined(t, usual)
		c.hold(c.a)
		c.backend.send("<message id='1'/><message id='2'/>" + streamError + "</stream:stream>")
		last := c.a.answer().ends("remote-stream-error").holds("id='1'", "id='2'", "<stream:error><conflict")
		if len(last.children) != 3 {
			t.Fatalf("%q", last.text)
		}
	}},
	{name: "X4 TLS isn't offered over BOSH, nor negotiated", where: "SN §2", test: func(t *testing.T) {
		c := joined(t, usual)
		c.restart("<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>")
		if got := c.a.answer().holds("<bind "); strings.Contains(got.text, "starttls") {
			t.Fatalf("offered: %q", got.text)
		}
		// Who asks for it all the same is refused here (decisions.md 23).
		c.b.ask(c.next("", "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")).holds("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>").lacks("type")
		c.b.post(c.next("", message("x")))
		if got := c.backend.want("id='x'/>"); strings.Contains(got, "starttls") {
			t.Fatalf("the server got %q", got)
		}
	}},
	{name: "X5 xmpp:version is the version of the stream to the server", where: "S §3", test: func(t *testing.T) {
		s := serve(t)
		for asked, told := range map[string]string{"xmpp:version='1.0'": "1.0", "xmpp:version='1.5'": "1.5", "": "1.0"} {
			s.dial().post(create("ver='1.11' wait='10' hold='1' " + asked))
			inOrder(t, s.backend().header(), " version='"+told+"'")
		}
	}},
	{name: "X6 the stream tags are ours: none passes in either direction", where: "M §3", test: func(t *testing.T) {
		for _, element := range []string{
			"<stream:stream xmlns:stream='" + nsStreams + "' to='example.org'/>",
			"<s:error xmlns:s='" + nsStreams + "'/>",
			"<open xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>",
		} {
			c := joined(t, usual)
			c.a.ask(c.next("", element)).ends("bad-request")
			if got := c.backend.end(); got != "</stream:stream>" {
				t.Errorf("the server got %q", got)
			}
		}
		c := joined(t, usual)
		c.backend.send("</stream:stream>")
		if got := c.a.ask(c.next("", "")).ends(""); len(got.children) > 0 {
			t.Fatalf("the client got %q", got.text)
		}
	}},
	{name: "X7 xmpp:version and the features are in the first answers", where: "S §4", test: func(t *testing.T) {
		c := joined(t, usual)
		c.created.want("xmpp:version", "1.0")
		c.opened.want("xmpp:version", "1.0", "authid", "id1").holds("<stream:features>")
		operate(t, usual, nil).created.want("authid", "id1").holds("<stream:features>") // in one, if they come in time
	}},
	{name: "X8 restarting is advertised by xmpp:restartlogic", where: "M §4", test: func(t *testing.T) {
		joined(t, usual).created.want("xmpp:restartlogic", "true") // X12: true and 1 are taken
	}},
	{name: "X9 features that come later come to an empty request", where: "§4", test: func(t *testing.T) {
		s := serve(t)
		c := &client{t: t, server: s, rid: firstRID, a: s.dial()}
		c.a.post(create(usual))
		be := s.backend()
		be.header()
		created := c.a.answer().empty().want("xmpp:version", "1.0") // after about a second
		c.sid = created.attr("sid")
		c.hold(c.a)
		be.send(streamHeader + features)
		c.a.answer().holds("<stream:features>").want("xmpp:version", "1.0", "authid", "id1")
	}},
	{name: "X10 compression of the stream isn't offered, nor negotiated", where: "SN §4", test: func(t *testing.T) {
		c := joined(t, usual)
		c.restart("<stream:features><compression xmlns='http://jabber.org/features/compress'><method>zlib</method></compression><ver xmlns='urn:x'/></stream:features>")
		if got := c.a.answer().holds("<ver "); strings.Contains(got.text, "compress") {
			t.Fatalf("offered: %q", got.text)
		}
		c.b.ask(c.next("", "<compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>")).holds("<failure xmlns='http://jabber.org/protocol/compress'>").lacks("type")
		c.b.post(c.next("", message("x")))
		if got := c.backend.want("id='x'/>"); strings.Contains(got, "compress") {
			t.Fatalf("the server got %q", got)
		}
	}},
	{name: "X11 adding a stream has xmpp:version both ways", where: "S §4", test: func(t *testing.T) {
		c := joined(t, usual)
		c.a.ask(c.next("to='other.example' xmpp:version='1.5'", "")).want("xmpp:version", "1.0")
		inOrder(t, c.server.backend().header(), " version='1.5'")
	}},
	{name: "X12 a restart is a boolean, and a stanza beside it is ignored", where: "M/S §5", test: func(t *testing.T) {
		for _, yes := range []string{"true", "1"} {
			c := joined(t, usual)
			c.a.post(c.next("xmpp:restart='"+yes+"'", message("ignored")))
			if got := c.backend.header(); strings.Contains(got, "ignored") {
				t.Fatalf("the server got %q", got)
			}
			c.backend.send(streamHeader + features)
			c.a.answer().holds("<stream:features>")
			c.a.post(c.next("", message("x")))
			if got := c.backend.want("id='x'/>"); strings.Contains(got, "ignored") {
				t.Fatalf("the server got %q", got)
			}
		}
		for _, no := range []string{"false", "0", "yes"} {
			c := joined(t, usual)
			c.a.post(c.next("xmpp:restart='"+no+"'", message("x")))
			if got := c.backend.want("id='x'/>"); strings.Contains(got, "<stream:stream") {
				t.Fatalf("restart=%q restarts: %q", no, got)
			}
		}
	}},
	{name: "X13 to, xml:lang and from of a restart are honoured", where: "S §5", test: func(t *testing.T) {
		c := joined(t, usual)
		c.a.post(c.next("xmpp:restart='true' to='new.example' xml:lang='de' from='me@new.example'", ""))
		inOrder(t, c.backend.header(), " to='new.example'", " from='me@new.example'", " xml:lang='de'")
	}},
	{name: "X14 a restart opens a stream on the same connection, without closing the old one", where: "M §5", test: func(t *testing.T) {
		c := joined(t, usual)
		c.a.post(c.next("xmpp:restart='true'", ""))
		if got := c.backend.header(); strings.Contains(got, "</stream:stream>") {
			t.Fatalf("the server got %q", got)
		}
		c.backend.send(streamHeader + features)
		c.a.answer()
		c.alive()
	}},
	{name: "X15 the features after a restart reach the client", where: "M §5", test: func(t *testing.T) {
		c := joined(t, usual)
		c.restart("<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='urn:xmpp:sm:3'/></stream:features>")
		c.a.answer().holds("<stream:features>", "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>", "<sm xmlns='urn:xmpp:sm:3'/>").lacks("type")
	}},
	{
		name: "X16 SASL EXTERNAL by the certificate of the HTTP connection", where: "S §5",
		skip: "out of scope: it wants client certificates, and TLS ends at the web server before it",
	},
	{name: "X17 a stream error that finds nothing held is what the next request learns", where: "S §6", test: func(t *testing.T) {
		c := joined(t, usual)
		c.backend.send("<message id='1'/>" + streamError + "</stream:stream>")
		c.backend.want("</stream:stream>") // so it has been read
		last := c.a.ask(c.next("", "")).ends("remote-stream-error").holds("id='1'", "<stream:error><conflict")
		inOrder(t, last.start, " xmlns:stream='"+nsStreams+"'")
	}},
	{name: "X18 a stanza for a client that has gone bounces", where: "S §7", test: func(t *testing.T) {
		c := joined(t, usual+" inactivity='2'")
		c.backend.send("<message from='a@b' to='me@example.org' id='m'><body>text</body></message><message from='a@b' type='error' id='e'/>" +
			"<iq from='a@b' to='me@example.org' type='get' id='g'/><iq from='a@b' type='set' id='s'/><iq from='a@b' type='result' id='r'/><presence from='a@b' id='p'/>")
		got := c.backend.end()
		inOrder(t, got,
			"<message type='error' to='a@b' from='me@example.org' id='m'", "<recipient-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>", "</message>",
			"<iq type='error' to='a@b' from='me@example.org' id='g'", "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>", "</iq>",
			"<iq type='error' to='a@b' id='s'", "<service-unavailable", "</iq>", "</stream:stream>")
		if strings.Count(got, "type='error'") != 3 {
			t.Fatalf("the server got %q", got)
		}
	}},
}

// restart restarts the stream, and has the server announce features on the new one.
func (c *client) restart(features string) {
	c.t.Helper()
	c.a.post(c.next("xmpp:restart='true'", ""))
	c.backend.header()
	c.backend.send(streamHeader + features)
}
