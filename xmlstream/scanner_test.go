package xmlstream

import (
	"strings"
	"testing"
)

func TestEvents(t *testing.T) {
	for _, test := range []struct {
		m    Mode
		doc  string
		want string
	}{
		{ModeStream, "<s>", "header"},
		{ModeStream, "<s></s>", "header end"},
		{ModeStream, "<s/>", "header end"},
		{ModeStream, "<s a='b' />", "header end"},
		{ModeStream, " <s> <a/> <b></b>\n<c/> </s >", "header child child child end"},
		{ModeStream, "<?xml version='1.0'?><s><a/><a/>", "header child child"},
		{ModeStream, "<s><a/></s>anything <at> &all;", "header child end"},
		{ModeStream, "<s><s></s></s>", "header child end"},
		{ModeBody, "<s/>", "header end"},
		{ModeBody, "<s><a/><b>x</b></s>\r\n", "header child child end"},
		{ModeMessage, "<s/>", "child end"},
		{ModeMessage, " <s><a/>x</s> ", "child end"},
		{ModeMessage, "", ""},
		{ModeMessage, " ", ""},
		{ModeMessage, "<s><a/></s", ""},
		{ModeBody, "<s><a></a", "header"},
	} {
		tr := checkSplits(t, test.m, DefaultLimits, []byte(test.doc))
		var got []string
		for _, ev := range tr.events {
			name, _, _ := strings.Cut(ev, " ")
			got = append(got, name)
		}
		if strings.Join(got, " ") != test.want || tr.err != ErrNone {
			t.Errorf("%v %q: %v, want %v", test.m, test.doc, tr, test.want)
		}
	}
}

// A document ends with its root.
func TestAfterEnd(t *testing.T) {
	for _, m := range modes[1:] {
		for _, after := range []string{"<a/>", "x", "\x00", "é", "\xff", "<", "</a>", "<!-- -->", "<?x?>", "&amp;", "]", "  <a/>"} {
			if tr := checkSplits(t, m, DefaultLimits, []byte(wrapped(m, "<a/>")+after)); tr.err != ErrNotWellFormed {
				t.Errorf("%v: %q behind the end: %v", m, after, tr)
			}
		}
	}
}

// XMPP has no character data between stanzas, and a root has to come first.
func TestBetween(t *testing.T) {
	for _, m := range modes[:2] {
		for _, test := range []struct {
			doc  string
			want Error
		}{
			{"<s>x</s>", ErrNotWellFormed},
			{"<s>x<a/></s>", ErrNotWellFormed},
			{"<s><a/>x</s>", ErrNotWellFormed},
			{"<s><a/>]]></s>", ErrNotWellFormed},
			{"<s>\x00</s>", ErrNotWellFormed},
			{"<s>é</s>", ErrNotWellFormed},
			{"<s>\u00a0</s>", ErrNotWellFormed},
			{"<s>\xff</s>", ErrEncoding},
			{"<s>\xc3</s>", ErrEncoding},
			{"<s><![CDATA[]]></s>", ErrNotWellFormed},
			{"<s></s >", ErrNone},
			{"<s></t>", ErrNotWellFormed},
			{"<s></ss>", ErrNotWellFormed},
			{"<ss></s>", ErrNotWellFormed},
			{"<s></ s>", ErrNotWellFormed},
			{"<s></s x=''>", ErrNotWellFormed},
			{"<s><a></s>", ErrNotWellFormed},
			{"<s></a></s>", ErrNotWellFormed},
			{"<s><a></a></a></s>", ErrNotWellFormed},
			{"</s>", ErrNotWellFormed},
			{"<p:s xmlns:p='u'></s>", ErrNotWellFormed},
			{"<p:s xmlns:p='u'><p:s></p:s></p:s>", ErrNone},
		} {
			if tr := checkSplits(t, m, DefaultLimits, []byte(test.doc)); tr.err != test.want {
				t.Errorf("%v %q: %v, want %v", m, test.doc, tr, test.want)
			}
		}
	}
}

// A client's message never closes the server's stream or opens a second one: the bytes of an event are one balanced element.
func TestNoWayOut(t *testing.T) {
	for _, message := range []string{
		"</stream:stream>",
		"<message/></stream:stream>",
		"<message></message></stream:stream>",
		"<message></stream:stream>",
		"<message></stream:stream></message>",
		"<message/><stream:stream>",
		"<message a='>'/></stream:stream>",
		"<message><![CDATA[</message>]]></stream:stream>",
		"<message><a b='</message>'></stream:stream>",
	} {
		var (
			s  Scanner
			el Element
		)
		s.Reset(NewPool(), ModeMessage, DefaultLimits)
		b := []byte(message)
		for {
			n, ev := s.Next(b, &el)
			if ev == Bad {
				break
			}
			if b = b[n:]; ev == NeedMore {
				t.Errorf("%q is let through", message)
				break
			}
			if ev == Child && strings.Contains(string(el.Raw), "/stream:stream") {
				t.Errorf("%q lets %q through", message, el.Raw)
			}
		}
	}
}

