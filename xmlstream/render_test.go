package xmlstream

import (
	"fmt"
	"strings"
	"testing"
)

func TestAppendTo(t *testing.T) {
	const root = "<body xmlns='" + NSBind + "' xmlns:p='urn:p' xmlns:q='urn:q?a&amp;b'>"
	for _, test := range []struct {
		name string
		m    Mode
		doc  string
		def  string
		want string
	}{
		// a client's element, for the server
		{"inherits httpbind", ModeBody, root + "<message to='a'><body/></message>", NSClient, "<message to='a'><body/></message>"},
		{"declares", ModeBody, root + "<iq xmlns='jabber:client'/>", NSClient, "<iq xmlns='jabber:client'/>"},
		{"xmlns=''", ModeBody, root + "<iq xmlns='' id='1'><x/></iq>", NSClient, "<iq xmlns='jabber:client' id='1'><x/></iq>"},
		{`xmlns = ""`, ModeBody, root + `<iq id='xmlns=""' xmlns = "" />`, NSClient, `<iq id='xmlns=""' xmlns = "jabber:client" />`},
		{"xmlns='' of a child", ModeBody, root + "<iq><x xmlns=''/></iq>", NSClient, "<iq><x xmlns=''/></iq>"},
		{"xmlns='' and a prefix", ModeBody, root + "<p:iq xmlns=''><x/></p:iq>", NSClient, "<p:iq xmlns:p='urn:p' xmlns=''><x/></p:iq>"},
		{"its prefix", ModeBody, root + "<p:a/>", NSClient, "<p:a xmlns:p='urn:p'/>"},
		{"an attribute's prefix", ModeBody, root + "<a p:b='c'></a>", NSClient, "<a xmlns:p='urn:p' p:b='c'></a>"},
		{"a descendant's prefixes", ModeBody, root + "<a><b><q:c p:d='e'/></b></a>", NSClient, "<a xmlns:p='urn:p' xmlns:q='urn:q?a&amp;b'><b><q:c p:d='e'/></b></a>"},
		{"a prefix declared again", ModeBody, root + "<a xmlns:p='v'><p:b/></a>", NSClient, "<a xmlns:p='v'><p:b/></a>"},
		{"declared again inside", ModeBody, root + "<a><b xmlns:p='v'><p:c/></b><p:d/></a>", NSClient, "<a xmlns:p='urn:p'><b xmlns:p='v'><p:c/></b><p:d/></a>"},
		{"only declared again inside", ModeBody, root + "<a><b xmlns:p='v'><p:c/></b></a>", NSClient, "<a><b xmlns:p='v'><p:c/></b></a>"},
		{"other root default", ModeBody, "<b:body xmlns:b='" + NSBind + "' xmlns='urn:x'><a/>", NSClient, "<a xmlns='urn:x'/>"},
		{"httpbind on purpose", ModeBody, "<b:body xmlns:b='" + NSBind + "'><b:a/>", NSClient, "<b:a xmlns:b='" + NSBind + "'/>"},
		{"xml:lang", ModeBody, "<body xmlns:xml='" + NSXML + "'><a xml:lang='en'/>", NSClient, "<a xml:lang='en'/>"},
		{"message", ModeMessage, "<a><b/></a>", NSClient, "<a><b/></a>"},
		{"message, xmlns=''", ModeMessage, "<a xmlns=''><b/></a>", NSClient, "<a xmlns='jabber:client'><b/></a>"},
		// the server's element, for a BOSH client
		{"inherits", ModeStream, streamOpen + "<message/>", NSBind, "<message xmlns='jabber:client'/>"},
		{"inherits, with attributes", ModeStream, streamOpen + "<message to='a'>x</message>", NSBind, "<message xmlns='jabber:client' to='a'>x</message>"},
		{"declares", ModeStream, streamOpen + "<success xmlns='urn:s'/>", NSBind, "<success xmlns='urn:s'/>"},
		{"xmlns=''", ModeStream, streamOpen + "<a xmlns=''/>", NSBind, "<a xmlns=''/>"},
		{"no default around", ModeStream, "<s:stream xmlns:s='" + NSStreams + "'><a><b/></a>", NSBind, "<a xmlns=''><b/></a>"},
		{"a prefix, a descendant relies on the default", ModeStream, streamOpen + "<p:a xmlns:p='u'><b/></p:a>", NSBind, "<p:a xmlns='jabber:client' xmlns:p='u'><b/></p:a>"},
		{"a prefix, nobody does", ModeStream, streamOpen + "<p:a xmlns:p='u'><p:b/></p:a>", NSBind, "<p:a xmlns:p='u'><p:b/></p:a>"},
		{"a prefix, and its own default", ModeStream, streamOpen + "<p:a xmlns:p='u' xmlns='v'><b/></p:a>", NSBind, "<p:a xmlns:p='u' xmlns='v'><b/></p:a>"},
		{"an attribute doesn't rely on it", ModeStream, streamOpen + "<p:a xmlns:p='u' b='c'/>", NSBind, "<p:a xmlns:p='u' b='c'/>"},
		{"deep below a default of its own", ModeStream, streamOpen + "<p:a xmlns:p='u'><b xmlns='v'><c/></b></p:a>", NSBind, "<p:a xmlns:p='u'><b xmlns='v'><c/></b></p:a>"},
		{"beside a default of its own", ModeStream, streamOpen + "<p:a xmlns:p='u'><b xmlns='v'/><c/></p:a>", NSBind, "<p:a xmlns='jabber:client' xmlns:p='u'><b xmlns='v'/><c/></p:a>"},
		{"stream:error", ModeStream, streamOpen + "<stream:error/>", NSBind, "<stream:error xmlns:stream='" + NSStreams + "'/>"},
		// and for a WebSocket client
		{"inherits", ModeStream, streamOpen + "<iq/>", "", "<iq xmlns='jabber:client'/>"},
		{"no default around", ModeStream, "<s><iq/>", "", "<iq/>"},
		{"default around is the one there", ModeStream, "<s xmlns='u'><iq/>", "u", "<iq/>"},
		// what is inserted is escaped
		{"escaped", ModeStream, "<s xmlns='&lt;&amp;\"&apos;&#9;\t>' xmlns:p=\"'\"><p:a><b/></p:a>", "", "<p:a xmlns='&lt;&amp;&quot;&apos;&#9; &gt;' xmlns:p='&apos;'><b/></p:a>"},
	} {
		el := mustScan(t, test.m, test.doc)
		if got := string(el.AppendTo([]byte("<x/>"), test.def)); got != "<x/>"+test.want {
			t.Errorf("%s: %q for %q: %q, want %q", test.name, el.Raw, test.def, got, test.want)
		}
		clone := el.Clone()
		clear(el.Raw)
		if got := string(clone.AppendTo(nil, test.def)); got != test.want {
			t.Errorf("%s: the clone: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestAppendStreamTo(t *testing.T) {
	const (
		declared = " xmlns:stream='" + NSStreams + "'"
		ours     = "<s:stream xmlns:s='" + NSStreams + "' xmlns='jabber:client' xmlns:stream='urn:other'>"
		unnamed  = "<stream xmlns='" + NSStreams + "'>"
	)
	for _, test := range []struct {
		name, doc, want string // DECL stands for what declare adds
	}{
		{"as usual", streamOpen + "<stream:features><a xmlns='u'/></stream:features>", "<stream:featuresDECL><a xmlns='u'/></stream:features>"},
		{"self-closed", streamOpen + "<stream:features/>", "<stream:featuresDECL/>"},
		{"another prefix", "<s:stream xmlns:s='" + NSStreams + "'><s:error><a xmlns='u'/></s:error>", "<stream:errorDECL><a xmlns='u'/></stream:error>"},
		{"used inside too", "<s:stream xmlns:s='" + NSStreams + "'><s:error s:a=''><s:b/></s:error >", "<stream:errorDECL xmlns:s='" + NSStreams + "' s:a=''><s:b/></stream:error >"},
		{"no prefix", unnamed + "<features a='b'></features>", "<stream:featuresDECL a='b'></stream:features>"},
		{"no prefix, used inside", unnamed + "<features><x/></features>", "<stream:features xmlns='" + NSStreams + "'DECL><x/></stream:features>"},
		{"its own prefix", streamOpen + "<s:features xmlns:s='" + NSStreams + "'/>", "<stream:featuresDECL xmlns:s='" + NSStreams + "'/>"},
		{"its own stream", "<s><stream:features" + declared + "></stream:features>", "<stream:features" + declared + "></stream:features>"},
		{"its own default", streamOpen + "<features xmlns='" + NSStreams + "'><x/></features>", "<stream:featuresDECL xmlns='" + NSStreams + "'><x/></stream:features>"},
		{"a child relies on the default", streamOpen + "<stream:error><text/></stream:error>", "<stream:error xmlns='jabber:client'DECL><text/></stream:error>"},
		{"stream means something else around", ours + "<s:error/>", "<stream:errorDECL/>"},
		{"and is used", ours + "<s:error><stream:x/></s:error>", "<s:error xmlns:s='" + NSStreams + "' xmlns:stream='urn:other'><stream:x/></s:error>"},
		{"stream means something else on it", streamOpen + "<s:error xmlns:s='" + NSStreams + "' xmlns:stream='u'/>", "<s:error xmlns:s='" + NSStreams + "' xmlns:stream='u'/>"},
		{"means something else inside", "<s:stream xmlns:s='" + NSStreams + "'><s:error><a xmlns='' xmlns:stream='u'/></s:error>", "<stream:errorDECL><a xmlns='' xmlns:stream='u'/></stream:error>"},
		{"no element of the stream's", streamOpen + "<message/>", "<message xmlns='jabber:client'/>"},
	} {
		el := mustScan(t, ModeStream, test.doc)
		for _, declare := range []bool{true, false} {
			want := strings.ReplaceAll(test.want, "DECL", map[bool]string{true: declared}[declare])
			if got := string(el.AppendStreamTo(nil, NSBind, declare)); got != want {
				t.Errorf("%s: %q: %q, want %q", test.name, el.Raw, got, want)
			}
		}
	}
	el := mustHeader(t, ModeStream, "<s:stream xmlns:s='"+NSStreams+"' id='1'>")
	if got, want := string(el.AppendStreamTo(nil, "", true)), "<stream:stream"+declared+" xmlns:s='"+NSStreams+"' id='1'>"; got != want {
		t.Errorf("a header: %q, want %q", got, want)
	}
}

// All of the root's declarations can be relied on, the 128th too; and in Children there may be more.
func TestAppendToAll(t *testing.T) {
	var root, element, want strings.Builder
	for i := range declsMax {
		fmt.Fprintf(&root, " xmlns:p%d='u%d'", i, i)
		if i%3 != 0 {
			fmt.Fprintf(&element, "<p%d:a/>", i)
			fmt.Fprintf(&want, " xmlns:p%d='u%d'", i, i)
		}
	}
	el := mustScan(t, ModeStream, "<s"+root.String()+"><x>"+element.String()+"</x>")
	if got, want := string(el.AppendTo(nil, "")), "<x"+want.String()+">"+element.String()+"</x>"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	el = mustScan(t, ModeStream, "<s"+root.String()+"><x"+strings.ReplaceAll(root.String(), "p", "q")+"><y><p0:a/><p127:b/><q127:b/></y></x>")
	el.Children(nil, func(c *Element) bool {
		doc := string(c.AppendTo(nil, ""))
		if _, err := canonical(doc, -1, ""); err != nil {
			t.Errorf("%q: %v", doc, err)
		}
		return true
	})
}

// A root may declare what it likes; the element is never larger than AppendSize says.
func TestAppendSize(t *testing.T) {
	el := mustScan(t, ModeStream, "<s xmlns='\"\"\"\"' xmlns:p=\"''''\"><p:a><b/></p:a>")
	if got := len(el.AppendTo(nil, "")) - len(el.Raw); got != el.AppendSize() {
		t.Errorf("AppendTo adds %d, AppendSize says %d", got, el.AppendSize())
	}
	el = mustScan(t, ModeMessage, "<a xmlns='u'/>")
	if el.AppendSize() != 0 {
		t.Errorf("AppendSize is %d for an element that relies on nothing", el.AppendSize())
	}
}
