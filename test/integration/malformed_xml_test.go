//go:build integration && linux

package integration

import (
	"fmt"
	"strings"
	"testing"
)

// malformedBodies are request bodies that no session may be touched by. %s stands for attributes that make them
// whole but for their fault: a rid, and a sid or a to.
var malformedBodies = []struct{ name, raw string }{
	{"nothing", ""},
	{"whitespace", " \r\n\t"},
	{"text", "hello"},
	{"a DOCTYPE", "<!DOCTYPE body><body xmlns='http://jabber.org/protocol/httpbind' %s/>"},
	{"a DOCTYPE with entities", `<!DOCTYPE b [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]><body xmlns='http://jabber.org/protocol/httpbind' %s><message xmlns='jabber:client'><body>&b;</body></message></body>`},
	{"an external entity", `<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/hostname">]><body xmlns='http://jabber.org/protocol/httpbind' %s><message xmlns='jabber:client'><body>&a;</body></message></body>`},
	{"an undeclared entity", "<body xmlns='http://jabber.org/protocol/httpbind' %s><message xmlns='jabber:client'><body>&nbsp;</body></message></body>"},
	{"an undeclared entity in an attribute", "<body xmlns='http://jabber.org/protocol/httpbind' %s><message xmlns='jabber:client' id='&nbsp;'/></body>"},
	{"a processing instruction", "<body xmlns='http://jabber.org/protocol/httpbind' %s><?php echo 1 ?></body>"},
	{"a processing instruction before it", "<?go?><body xmlns='http://jabber.org/protocol/httpbind' %s/>"},
	{"a comment", "<body xmlns='http://jabber.org/protocol/httpbind' %s><!-- hello --></body>"},
	{"a comment in a stanza", "<body xmlns='http://jabber.org/protocol/httpbind' %s><message xmlns='jabber:client'><!-- hello --></message></body>"},
	{"a comment after it", "<body xmlns='http://jabber.org/protocol/httpbind' %s/><!-- hello -->"},
	{"two roots", "<body xmlns='http://jabber.org/protocol/httpbind' %s/><body xmlns='http://jabber.org/protocol/httpbind'/>"},
	{"text after it", "<body xmlns='http://jabber.org/protocol/httpbind' %s/>hello"},
	{"an XML declaration inside", "<body xmlns='http://jabber.org/protocol/httpbind' %s><?xml version='1.0'?></body>"},
	{"an XML declaration with another encoding", "<?xml version='1.0' encoding='UTF-16'?><body xmlns='http://jabber.org/protocol/httpbind' %s/>"},
	{"text directly in it", "<body xmlns='http://jabber.org/protocol/httpbind' %s>hello</body>"},
	{"unbalanced", "<body xmlns='http://jabber.org/protocol/httpbind' %s><message xmlns='jabber:client'></body>"},
	{"half a document", "<body xmlns='http://jabber.org/protocol/httpbind' %s><message xmlns='jabber:client'/>"},
	{"half a tag", "<body xmlns='http://jabber.org/protocol/httpbind' %s><message xmlns='jabber:cl"},
	{"crossed", "<body xmlns='http://jabber.org/protocol/httpbind' %s><a xmlns='jabber:client'><b></a></b></body>"},
	{"a stray end tag", "<body xmlns='http://jabber.org/protocol/httpbind' %s></stream:stream></body>"},
	{"the end of the backend's stream", "<body xmlns='http://jabber.org/protocol/httpbind' xmlns:stream='http://etherx.jabber.org/streams' %s></stream:stream></body>"},
	{"out of the body", "<body xmlns='http://jabber.org/protocol/httpbind' %s></body></stream:stream>"},
	{"an attribute without quotes", "<body xmlns='http://jabber.org/protocol/httpbind' %s><message xmlns='jabber:client' id=1/></body>"},
	{"an attribute twice", "<body xmlns='http://jabber.org/protocol/httpbind' %s><message xmlns='jabber:client' id='1' id='2'/></body>"},
	{"an attribute twice by its namespace", "<body xmlns='http://jabber.org/protocol/httpbind' %s><message xmlns='jabber:client' xmlns:a='u' xmlns:b='u' a:id='1' b:id='2'/></body>"},
	{"an unbound prefix", "<body xmlns='http://jabber.org/protocol/httpbind' %s><x:message/></body>"},
	{"an unbound prefix of an attribute", "<body xmlns='http://jabber.org/protocol/httpbind' %s><message xmlns='jabber:client' x:id='1'/></body>"},
	{"a prefix bound to nothing", "<body xmlns='http://jabber.org/protocol/httpbind' %s><message xmlns='jabber:client' xmlns:x=''/></body>"},
	{"xmlns as a prefix", "<body xmlns='http://jabber.org/protocol/httpbind' %s><message xmlns='jabber:client' xmlns:xmlns='u'/></body>"},
	{"< in an attribute", "<body xmlns='http://jabber.org/protocol/httpbind' %s><message xmlns='jabber:client' id='<'/></body>"},
	{"a bare &", "<body xmlns='http://jabber.org/protocol/httpbind' %s><message xmlns='jabber:client'><body>a & b</body></message></body>"},
	{"]]> in text", "<body xmlns='http://jabber.org/protocol/httpbind' %s><message xmlns='jabber:client'><body>]]></body></message></body>"},
	{"a control character", "<body xmlns='http://jabber.org/protocol/httpbind' %s><message xmlns='jabber:client'><body>\x01</body></message></body>"},
	{"a reference to a control character", "<body xmlns='http://jabber.org/protocol/httpbind' %s><message xmlns='jabber:client'><body>&#1;</body></message></body>"},
	{"a reference to a surrogate", "<body xmlns='http://jabber.org/protocol/httpbind' %s><message xmlns='jabber:client'><body>&#xD800;</body></message></body>"},
	{"invalid UTF-8", "<body xmlns='http://jabber.org/protocol/httpbind' %s><message xmlns='jabber:client'><body>\xff\xfe</body></message></body>"},
	{"overlong UTF-8", "<body xmlns='http://jabber.org/protocol/httpbind' %s><message xmlns='jabber:client'><body>\xc0\xbc</body></message></body>"},
	{"a surrogate in UTF-8", "<body xmlns='http://jabber.org/protocol/httpbind' %s><message xmlns='jabber:client'><body>\xed\xa0\x80</body></message></body>"},
	{"half a character", "<body xmlns='http://jabber.org/protocol/httpbind' %s><message xmlns='jabber:client'><body>\xf0\x9f\x98</body></message></body>"},
	{"UTF-16", "\xff\xfe<\x00b\x00o\x00d\x00y\x00/\x00>\x00"},
	{"another root", "<bodies xmlns='http://jabber.org/protocol/httpbind' %s/>"},
	{"a root in another namespace", "<body xmlns='urn:example' %s/>"},
	{"JSON", `{"body": {}}`},
}

