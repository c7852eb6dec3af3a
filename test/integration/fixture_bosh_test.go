//go:build integration && linux

package integration

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"testing"
)

const (
	nsBOSH   = "http://jabber.org/protocol/httpbind"
	nsClient = "jabber:client"
)

// body is a <body/> as a namespace-aware parser reads it.
type body struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Elements []element  `xml:",any"`
	raw      string
}

type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Elements []element  `xml:",any"`
	Text     string     `xml:",chardata"`
}

func (b *body) attr(name string) string    { return attr(b.Attrs, name) }
func (e *element) attr(name string) string { return attr(e.Attrs, name) }

// attr is the value of an attribute by its local name, "" when it isn't there.
func attr(attrs []xml.Attr, name string) string {
	for _, a := range attrs {
		if a.Name.Local == name && a.Name.Space != "xmlns" {
			return a.Value
		}
	}
	return ""
}

// parseBody reads an answer as a client does, after holding it to what every answer has.
func parseBody(t *testing.T, r response) *body {
	t.Helper()
	wantBOSHHeaders(t, r)
	b := &body{raw: r.body}
	if err := xml.Unmarshal([]byte(r.body), b); err != nil {
		t.Fatalf("the answer is no XML: %v\n%s", err, r.body)
	}
	if b.XMLName != (xml.Name{Space: nsBOSH, Local: "body"}) {
		t.Fatalf("the answer is a {%s}%s, want a body: %s", b.XMLName.Space, b.XMLName.Local, r.body)
	}
	return b
}

// wantTerminate checks for a terminal condition.
func wantTerminate(t *testing.T, r response, condition string) *body {
	t.Helper()
	b := parseBody(t, r)
	if b.attr("type") != "terminate" || b.attr("condition") != condition {
		t.Fatalf("got %s, want a terminate with the condition %s", r.body, condition)
	}
	return b
}

// wantEmpty checks for a plain empty body: nothing to say, the session lives.
func wantEmpty(t *testing.T, r response) {
	t.Helper()
	if b := parseBody(t, r); len(b.Elements) > 0 || b.attr("type") != "" {
		t.Fatalf("got %s, want an empty body", r.body)
	}
}

// wantStanza checks that the answer carries exactly these elements, by their id.
func wantStanzas(t *testing.T, r response, ids ...string) {
	t.Helper()
	b := parseBody(t, r)
	var got []string
	for _, e := range b.Elements {
		if e.XMLName.Space != nsClient {
			t.Errorf("a stanza in the namespace %q: %s", e.XMLName.Space, r.body)
		}
		got = append(got, e.attr("id"))
	}
	if fmt.Sprint(got) != fmt.Sprint(ids) {
		t.Fatalf("got the stanzas %q, want %q: %s", got, ids, r.body)
	}
}

// creation is a session request as strophe.js sends it, with more attributes if given; given ones replace.
func creation(rid int64, to string, attrs ...string) string {
	all := map[string]string{"to": to, "wait": "60", "hold": "1", "ver": "1.6", "xml:lang": "en", "xmpp:version": "1.0"}
	for _, a := range attrs {
		name, value, _ := strings.Cut(a, "=")
		all[name] = value
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<body rid='%d' xmlns='%s' xmlns:xmpp='urn:xmpp:xbosh'`, rid, nsBOSH)
	for name, value := range all {
		fmt.Fprintf(&b, ` %s='%s'`, name, value)
	}
	return b.String() + "/>"
}

// session is a BOSH session that a test drives by hand.
type session struct {
	s       *server
	sid     string
	rid     int64 // of the last request
	created *body
}

const firstRID = 1573741820

// createSession creates a session on the backend, which answers with a stream header and features.
func createSession(t *testing.T, s *server, b *backend, attrs ...string) (*session, *backendConn) {
	t.Helper()
	c := s.dial(t)
	defer c.Close()
	c.post(t, s.path, creation(firstRID, b.domain, attrs...))
	peer := b.accept(t)
	peer.openStream(t, "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms>")
	x := &session{s: s, rid: firstRID, created: parseBody(t, c.read(t))}
	x.sid = x.created.attr("sid")
	if x.sid == "" || x.created.attr("type") != "" {
		t.Fatalf("no session: %s", x.created.raw)
	}
	if !x.hasFeatures(x.created) {
		// The features may come in an answer of their own (XEP-0206 §4).
		if b := parseBody(t, x.exchange(t, "")); !x.hasFeatures(b) {
			t.Fatalf("no features in %s, nor in %s", x.created.raw, b.raw)
		}
	}
	return x, peer
}

func (x *session) hasFeatures(b *body) bool {
	for _, e := range b.Elements {
		if e.XMLName.Local == "features" && e.XMLName.Space == "http://etherx.jabber.org/streams" {
			return true
		}
	}
	return false
}

// request is the body of the request with that rid.
func (x *session) request(rid int64, payload string, attrs ...string) string {
	return "<body rid='" + strconv.FormatInt(rid, 10) + "' sid='" + x.sid + "' xmlns='" + nsBOSH + "' " + strings.Join(attrs, " ") + ">" + payload + "</body>"
}

// next is the body of the next request.
func (x *session) next(payload string, attrs ...string) string {
	x.rid++
	return x.request(x.rid, payload, attrs...)
}

// exchange sends the next request on a connection of its own and reads its answer.
func (x *session) exchange(t *testing.T, payload string, attrs ...string) response {
	t.Helper()
	return x.s.exchange(t, x.next(payload, attrs...))
}

// hold sends the next request, empty, and leaves it with the server.
func (x *session) hold(t *testing.T) *httpConn {
	t.Helper()
	c := x.s.dial(t)
	c.post(t, x.s.path, x.next(""))
	return c
}

// message is a message stanza with an id and no namespace of its own: it inherits the one of <body/>.
func message(id string) string {
	return "<message xmlns='" + nsClient + "' to='bob@example.test' id='" + id + "'><body>hello</body></message>"
}
