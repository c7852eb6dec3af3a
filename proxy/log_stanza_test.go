package proxy

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"go-xmpp-bosh/xmlstream"
)

func limitsOf(bytes int) xmlstream.Limits {
	limits := xmlstream.DefaultLimits
	limits.Bytes = bytes
	return limits
}

// element is the first one below a stream's header.
func element(t testing.TB, text string) *xmlstream.Element {
	t.Helper()
	var s xmlstream.Scanner
	s.Reset(xmlstream.NewPool(), xmlstream.ModeStream, limitsOf(1<<20))
	b := []byte("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' xmlns:s='urn:ietf:params:xml:ns:xmpp-sasl'>" + text)
	var el xmlstream.Element
	for {
		n, ev := s.Next(b, &el)
		switch {
		case ev == xmlstream.Child:
			return &el
		case n == 0:
			t.Fatalf("%s: %v, %v", text, ev, s.Err())
		}
		b = b[n:]
	}
}

func TestRedacted(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"<presence/>", ""},
		{"<iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq>", ""},
		{"<iq type='result' id='1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>a@b/c</jid></bind></iq>", ""},
		{"<message to='a@b'><body>secret</body></message>", "<message to='a@b'><body>[…]</body></message>"},
		{"<message to='a>b'><body xml:lang='en'>secret</body><body>secret</body></message>", "<message to='a>b'><body>[…]</body><body>[…]</body></message>"},
		{"<message><body/></message>", "<message><body/></message>"},
		{"<message><html xmlns='urn:h'><x:body xmlns:x='urn:x' title='secret'>secret<b>secret</b><body>secret</body>secret</x:body></html><thread>1</thread></message>", "<message><html xmlns='urn:h'><x:body>[…]</x:body></html><thread>1</thread></message>"},
		{"<message><body><![CDATA[</body>secret<body>]]>secret</body></message>", "<message><body>[…]</body></message>"},
		{"<message><subject><![CDATA[<body>not one</body>]]></subject></message>", ""},
		{"<message id=\"'>\"><body>secret</body></message>", "<message id=\"'>\"><body>[…]</body></message>"},
		{"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>secret</auth>", "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>[…]</auth>"},
		{"<s:response>secret</s:response>", "<s:response>[…]</s:response>"},
		{"<success xmlns='urn:xmpp:sasl:2'><token xmlns='urn:xmpp:fast:0' token='secret'/></success>", "<success xmlns='urn:xmpp:sasl:2'>[…]</success>"},
		{"<iq type='set'><query xmlns='jabber:iq:register'><username>a</username><password>secret</password></query></iq>", "<iq type='set'><query xmlns='jabber:iq:register'><username>a</username><password>[…]</password></query></iq>"},
		{"<iq><token xmlns='urn:xmpp:fast:0' token='secret'/></iq>", "<iq><token/></iq>"},
		{"<x><auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>secret</auth></x>", "<x><auth>[…]</auth></x>"},
	} {
		if c.want == "" {
			c.want = c.in
		}
		got := string(appendRedacted(nil, element(t, c.in), -1))
		if got != c.want || strings.Contains(got, "secret") {
			t.Errorf("%s\n%s, want\n%s", c.in, got, c.want)
		}
	}
}

func TestRedactedIsCut(t *testing.T) {
	el := element(t, "<message to='a'><subject>äöü</subject><body>secret</body></message>")
	whole := string(appendRedacted(nil, el, -1))
	for limit := range len(whole) + 2 {
		got := string(appendRedacted([]byte("before"), el, limit))
		kept, isCut := strings.CutSuffix(strings.TrimPrefix(got, "before"), "… (of 70 bytes)")
		if !strings.HasPrefix(whole, kept) || len(kept) > limit || !utf8.ValidString(got) || isCut != (limit < len(whole)) {
			t.Errorf("%d: %q", limit, got)
		}
	}
}

// FuzzRedacted: whatever is well-formed, no text below an element of a private name remains, and nothing panics.
func FuzzRedacted(f *testing.F) {
	f.Add("<message><body>secret</body></message>", 10)
	f.Add("<a><body><![CDATA[x]]></body>y<p:body xmlns:p='u'>z</p:body></a>", -1)
	f.Fuzz(func(t *testing.T, text string, limit int) {
		var s xmlstream.Scanner
		s.Reset(xmlstream.NewPool(), xmlstream.ModeStream, limitsOf(1<<16))
		b := []byte("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>" + text)
		var el xmlstream.Element
		for {
			n, ev := s.Next(b, &el)
			if n == 0 {
				return
			}
			b = b[n:]
			if ev != xmlstream.Child {
				continue
			}
			appendRedacted(nil, &el, limit)
			wantNoText(t, string(el.AppendTo(nil, "")), string(appendRedacted(nil, &el, -1)))
		}
	})
}

// wantNoText reads a redacted element with another parser.
func wantNoText(t *testing.T, original, text string) {
	d := xml.NewDecoder(strings.NewReader(text))
	d.Strict = false
	for hidden := 0; ; {
		token, err := d.Token()
		if err == io.EOF || err != nil { // encoding/xml is not as good as ours
			return
		}
		switch e := token.(type) {
		case xml.StartElement:
			if hidden > 0 || e.Name.Local == "body" {
				hidden++
			}
		case xml.EndElement:
			hidden = max(hidden-1, 0)
		case xml.CharData:
			if hidden > 0 && string(e) != redacted {
				t.Fatalf("%q is left in %q of %q", e, text, original)
			}
		}
	}
}