// TestMalformedXML: malformed and forbidden XML is a bad-request that a browser can read, and leaves every session
// alone, the one that it names included (decisions.md 10).
func TestMalformedXML(t *testing.T) {
	t.Parallel()
	b := startBackend(t, "example.test")
	s := startServer(t, b.flag())
	x, peer := createSession(t, s, b)
	for _, test := range malformedBodies {
		t.Run(test.name, func(t *testing.T) {
			raw := strings.Replace(test.raw, "%s", fmt.Sprintf("rid='%d' sid='%s'", x.rid+1, x.sid), 1)
			wantTerminate(t, s.exchange(t, raw), "bad-request")
			raw = strings.Replace(test.raw, "%s", "rid='7' to='example.test' wait='60' hold='1' ver='1.6'", 1)
			wantTerminate(t, s.exchange(t, raw), "bad-request")
		})
	}
	// The session and its stream are as they were: the rid that the bad bodies carried was never used.
	first, second := x.next(message("m1")), x.next(message("m2"))
	c, d := s.dial(t), s.dial(t)
	c.post(t, s.path, first)
	peer.expect(t, "id='m1'")
	d.post(t, s.path, second)
	peer.expect(t, "id='m2'")
	wantEmpty(t, c.read(t)) // hold is 1: the second request releases the first
	if got := strings.Count(peer.received(), "<message"); got != 2 {
		t.Errorf("the backend got %d messages, want 2: %s", got, peer.received())
	}
	select {
	case <-b.conns:
		t.Error("a malformed creation opened a connection to the backend")
	default:
	}
}

