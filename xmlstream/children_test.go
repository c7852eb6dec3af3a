package xmlstream

import (
	"fmt"
	"strings"
	"testing"
)

func childrenOf(el *Element) string {
	var all []string
	el.Children(nil, func(c *Element) bool {
		all = append(all, fmt.Sprintf("{%s}%s", c.Space(), c.Local()))
		return true
	})
	return strings.Join(all, " ")
}

func TestChildren(t *testing.T) {
	for _, test := range []struct {
		m         Mode
		doc, want string
	}{
		{ModeMessage, "<a/>", ""},
		{ModeMessage, "<a></a>", ""},
		{ModeMessage, "<a>text</a>", ""},
		{ModeMessage, "<a>x<b/>y<c><d/></c>&lt;<e></e >z</a>", "{jabber:client}b {jabber:client}c {jabber:client}e"},
		{ModeMessage, "<a><![CDATA[<x/>]]><b/><![CDATA[</a><x>]]]]><c d='/>'/></a>", "{jabber:client}b {jabber:client}c"},
		{ModeMessage, "<a xmlns='u' xmlns:p='v'><b/><p:c/><d xmlns=''/><e xmlns:p='w'/><p:f xmlns:p='w'/></a>", "{u}b {v}c {}d {u}e {w}f"},
		{ModeMessage, "<a xmlns=''><b/><c xmlns=''/></a>", "{jabber:client}b {}c"},
		{ModeMessage, "<p:a xmlns:p='u' xmlns=''><b/></p:a>", "{}b"},
		{ModeBody, "<body xmlns='" + NSBind + "' xmlns:p='u' xmlns:q='v'><a xmlns:q='w'><b/><p:c/><q:d/></a></body>", "{jabber:client}b {u}c {w}d"},
		{ModeBody, "<b:body xmlns:b='" + NSBind + "' xmlns='urn:x'><a xmlns=''><b/></a></b:body>", "{jabber:client}b"},
		{ModeStream, streamOpen + "<stream:features><a xmlns='u'/><stream:b/><c/></stream:features>", "{u}a {" + NSStreams + "}b {jabber:client}c"},
	} {
		if got := childrenOf(mustScan(t, test.m, test.doc)); got != test.want {
			t.Errorf("%v %q: %s, want %s", test.m, test.doc, got, test.want)
		}
	}
}

// Children of children, their place in the whole, and an early end.
func TestChildrenNested(t *testing.T) {
	el := mustScan(t, ModeStream, streamOpen+"<a xmlns:p='u'><b xmlns='v'><p:c/><d>x</d></b><b/></a>")
	calls := 0
	el.Children(nil, func(b *Element) bool {
		calls++
		if got := childrenOf(b); got != "{u}c {v}d" {
			t.Error(got)
		}
		if at := cap(el.Raw) - cap(b.Raw); string(el.Raw[at:at+len(b.Raw)]) != string(b.Raw) {
			t.Errorf("%q isn't at %d", b.Raw, at)
		}
		b.Children(nil, func(c *Element) bool {
			if got, want := string(c.AppendTo(nil, "")), "<p:c xmlns:p='u'/>"; got != want {
				t.Errorf("%q, want %q", got, want)
			}
			return false
		})
		return false
	})
	if calls != 1 {
		t.Errorf("%d calls", calls)
	}
}

func TestEdited(t *testing.T) {
	el := mustScan(t, ModeStream, streamOpen+"<stream:features><starttls xmlns='u'/><a xmlns='v'/></stream:features>")
	edited, ok := el.Edited(nil, []byte("<stream:features><a xmlns='v'/></stream:features>"))
	if !ok || !edited.Is(NSStreams, "features") || childrenOf(&edited) != "{v}a" {
		t.Errorf("%v, %q", ok, edited.Raw)
	}
	for _, raw := range []string{"", "x", "<stream:features>", "<stream:features/> ", "<stream:features/><a/>", "<p:a/>", " <a/>", "</a>", "<a>&b;</a>"} {
		if _, ok := el.Edited(nil, []byte(raw)); ok {
			t.Errorf("%q may stand there", raw)
		}
	}
}

func TestAppendText(t *testing.T) {
	for _, test := range []struct{ element, want string }{
		{"<a/>", ""},
		{"<a></a>", ""},
		{"<a>text</a>", "text"},
		{"<a>&lt;&#x1F600;&amp;amp;</a>", "<😀&amp;"},
		{"<a>x<b>no</b>y<b c='>' d=\"'>\">no<e/>no</b>z<b/>.</a>", "xyz."},
		{"<a>x<![CDATA[<b>&amp;]]]]>y<b><![CDATA[no]]></b></a>", "x<b>&amp;]]y"},
		{"<a>1\r\n2\r3\n4\r\r\n5&#13;\n<![CDATA[\r\n\r]]></a>", "1\n2\n3\n4\n\n5\r\n\n\n"},
	} {
		if got := string(mustScan(t, ModeMessage, test.element).AppendText([]byte("+"))); got != "+"+test.want {
			t.Errorf("%q: %q, want %q", test.element, got, test.want)
		}
	}
}
