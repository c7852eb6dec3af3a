package xmlstream

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// writer makes documents by chance: mostly good ones, in which few names meet many declarations.
type writer struct {
	*rand.Rand
	strings.Builder
}

func (w *writer) one(of ...string) string { return of[w.IntN(len(of))] }

func (w *writer) name() string {
	return w.one("", "", "", "p:", "q:", "stream:", "xml:") + w.one("a", "b", "c")
}

func (w *writer) attributes() {
	for range w.IntN(4) {
		w.WriteString(w.one(" ", "\n ", "  "))
		quote := w.one("'", "\"")
		switch w.IntN(5) {
		case 0:
			w.WriteString("xmlns=" + quote + w.one("", "u", "v", NSClient, NSBind, NSStreams))
		case 1, 2:
			w.WriteString("xmlns:" + w.one("p", "q", "stream") + w.one("=", " = ") + quote + w.one("u", "v", "&#117;", NSStreams, "&lt;&amp;&#9;&quot;"))
		case 3:
			w.WriteString(w.name() + "=" + quote + w.one("", "x", ">", "/>", "&gt;&#xe9;", "é\t漢"))
		default:
			w.WriteString(w.one("d", "e", "f") + "=" + quote)
		}
		w.WriteString(quote)
	}
	w.WriteString(w.one("", "", " "))
}

func (w *writer) element(depth int) {
	name := w.name()
	w.WriteString("<" + name)
	w.attributes()
	if w.IntN(3) == 0 {
		w.WriteString("/>")
		return
	}
	w.WriteString(">")
	for range w.IntN(4) {
		switch {
		case depth > 0 && w.IntN(2) == 0:
			w.element(depth - 1)
		default:
			w.WriteString(w.one("", "x", "]]", ">", "&lt;", "&#10;", "<![CDATA[<&]]]]>", "\r\n", "é", "漢字 かな", "long enough for eight bytes"))
		}
	}
	w.WriteString("</" + name + w.one("", "", " ") + ">")
}

// spoil changes a document somewhere.
func (w *writer) spoil(doc string) string {
	i := w.IntN(len(doc) + 1)
	j := min(len(doc), i+w.IntN(4))
	return doc[:i] + w.one("", "", "<", ">", "/", "'", "\"", "&", ";", "=", ":", " ", "]]>", "\x00", "\x80", "é", "<a>", "</a>", "<b/>", "<!--", "<?", "xmlns") + doc[j:]
}

// Documents made by chance, and spoilt ones: we say what the grammar says, however they are cut, and what is rendered means the same.
func TestRandomDocuments(t *testing.T) {
	rounds := 5000
	if testing.Short() {
		rounds = 1000
	}
	var (
		p        = NewPool()
		accepted int
	)
	for seed := range rounds {
		w := writer{Rand: rand.New(rand.NewPCG(uint64(seed), 1))}
		m := modes[w.IntN(len(modes))]
		if m != ModeMessage {
			w.WriteString("<root")
			w.attributes()
			w.WriteString(w.one("", " xmlns:p='u' xmlns:q='v' xmlns:stream='"+NSStreams+"'", " xmlns='"+NSClient+"' xmlns:stream='"+NSStreams+"'") + ">")
		}
		w.element(4)
		if m != ModeMessage {
			w.WriteString(w.one("", " ", "\n"))
			w.element(2)
			w.WriteString("</root>")
		}
		doc := w.String()
		if w.IntN(3) == 0 {
			doc = w.spoil(doc)
		}
		raw := []byte(doc)
		if m == ModeStream {
			raw = upToEnd(raw)
		}
		tr := drive(p, m, unlimited, raw)
		want := reference(string(raw), m)
		if tr.accepted(raw) != (want == nil) {
			t.Fatalf("seed %d, %v %q: %v, the grammar says %v", seed, m, raw, tr, want)
		}
		for range 3 {
			i, j := w.IntN(len(raw)+1), w.IntN(len(raw)+1)
			if cut := drive(p, m, unlimited, raw, min(i, j), max(i, j)); !same(tr, cut) {
				t.Fatalf("seed %d, %v %q\nwhole:         %v\ncut at %d, %d: %v", seed, m, raw, tr, i, j, cut)
			}
		}
		if want == nil {
			accepted++
			checkElements(t, m, raw)
		}
	}
	if accepted < rounds/20 {
		t.Errorf("%d of %d documents are good ones: too few", accepted, rounds)
	}
	t.Logf("%d of %d documents are good ones", accepted, rounds)
}
