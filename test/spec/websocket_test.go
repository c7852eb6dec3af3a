package spec

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// The checklist's §4.3, RFC 7395, joins the other chapters.
func init() {
	checklist = append(checklist, struct {
		letter string
		last   int
		rows   []row
	}{"W", 18, rfc7395})
}

var rfc7395 = slices.Concat(messageRows, socketRows)

func TestRFC7395(t *testing.T) { run(t, rfc7395) }

// How a WebSocket is opened, and what its messages are.
var messageRows = []row{
	{name: "W1 xmpp is chosen when it is offered; only other subprotocols are refused", where: "M §3.1", test: func(t *testing.T) {
		s := serve(t)
		for _, test := range []struct {
			offer  []string
			status int
			chosen string
		}{
			{[]string{"Sec-WebSocket-Protocol: xmpp"}, http.StatusSwitchingProtocols, "xmpp"},
			{[]string{"Sec-WebSocket-Protocol: chat, xmpp"}, http.StatusSwitchingProtocols, "xmpp"},
			{[]string{"Sec-WebSocket-Protocol: chat", "Sec-WebSocket-Protocol: xmpp"}, http.StatusSwitchingProtocols, "xmpp"},
			{nil, http.StatusSwitchingProtocols, ""}, // decisions.md 17
			{[]string{"Sec-WebSocket-Protocol: chat, xmpp2"}, http.StatusBadRequest, ""},
		} {
			r := s.dial().upgrade(test.offer...)
			if r.StatusCode != test.status || r.Header.Get("Sec-WebSocket-Protocol") != test.chosen {
				t.Errorf("%q: %s, %q", test.offer, r.Status, r.Header.Get("Sec-WebSocket-Protocol"))
			}
			if r.StatusCode == http.StatusSwitchingProtocols && r.Header.Get("Sec-WebSocket-Accept") != acceptWant {
				t.Errorf("%q: accepted with %q", test.offer, r.Header.Get("Sec-WebSocket-Accept"))
			}
		}
	}},
	{name: "W2 messages are text in UTF-8; any other ends the connection", where: "M §3.2", test: func(t *testing.T) {
		w := streaming(t)
		w.frame(frameBinary, "<message/>")
		w.closes(1003)
		w = streaming(t)
		w.text("<message>\xff</message>")
		w.closes(1007)
		w = streaming(t)
		w.text("<message><body>\u00fc</body></message>")
		w.backend.want("<body>\u00fc</body></message>")
	}},
	{name: "W3 a first message outside of the framing namespace is an invalid-namespace", where: "M §3.3.2", test: func(t *testing.T) {
		s := serve(t)
		for _, first := range []string{
			`<open xmlns="urn:ietf:params:xml:ns:xmpp-framing:2" to="example.org" version="1.0"/>`,
			`<open to="example.org" version="1.0"/>`,
			`<message xmlns="jabber:client"/>`,
		} {
			w := s.webSocket(subXMPP)
			w.text(first)
			w.message().is(nsFraming, "open")
			w.fails("invalid-namespace", 1008)
		}
	}},
	{name: "W4 a message is one complete element, and never the stream's own", where: "M §3.3.3", test: func(t *testing.T) {
		w := streaming(t)
		w.backend.send("<message id='1'/><message id='2'/> <iq id='3'><x xmlns='urn:x'/></iq>")
		for _, id := range []string{"1", "2", "3"} {
			w.message().want("id", id)
		}
		for _, bad := range []string{"<message/><message/>", "<message>", "</message>", "<message/>x", "text", olderText, `<?xml version="1.0"?>`} {
			w := streaming(t)
			w.text(bad)
			w.fails("not-well-formed", 1008)
			if got := w.backend.end(); got != "</stream:stream>" {
				t.Errorf("%q: the server got %q", bad, got)
			}
		}
	}},
	{name: "W5 a message begins with its element; an XML declaration is taken, and not sent", where: "M/SN §3.3.3", test: func(t *testing.T) {
		s := serve(t)
		w := s.webSocket(subXMPP)
		w.text("<?xml version='1.0'?>" + openText)
		w.backend = s.backend()
		w.backend.open()
		w.message().is(nsFraming, "open") // (*socket).message looks at how each begins
		w.message().is(nsStreams, "features")
		w.text("<?xml version='1.0' encoding='UTF-8'?>\n" + message("x"))
		if got := w.backend.want("id='x'/>"); strings.Contains(got, "<?xml") {
			t.Fatalf("the server got %q", got)
		}
	}},
	{name: "W6 each stanza has its namespaces, which the stream's no longer give it", where: "M §3.3.3", test: func(t *testing.T) {
		w := streaming(t)
		w.backend.send("<message><body>x</body></message>")
		if got := w.message().is("jabber:client", "message").text; got != "<message xmlns='jabber:client'><body>x</body></message>" {
			t.Fatalf("got %q", got)
		}
		w.backend.send("<a xmlns='urn:a'><stream:b/></a>")
		inOrder(t, w.message().is("urn:a", "a").text, " xmlns:stream='"+nsStreams+"'")
		w.text("<message id='1'/>") // and one without is a stanza (decisions.md 9)
		w.backend.want("<message id='1'/>")
	}},
	{name: "W7 open is answered by open: the server's id, from, language, and version; or by close", where: "M §3.4", test: func(t *testing.T) {
		s := serve(t)
		w := s.webSocket(subXMPP)
		w.text(`<open xmlns="` + nsFraming + `" to="example.org" from="me@example.org/r" xml:lang="de" version="1.0"/>`)
		be := s.backend()
		inOrder(t, be.header(), " to='example.org'", " version='1.0'", " xml:lang='de'")
		be.send("<stream:stream xmlns='jabber:client' xmlns:stream='" + nsStreams + "' id='an&amp;id' from='example.org' xml:lang='fr' version='1.0'>" + features)
		open := w.message().is(nsFraming, "open").want("id", "an&id", "from", "example.org", "to", "me@example.org", "lang", "fr", "version", "1.0")
		inOrder(t, open.text, `<open xmlns="`+nsFraming+`" `) // COMPAT: strophe.js looks for these beginnings
		w.message().is(nsStreams, "features")

		w = s.webSocket(subXMPP)
		w.text(openText)
		s.backend().header()
		w.text(closeText)
		w.message().is(nsFraming, "close")
		w.closes(1000)
	}},
	{name: "W8 an error instead of a stream: open, the error, close", where: "M §3.4, §3.5", test: func(t *testing.T) {
		s := serve(t)
		for header, condition := range map[string]string{
			`<open xmlns="` + nsFraming + `" to="nowhere.invalid" version="1.0"/>`: "host-unknown",
			`<open xmlns="` + nsFraming + `" to="a b" version="1.0"/>`:             "improper-addressing",
			`<open xmlns="` + nsFraming + `" version="1.0"/>`:                      "improper-addressing",
		} {
			w := s.webSocket(subXMPP)
			w.text(header)
			if open := w.message().is(nsFraming, "open").want("version", "1.0"); len(open.attrs["id"]) < 16 {
				t.Errorf("id %q", open.attrs["id"])
			}
			w.fails(condition, 1000)
		}
	}},
	{name: "W9 a stream error is an element of its own, whatever prefix it had", where: "M §3.5", test: func(t *testing.T) {
		w := streaming(t)
		w.backend.send("<message id='1'/>" + streamError + "</stream:stream>")
		w.message().want("id", "1")
		w.fails("conflict", 1000)
	}},
}

// TestOlderFraming is what the checklist's §4.3 says of draft-moffitt-xmpp-over-websocket-00 to -02, in one conversation for each way to
// write a header.
func TestOlderFraming(t *testing.T) {
	for _, header := range []string{
		olderText, "<?xml version='1.0'?>" + olderText, strings.TrimSuffix(olderText, ">") + "/>",
	} {
		w := serve(t).streaming(header) // that the answer is no document of its own, but for a self-closed one, is in the framing
		w.text("<message id='1'/>")
		w.backend.want("<message id='1'/>")
		w.backend.send("<message id='2'/>")
		w.message().is("jabber:client", "message")
		w.text(header)
		w.backend.header()
		w.backend.send(strings.Replace(streamHeader, "id1", "id2", 1) + features)
		got := w.older()
		inOrder(t, got, "<stream:stream ", `id="id2"`)
		if strings.HasSuffix(got, "/>") != strings.HasSuffix(header, "/>") {
			t.Errorf("%q is answered by %q", header, got)
		}
		w.message().is(nsStreams, "features")
		w.text("</stream:stream>")
		if got := w.older(); got != "</stream:stream>" {
			t.Fatalf("got %q", got)
		}
		w.closes(0)
		w.backend.end()
	}
}
