package xmlstream

import (
	"fmt"
	"strings"
	"testing"
)

func TestAttr(t *testing.T) {
	const root = "<body xmlns='" + NSBind + "' xmlns:x='" + NSXBosh + "' xmlns:o='urn:o&amp;'>"
	el := mustScan(t, ModeBody, root+`<a to = "it's > &lt;" p:to='2' xmlns:p='urn:p' xmlns:pp='urn:&#112;p' pp:to='3'`+"\n"+`xml:lang='en' x:to='4' o:to='5' empty='' xmlns='u'/>`)
	for _, test := range []struct {
		space, local string
		want         string
		ok           bool
	}{
		{"", "to", "it's > &lt;", true},
		{"urn:p", "to", "2", true},
		{"urn:pp", "to", "3", true},
		{NSXBosh, "to", "4", true},
		{"urn:o&", "to", "5", true},
		{NSXML, "lang", "en", true},
		{"", "empty", "", true},
		{"", "lang", "", false},
		{"", "t", "", false},
		{"", "too", "", false},
		{"", "xmlns", "", false},
		{"u", "to", "", false},
		{NSXMLNS, "p", "", false},
		{"", "p", "", false},
		{"urn:p", "lang", "", false},
	} {
		raw, ok := el.Attr(test.space, test.local)
		if string(raw) != test.want || ok != test.ok {
			t.Errorf("{%s}%s: %q, %v", test.space, test.local, raw, ok)
		}
	}
	var all []string
	el.Attrs(func(space, local, raw []byte) bool {
		all = append(all, fmt.Sprintf("{%s}%s=%s", space, local, raw))
		return len(all) < 6
	})
	const want = "{}to=it's > &lt; {urn:p}to=2 {urn:pp}to=3 {" + NSXML + "}lang=en {" + NSXBosh + "}to=4 {urn:o&}to=5"
	if got := strings.Join(all, " "); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestAttrOfHeader(t *testing.T) {
	el := mustHeader(t, ModeStream, "<?xml version='1.0'?><stream:stream id='7' x:a='8' xmlns:x='urn:x' xmlns:stream='"+NSStreams+"' >")
	if raw, ok := el.Attr("", "id"); !ok || string(raw) != "7" {
		t.Errorf("id: %q, %v", raw, ok)
	}
	if raw, ok := el.Attr("urn:x", "a"); !ok || string(raw) != "8" {
		t.Errorf("x:a: %q, %v", raw, ok)
	}
	if !el.Is(NSStreams, "stream") || string(el.Prefix()) != "stream" || string(el.Name()) != "stream:stream" {
		t.Errorf("%q %q %q", el.Space(), el.Prefix(), el.Name())
	}
	if len(el.Content()) != 0 || string(el.StartTag()) != string(el.Raw) {
		t.Errorf("%q, %q", el.StartTag(), el.Content())
	}
}

// The zero value is no element, and harmless.
func TestZeroElement(t *testing.T) {
	var el Element
	if _, ok := el.Attr("", "a"); ok || len(el.Name())+len(el.Prefix())+len(el.Local())+len(el.Space())+len(el.Content())+len(el.StartTag()) > 0 || el.Is("", "a") {
		t.Error("it has something")
	}
	el.Attrs(func(_, _, _ []byte) bool { t.Error("an attribute"); return true })
	el.Children(nil, func(*Element) bool { t.Error("a child"); return true })
	if out := el.AppendText(el.AppendStreamTo(el.AppendTo(nil, ""), "", true)); len(out) > 0 || el.AppendSize() != 0 {
		t.Errorf("%q", out)
	}
	if _, ok := el.Edited(nil, []byte("<a/>")); ok {
		t.Error("it can be edited")
	}
}
