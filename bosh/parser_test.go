package bosh

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"go-xmpp-bosh/xmlstream"
)

const someBody = `<?xml version='1.0'?><body rid='1573741820' sid="a&amp;b" to='' xml:lang='en' x:version='1.0' x:restart='1' stream_attrs='{&quot;a&quot;:"b	c"}' ua='mine'
  xmlns='http://jabber.org/protocol/httpbind' xmlns:x='urn:xmpp:xbosh'><message to='a'><body>hi</body></message> <iq xmlns='jabber:client'/></body>
`

func TestParse(t *testing.T) {
	var p Parser
	b, err := p.Parse([]byte(someBody))
	if err != nil {
		t.Fatal(err)
	}
	rid, ok := b.RID()
	if rid != 1573741820 || !ok {
		t.Errorf("rid %d %v", rid, ok)
	}
	for name, got := range map[string][]byte{
		"a&b": b.SID(), "en": b.Lang(), "1.0": b.XMPPVersion(), `{"a":"b c"}`: b.StreamAttrs(),
	} {
		if string(got) != name {
			t.Errorf("got %q, want %q", got, name)
		}
	}
	if b.To() == nil || len(b.To()) != 0 || b.From() != nil || b.Route() != nil {
		t.Errorf("to %v from %v route %v, want one that is empty and two that are absent", b.To(), b.From(), b.Route())
	}
	if v, ok := b.Attr("", "ua"); string(v) != "mine" || !ok {
		t.Errorf("ua %q %v", v, ok)
	}
	if v, ok := b.Attr("", "none"); v != nil || ok {
		t.Errorf("none %q %v", v, ok)
	}
	if !b.isRestart() || b.isTerminate() {
		t.Error("want a restart")
	}
	if els := b.Elements(); len(els) != 2 || !els[0].Is(xmlstream.NSClient, "message") || !els[1].Is(xmlstream.NSClient, "iq") {
		t.Errorf("elements %v", els)
	}
	if ParseError(0).Error() == errNotBody.Error() || errNotBody.String() == "" {
		t.Error("errors have no texts of their own")
	}
}

// TestParsePrefixes: no part of a document is one, and an over-read would panic.
func TestParsePrefixes(t *testing.T) {
	var p Parser
	whole := strings.TrimSpace(someBody)
	for i := range len(whole) {
		b := []byte(whole[:i])
		if _, err := p.Parse(b[:i:i]); err == nil {
			t.Errorf("%q is accepted", b)
		} else if ConditionOf(err) != CondBadRequest {
			t.Errorf("%q is %v", b, ConditionOf(err))
		}
	}
	if _, err := p.Parse([]byte(whole)); err != nil {
		t.Errorf("the whole is not accepted: %v", err)
	}
}

func TestParseRefuses(t *testing.T) {
	const ns = " xmlns='http://jabber.org/protocol/httpbind'"
	for name, test := range map[string]struct {
		doc  string
		cond Condition
	}{
		"two roots":              {"<body" + ns + "/><body" + ns + "/>", CondBadRequest},
		"text behind":            {"<body" + ns + "/>x", CondBadRequest},
		"another element":        {"<html" + ns + "/>", CondBadRequest},
		"another namespace":      {"<body xmlns='jabber:client' sid='1'/>", CondBadRequest},
		"no namespace, no sid":   {"<body rid='1'/>", CondBadRequest},
		"a DOCTYPE":              {"<!DOCTYPE body><body" + ns + "/>", CondBadRequest},
		"no UTF-8":               {"<body" + ns + " to='\xff'/>", CondBadRequest},
		"an unbound prefix":      {"<body" + ns + " xmpp:restart='true'/>", CondBadRequest},
		"decisions.md 27: depth": {"<body" + ns + ">" + strings.Repeat("<a>", 300) + strings.Repeat("</a>", 300) + "</body>", CondPolicyViolation},
	} {
		var p Parser
		_, err := p.Parse([]byte(test.doc))
		if err == nil || ConditionOf(err) != test.cond {
			t.Errorf("%s: %v, want %v", name, err, test.cond)
		}
	}
	if ConditionOf(io.EOF) != CondBadRequest {
		t.Error("any other error is a bad request")
	}
}

// TestParserLetsGo: the scratch of a large body doesn't stay.
func TestParserLetsGo(t *testing.T) {
	var p Parser
	if _, err := p.Parse([]byte("<body xmlns='http://jabber.org/protocol/httpbind'>" + strings.Repeat("<a/>", 20_000) + "</body>")); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Parse([]byte("<body xmlns='http://jabber.org/protocol/httpbind'/>")); err != nil {
		t.Fatal(err)
	}
	if n := cap(p.body.elements); n > elementsKept {
		t.Errorf("room for %d elements is kept", n)
	}
}

// FuzzParse: what is accepted, encoding/xml accepts too, and sees the same in it.
func FuzzParse(f *testing.F) {
	f.Add([]byte(someBody))
	f.Add([]byte("<body rid='1' xmlns='http://jabber.org/protocol/httpbind'/>"))
	f.Add([]byte("<b:body rid='1' sid='1-1' xmlns:b='http://jabber.org/protocol/httpbind'><b:a/></b:body>"))
	f.Fuzz(func(t *testing.T, doc []byte) {
		var p Parser
		b, err := p.Parse(bytes.Clone(doc))
		if err != nil {
			return
		}
		var root struct {
			XMLName  xml.Name
			Attrs    []xml.Attr `xml:",any,attr"`
			Children []struct {
				XMLName xml.Name
			} `xml:",any"`
		}
		d := xml.NewDecoder(bytes.NewReader(doc))
		d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
		if err := d.Decode(&root); err != nil {
			if strings.Contains(err.Error(), "version") || strings.Contains(err.Error(), "invalid XML name") || strings.Contains(err.Error(), "element name") {
				return // it knows XML 1.0's fourth edition alone, and reads the declaration more strictly
			}
			t.Fatalf("accepted, but %v", err)
		}
		if root.XMLName.Local != "body" || len(root.Children) != len(b.Elements()) {
			t.Fatalf("%v with %d children, got %d", root.XMLName, len(root.Children), len(b.Elements()))
		}
		for _, a := range root.Attrs {
			if a.Name.Space == "" && a.Name.Local == "to" && !bytes.ContainsAny(doc, "\t\n\r&") && a.Value != string(b.To()) {
				t.Fatalf("to %q, want %q", b.To(), a.Value)
			}
		}
	})
}