// TestXMLLimits: what is too deep or too wide is policy-violation (decisions.md 27), too long a body 413.
func TestXMLLimits(t *testing.T) {
	t.Parallel()
	b := startBackend(t, "example.test")
	s := startServer(t, b.flag())
	deep := strings.Repeat("<a>", 300) + strings.Repeat("</a>", 300)
	wide := "<a"
	for i := range 300 {
		wide += fmt.Sprintf(" a%d=''", i)
	}
	declared := "<a"
	for i := range 150 {
		declared += fmt.Sprintf(" xmlns:a%d='u'", i)
	}
	for name, payload := range map[string]string{"deep": deep, "wide": wide + "/>", "declared": declared + "/>"} {
		t.Run(name, func(t *testing.T) {
			x, peer := createSession(t, s, b)
			wantTerminate(t, x.exchange(t, "<message xmlns='jabber:client'>"+payload+"</message>"), "policy-violation")
			if strings.Contains(peer.received(), "<a") {
				t.Error("a part of it reached the backend")
			}
		})
	}
	t.Run("long", func(t *testing.T) {
		x, peer := createSession(t, s, b)
		c := s.dial(t)
		c.post(t, s.path, x.request(x.rid+1, "<message xmlns='jabber:client'><body>"+strings.Repeat("x", 100_000)+"</body></message>"))
		wantErrorAndClose(t, c, 413)
		d := s.dial(t)
		d.post(t, s.path, x.next(message("m1"))) // the session lives on
		peer.expect(t, "id='m1'")
	})
}

// TestRefusedElements: well-formed, but not for a backend. TLS and compression are the backend connection's own
// business and answered in its place (decisions.md 23); stream-level elements go nowhere (decisions.md 37).
func TestRefusedElements(t *testing.T) {
	t.Parallel()
	b := startBackend(t, "example.test")
	s := startServer(t, b.flag())
	for name, test := range map[string]struct{ payload, failure string }{
		"starttls":           {"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "urn:ietf:params:xml:ns:xmpp-tls"},
		"compress":           {"<compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>", "http://jabber.org/protocol/compress"},
		"a stream header":    {payload: "<stream:stream xmlns:stream='http://etherx.jabber.org/streams' id='refused'/>"},
		"a stream error":     {payload: "<stream:error xmlns:stream='http://etherx.jabber.org/streams' id='refused'><reset xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"},
		"streams unprefixed": {payload: "<features xmlns='http://etherx.jabber.org/streams' id='refused'/>"},
		"a framing open":     {payload: "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' id='refused'/>"},
		"a framing close":    {payload: "<close xmlns='urn:ietf:params:xml:ns:xmpp-framing' id='refused'/>"},
	} {
		t.Run(name, func(t *testing.T) {
			x, peer := createSession(t, s, b)
			c, d := s.dial(t), s.dial(t)
			c.post(t, s.path, x.next(test.payload))
			d.post(t, s.path, x.next(message("behind")))
			r := parseBody(t, c.read(t))
			if test.failure != "" && (len(r.Elements) != 1 || r.Elements[0].XMLName.Local != "failure" || r.Elements[0].XMLName.Space != test.failure) {
				t.Errorf("got %s, want a failure in the namespace %s", r.raw, test.failure)
			}
			if r.attr("type") == "terminate" { // an end of the session is an answer too
				peer.expectClosed(t)
			} else {
				peer.expect(t, "id='behind'")
			}
			for _, part := range []string{"refused", "<starttls", "<compress"} {
				if strings.Contains(peer.received(), part) {
					t.Errorf("it reached the backend: %q", peer.received())
				}
			}
		})
	}
}

// TestBadRIDs: decisions.md 1.
func TestBadRIDs(t *testing.T) {
	t.Parallel()
	b := startBackend(t, "example.test")
	s := startServer(t, b.flag())
	bad := []string{"", "0", "-1", "1.5", "0x10", "1e3", "9007199254740992", "99999999999999999999", "abc"}
	for _, rid := range bad {
		t.Run("creation with rid="+rid, func(t *testing.T) {
			wantTerminate(t, s.exchange(t, strings.Replace(creation(77777, "example.test"), "77777", rid, 1)), "bad-request")
		})
		t.Run("a session with rid="+rid, func(t *testing.T) {
			x, peer := createSession(t, s, b)
			r := parseBody(t, s.exchange(t, strings.Replace(x.request(77777, message("m1")), "77777", rid, 1)))
			if c := r.attr("condition"); r.attr("type") != "terminate" || (c != "bad-request" && c != "item-not-found") {
				t.Errorf("got %s, want a terminate with bad-request or item-not-found", r.raw)
			}
			if got := peer.expectClosed(t); strings.Contains(got, "<message") {
				t.Errorf("the message reached the backend: %q", got)
			}
		})
	}
	t.Run("no rid", func(t *testing.T) {
		wantTerminate(t, s.exchange(t, "<body to='example.test' wait='60' hold='1' ver='1.6' xmlns='"+nsBOSH+"'/>"), "bad-request")
	})
}
