package xmlstream

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"
)

// unlimited are the limits where a second opinion has none.
var unlimited = Limits{}

func fuzzMode(m uint8) Mode { return modes[int(m)%len(modes)] }

// encodingXML says what encoding/xml thinks of a document.
func encodingXML(doc []byte) error {
	d := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(doc, []byte("\ufeff"))))
	for {
		if _, err := d.Token(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// isQuirk: encoding/xml refuses what XML 1.0 allows. The list is complete as far as is known:
//   - it knows the name characters of the fourth edition, not the fifth's
func isQuirk(err error) bool { return strings.Contains(err.Error(), "invalid XML name") }

// What encoding/xml accepts and we refuse, beside all that XMPP forbids (comments, processing instructions, DTDs) and what
// Namespaces in XML forbids (it resolves prefixes where it can, and no more): attributes without white space between them,
// attributes that occur twice, text outside the root and several roots, references to surrogates (it reads U+FFFD),
// malformed XML declarations and ones that don't come first.

// FuzzReference compares each verdict with the grammar's, and what was found in a document with what encoding/xml finds in it.
func FuzzReference(f *testing.F) {
	for _, doc := range seeds {
		for m := range modes {
			f.Add([]byte(doc), uint8(m))
		}
	}
	p := NewPool()
	f.Fuzz(func(t *testing.T, doc []byte, mode uint8) {
		m := fuzzMode(mode)
		if m == ModeStream {
			doc = upToEnd(doc) // what is behind it is not looked at
		}
		tr := drive(p, m, unlimited, doc)
		want := reference(string(doc), m)
		if accepted := tr.accepted(doc); accepted != (want == nil) {
			t.Fatalf("%v %q: %v, the grammar says %v", m, doc, tr, want)
		}
		if want != nil {
			return
		}
		if err := encodingXML(doc); err != nil {
			if !isQuirk(err) {
				t.Fatalf("%v %q: encoding/xml says %v", m, doc, err)
			}
			return
		}
		checkElements(t, m, doc)
	})
}

// upToEnd gives the part of a ModeStream's document that a scanner looks at.
func upToEnd(doc []byte) []byte {
	var (
		s  Scanner
		el Element
	)
	at := 0
	for {
		n, ev := s.Next(doc[at:], &el)
		switch at += n; ev {
		case End:
			return doc[:at]
		case NeedMore, Bad:
			return doc
		case Header, Child:
		}
	}
}

// checkElements takes an accepted document apart, and renders its elements for other places; each time the same has to be
// there.
func checkElements(t *testing.T, m Mode, doc []byte) {
	t.Helper()
	top := map[Mode]int{ModeStream: -1, ModeBody: 1, ModeMessage: 0}[m]
	want, err := canonical(string(doc), top, "")
	if err != nil {
		t.Fatalf("%v %q: %v", m, doc, err)
	}
	var (
		s    Scanner
		el   Element
		got  strings.Builder
		head string
	)
	s.Reset(NewPool(), m, unlimited)
	for at := 0; ; {
		n, ev := s.Next(doc[at:], &el)
		at += n
		if ev == End {
			break
		}
		own := canonicalOf(&el)
		if ev == Header {
			head = strings.TrimSuffix(own, ")")
			continue
		}
		got.WriteString(own)
		for _, def := range [...]string{NSClient, NSBind, ""} {
			checkRendered(t, &el, own, def)
		}
	}
	// White space between the children is nobody's.
	full := got.String()
	if m != ModeMessage {
		full = head + full + ")"
	}
	if withoutBlanks(full) != withoutBlanks(want) {
		t.Fatalf("%v %q\ngot  %s\nwant %s", m, doc, full, want)
	}
}

func withoutBlanks(s string) string {
	return strings.NewReplacer(" ", "", `\n`, "", `\r`, "", `\t`, "").Replace(s)
}

func checkRendered(t *testing.T, el *Element, want, def string) {
	t.Helper()
	out := el.AppendTo([]byte("before"), def)
	if more := len(out) - len("before") - len(el.Raw); more < 0 || more > el.AppendSize() {
		t.Fatalf("%q: AppendTo adds %d, AppendSize says %d", el.Raw, more, el.AppendSize())
	}
	doc := strings.TrimPrefix(string(out), "before")
	got, err := canonical(doc, -1, def)
	if err != nil || got != want {
		t.Fatalf("%q for %q is %q: %v\ngot  %s\nwant %s", el.Raw, def, doc, err, got, want)
	}
	if tr := drive(NewPool(), ModeMessage, unlimited, []byte(doc)); !tr.accepted([]byte(doc)) {
		t.Fatalf("%q for %q is %q: %v", el.Raw, def, doc, tr)
	}
	if string(el.Space()) != NSStreams {
		return
	}
	for _, declare := range [...]bool{true, false} {
		out := el.AppendStreamTo(nil, def, declare)
		if more := len(out) - len(el.Raw); more > el.AppendSize() {
			t.Fatalf("%q: AppendStreamTo adds %d, AppendSize says %d", el.Raw, more, el.AppendSize())
		}
		doc, opened := string(out), ""
		if !declare {
			opened = "<x xmlns='" + def + "' xmlns:stream='" + NSStreams + "'>"
			doc = opened + doc + "</x>"
		}
		got, err := canonical(doc, -1, def)
		if !declare {
			got = strings.TrimSuffix(strings.TrimPrefix(got, canonicalStart(def)), ")")
		}
		if err != nil || got != want {
			t.Fatalf("%q for %q is %q: %v\ngot  %s\nwant %s", el.Raw, def, doc, err, got, want)
		}
	}
}

func canonicalStart(def string) string {
	c, _ := canonical("<x/>", -1, def)
	return strings.TrimSuffix(c, ")")
}

// FuzzSplit: however a document is cut, the same comes of it.
func FuzzSplit(f *testing.F) {
	for _, doc := range seeds {
		for m := range modes {
			f.Add([]byte(doc), uint8(m), uint16(3), uint16(11), uint16(0))
		}
	}
	p := NewPool()
	f.Fuzz(func(t *testing.T, doc []byte, mode uint8, x, y, bytesMax uint16) {
		if len(doc) > 2000 {
			return
		}
		m, lim := fuzzMode(mode), Limits{Depth: 5, Attrs: 4, Decls: 4, Bytes: int(bytesMax)}
		whole := drive(p, m, lim, doc)
		i, j := int(x)%(len(doc)+1), int(y)%(len(doc)+1)
		if three := drive(p, m, lim, doc, min(i, j), max(i, j)); !same(whole, three) {
			t.Fatalf("%v %q\nwhole:         %v\ncut at %d, %d: %v", m, doc, whole, i, j, three)
		}
		var cuts []int
		for i := range doc {
			cuts = append(cuts, i)
		}
		if each := drive(p, m, lim, doc, cuts...); !same(whole, each) {
			t.Fatalf("%v %q\nwhole:        %v\nbyte by byte: %v", m, doc, whole, each)
		}
	})
}

// FuzzAppendTo: an element in a root with any declarations means the same wherever it is rendered.
func FuzzAppendTo(f *testing.F) {
	for _, attrs := range []string{
		"", "xmlns='" + NSClient + "' xmlns:stream='" + NSStreams + "'", "xmlns='" + NSStreams + "' xmlns:p='u&amp;&#10;&quot;'", "xmlns='" + NSBind + "' xmlns:p='u' xmlns:q='v'",
	} {
		for _, element := range elements {
			f.Add(attrs, element, uint8(len(attrs)))
		}
	}
	f.Fuzz(func(t *testing.T, attrs, element string, mode uint8) {
		m := modes[mode%2]
		doc := []byte("<root " + attrs + ">" + element + "</root>")
		if drive(NewPool(), m, unlimited, doc).accepted(doc) && encodingXML(doc) == nil {
			checkElements(t, m, upToEnd(doc))
		}
	})
}

// FuzzEscape: what was escaped comes back, in text and in attributes.
func FuzzEscape(f *testing.F) {
	for _, text := range []string{"", "a", "& < > \" ' 😀", "\t\n\r\r\n", "\x00\x1f\xff\ufffe", "]]>"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		escaped := AppendEscaped(nil, text)
		want := string(escaped)
		var plain strings.Builder
		for _, r := range string(text) {
			if !isChar(uint32(r)) {
				r = '\ufffd'
			}
			plain.WriteRune(r)
		}
		if got := string(AppendUnescaped(nil, escaped)); got != plain.String() {
			t.Fatalf("%q: %q comes back as %q", text, want, got)
		}
		for _, doc := range []string{"<a>" + want + "</a>", "<a b='" + want + "'/>", `<a b="` + want + `"/>`} {
			if tr := drive(NewPool(), ModeMessage, unlimited, []byte(doc)); !tr.accepted([]byte(doc)) {
				t.Fatalf("%q: %v", doc, tr)
			}
			el := mustScan(t, ModeMessage, doc)
			got := el.AppendText(nil)
			if raw, ok := el.Attr("", "b"); ok {
				got = AppendUnescaped(nil, raw)
			}
			if string(got) != plain.String() {
				t.Fatalf("%q holds %q", doc, got)
			}
		}
		AppendUnescaped(nil, text) // whatever it is, no panic
	})
}