// White space is consumed as it comes, also where nothing else is; an XML declaration and a byte order mark too. Nothing of
// an element is, before it is complete.
func TestConsumed(t *testing.T) {
	var (
		s  Scanner
		el Element
	)
	s.Reset(NewPool(), ModeStream, DefaultLimits)
	for _, step := range []struct {
		bytes string
		n     int
		ev    Event
	}{
		{"", 0, NeedMore},
		{"\xef\xbb", 0, NeedMore},
		{"\xef\xbb\xbf", 3, NeedMore},
		{"<?xml version='1.0'?", 0, NeedMore},
		{"<?xml version='1.0'?>", 21, NeedMore},
		{"\n\n", 2, NeedMore},
		{"\n<s", 1, NeedMore},
		{"<s>  ", 3, Header},
		{"  ", 2, NeedMore},
		{" <a>", 1, NeedMore},
		{"<a></a", 0, NeedMore},
		{"<a></a>  <b/>", 7, Child},
		{"  <b/></s>", 6, Child},
		{"</", 0, NeedMore},
		{"</s>\n", 4, End},
		{"\n<", 2, NeedMore},
		{"", 0, NeedMore},
	} {
		if n, ev := s.Next([]byte(step.bytes), &el); n != step.n || ev != step.ev {
			t.Fatalf("%q: %d, %v, want %d, %v", step.bytes, n, ev, step.n, step.ev)
		}
	}
}

// Elements outlive the scanner and the later elements, not their bytes.
func TestElementsStay(t *testing.T) {
	var (
		s   Scanner
		els [4]Element
	)
	s.Reset(NewPool(), ModeBody, DefaultLimits)
	b := []byte("<body xmlns='" + NSBind + "' xmlns:p='urn:p' xml:lang='en'><message/><p:x/><iq xmlns='urn:q'/></body>")
	for i := range els {
		n, _ := s.Next(b, &els[i])
		b = b[n:]
	}
	s.Reset(NewPool(), ModeMessage, DefaultLimits)
	s.Next([]byte("<other xmlns:p='urn:other'/>"), &Element{})
	for i, want := range []struct{ space, local string }{{NSBind, "body"}, {NSClient, "message"}, {"urn:p", "x"}, {"urn:q", "iq"}} {
		if !els[i].Is(want.space, want.local) {
			t.Errorf("%d: {%s}%s", i, els[i].Space(), els[i].Local())
		}
	}
}

// The zero value works.
func TestZeroScanner(t *testing.T) {
	var (
		s  Scanner
		el Element
	)
	if n, ev := s.Next([]byte("<s a=''>"), &el); n != 8 || ev != Header {
		t.Error(n, ev, s.Err())
	}
	s.Reset(nil, ModeMessage, Limits{})
	if n, ev := s.Next([]byte("<s a=''/>"), &el); n != 9 || ev != Child {
		t.Error(n, ev, s.Err())
	}
}

// decisions.md 9.
func TestDefaultNamespace(t *testing.T) {
	for _, test := range []struct {
		m    Mode
		doc  string
		want string
	}{
		{ModeBody, "<body xmlns='" + NSBind + "'><message/></body>", NSClient},
		{ModeBody, "<body><message/></body>", NSClient},
		{ModeBody, "<body xmlns=''><message/></body>", NSClient},
		{ModeBody, "<b:body xmlns:b='" + NSBind + "'><message/></b:body>", NSClient},
		{ModeBody, "<body xmlns='" + NSBind + "'><message xmlns=''/></body>", NSClient},
		{ModeBody, "<body xmlns='http://jabber.org/protocol/httpbin&#100;'><message/></body>", NSClient},
		{ModeBody, "<body xmlns='" + NSBind + "'><message xmlns='" + NSClient + "'/></body>", NSClient},
		{ModeBody, "<b:body xmlns:b='" + NSBind + "' xmlns='" + NSClient + "'><message/></b:body>", NSClient},
		{ModeBody, "<b:body xmlns:b='" + NSBind + "' xmlns='urn:x'><message/></b:body>", "urn:x"},
		{ModeBody, "<b:body xmlns:b='" + NSBind + "' xmlns='urn:x'><message xmlns=''/></b:body>", NSClient},
		{ModeBody, "<body xmlns='" + NSBind + "'><auth xmlns='" + NSSASL + "'/></body>", NSSASL},
		{ModeBody, "<body xmlns='" + NSBind + "' xmlns:b='" + NSBind + "'><b:x/></body>", NSBind},
		{ModeMessage, "<message/>", NSClient},
		{ModeMessage, "<message xmlns=''/>", NSClient},
		{ModeMessage, "<open xmlns='" + NSFraming + "'/>", NSFraming},
		{ModeMessage, "<p:x xmlns:p='u' xmlns=''/>", "u"},
		{ModeMessage, "<p:x xmlns:p='u&amp;&#9;\tv'/>", "u&\t v"},
		{ModeStream, streamOpen + "<message/>", NSClient},
		{ModeStream, streamOpen + "<message xmlns=''/>", ""},
		{ModeStream, streamOpen + "<stream:features/>", NSStreams},
		{ModeStream, "<stream xmlns='" + NSStreams + "'><features/>", NSStreams},
		{ModeStream, "<s:stream xmlns:s='" + NSStreams + "'><message/>", ""},
		{ModeStream, "<s><xml:x/>", NSXML},
	} {
		el := mustScan(t, test.m, test.doc)
		if string(el.Space()) != test.want || !el.Is(test.want, string(el.Local())) {
			t.Errorf("%v %q: %q, want %q", test.m, test.doc, el.Space(), test.want)
		}
	}
}
