package demo

import (
	"bufio"
	"encoding/xml"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
)

const readerLimit = 64 << 10

// reader reads stanzas after a stream header.
func reader(t testing.TB, stanzas io.Reader) *xmlReader {
	t.Helper()
	r := &xmlReader{in: bufio.NewReader(io.MultiReader(strings.NewReader(streamOpen), stanzas)), limit: readerLimit}
	if _, err := r.header(); err != nil {
		t.Fatal(err)
	}
	return r
}

func parse(t testing.TB, stanza string) *element {
	t.Helper()
	e, err := reader(t, strings.NewReader(stanza)).next()
	if err != nil {
		t.Fatalf("%s: %v", stanza, err)
	}
	return e
}

// A stanza means the same after it was read and written.
func TestReadAndWrite(t *testing.T) {
	for in, want := range map[string]string{
		"<message/>":                                   "<message/>",
		"<message></message>":                          "<message/>",
		"<message a=\"it's\" b='\"&lt;&#9;'/>":         "<message a='it&apos;s' b='&quot;&lt;&#9;'/>",
		"<a>&amp;&lt;&gt;&quot;&apos;&#x1F600;😀</a>":   "<a>&amp;&lt;&gt;\"'😀😀</a>",
		"<a><![CDATA[<b>&amp;]]>]]&gt;&#13;\r\n</a>":   "<a>&lt;b&gt;&amp;amp;]]&gt;&#13;\n</a>",
		"<a xmlns='u'><b xmlns=''><c/></b></a>":        "<a xmlns='u'><b xmlns=''><c/></b></a>",
		"<x:a xmlns:x='u'><x:b/><c/></x:a>":            "<a xmlns='u'><b/><c xmlns='jabber:client'/></a>",
		"<stream:features/>":                           "<features xmlns='http://etherx.jabber.org/streams'/>",
		"<a xmlns:x='u'><b xmlns:x='v' x:c='1'/></a>":  "<a><b xmlns:n0='v' n0:c='1'/></a>",
		"<a xmlns:x='u' b='1' x:c='2' xml:lang='de'/>": "<a b='1' xmlns:n1='u' n1:c='2' xml:lang='de'/>",
		"<a>x<b/>y<b>z</b></a>":                        "<a>x<b/>y<b>z</b></a>",
	} {
		e := parse(t, in)
		if got := e.xml(); got != want {
			t.Errorf("%s became %s, want %s", in, got, want)
		}
		if got := parse(t, e.xml()); !reflect.DeepEqual(joined(got), joined(e)) {
			t.Errorf("%s became %s when read again", in, got.xml())
		}
	}
}

func TestReadsNothingBeyondAnElement(t *testing.T) {
	r := reader(t, iotest.OneByteReader(strings.NewReader(" <a/>\n<b>x</b><c/></stream:stream>rest")))
	for _, want := range []string{"<a/>", "<b>x</b>", "<c/>"} {
		if e, err := r.next(); err != nil || e.xml() != want {
			t.Fatalf("got %v, %v, want %s", e, err, want)
		}
	}
	if _, err := r.next(); err != errStreamEnd {
		t.Errorf("got %v", err)
	}
	if rest, _ := io.ReadAll(r.in); string(rest) != "rest" {
		t.Errorf("left is %q", rest)
	}
}

// Each strict prefix is a connection that broke, not bad XML.
func TestPrefixes(t *testing.T) {
	const stanza = "<a b='&amp;'>x<c xmlns='u'/>&#38;</a>"
	for i := range len(stanza) {
		if e, err := reader(t, strings.NewReader(stanza[:i])).next(); err != io.EOF {
			t.Errorf("%q: got %v, %v", stanza[:i], e, err)
		}
	}
}

func TestSizeLimit(t *testing.T) {
	fits := "<a>" + strings.Repeat("x", readerLimit-len("<a></a>")) + "</a>"
	r := reader(t, strings.NewReader(fits+"  "+fits+strings.Replace(fits, "x", "xx", 1)))
	for range 2 {
		if _, err := r.next(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.next(); err != errTooBig {
		t.Errorf("got %v", err)
	}
}

// joined is e with neighbouring texts as one: how they were written does not matter.
func joined(e *element) *element {
	c := *e
	c.nodes = nil
	for _, n := range e.nodes {
		last := len(c.nodes) - 1
		switch {
		case n.el != nil:
			c.nodes = append(c.nodes, node{el: joined(n.el)})
		case n.text == "":
		case last >= 0 && c.nodes[last].el == nil:
			c.nodes[last].text += n.text
		default:
			c.nodes = append(c.nodes, n)
		}
	}
	return &c
}

// FuzzReader reads anything; what it takes is well-formed to others, and survives being written.
func FuzzReader(f *testing.F) {
	for in := range badElements {
		f.Add(in)
	}
	f.Add("<iq type='get' id='1'><query xmlns='jabber:iq:roster' xmlns:x='u' x:y='&#10;'/>t</iq><a/>")
	f.Fuzz(func(t *testing.T, in string) {
		head := &xmlReader{in: bufio.NewReader(strings.NewReader(in)), limit: readerLimit}
		head.header() // does not panic
		r := reader(t, strings.NewReader(in))
		for {
			e, err := r.next()
			if err != nil {
				var cond streamError
				if err != io.EOF && err != errStreamEnd && !errors.As(err, &cond) {
					t.Fatalf("error %v", err)
				}
				return
			}
			out := e.xml()
			again, err := reader(t, strings.NewReader(out)).next()
			if err == errTooBig { // escaping made it longer
				continue
			}
			if err != nil || !reflect.DeepEqual(joined(again), joined(e)) {
				t.Fatalf("%q became %q, %v", in, out, err)
			}
			for d := xml.NewDecoder(strings.NewReader(out)); err == nil; {
				_, err = d.Token()
			}
			if err != io.EOF {
				t.Fatalf("%q became %q: %v", in, out, err)
			}
		}
	})
}
