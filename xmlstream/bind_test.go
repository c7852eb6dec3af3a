package xmlstream

import (
	"fmt"
	"strings"
	"testing"
)

// Namespaces in XML 1.0.
func TestNamespaces(t *testing.T) {
	for _, test := range []struct {
		element string
		want    Error
	}{
		// §3: declarations
		{"<p:a xmlns:p='u'/>", ErrNone},
		{"<p:a p:b='c' xmlns:p='u' p:d='e'/>", ErrNone}, // declared behind its use
		{"<p:a xmlns:p='u'><p:a xmlns:p='v'><p:b/></p:a><p:b p:c=''/></p:a>", ErrNone},
		{"<a xmlns='u'><b xmlns=''><c/></b></a>", ErrNone},
		{"<a xmlns=''/>", ErrNone},
		{"<a xmlns:p='u' xmlns:q='u'/>", ErrNone},
		{"<a xmlns:é='u'><é:b/></a>", ErrNone},
		{"<a xmlns:xmlx='u'><xmlx:b/></a>", ErrNone},
		{"<a><b xmlns:p='u'><p:c/></b></a>", ErrNone},
		{"<a xmlns:p='not a URI at all &lt;'/>", ErrNone},
		{"<a xmlns:p=' '/>", ErrNone},
		{"<a xmlns:p='&#32;'/>", ErrNone},
		{"<a xmlns:p=''/>", ErrNamespace},
		{`<a xmlns:p="" xmlns:q='u'/>`, ErrNamespace},
		{"<a xmlns:p='u'><b xmlns:p=''/></a>", ErrNamespace},
		{"<a xmlns='u' xmlns='v'/>", ErrNotWellFormed},
		{"<a xmlns:p='u' xmlns:p='v'/>", ErrNotWellFormed},
		{"<a xmlns:p='u' xmlns:p='u'/>", ErrNotWellFormed},
		{"<a xmlns:1='u'/>", ErrNamespace},
		{"<a xmlns:='u'/>", ErrNamespace},
		{"<a xmlns:p:q='u'/>", ErrNamespace},
		// §3: reserved prefixes and namespaces
		{"<a xml:lang='en' xml:space='default' xml:nonsense=''/>", ErrNone},
		{"<xml:a/>", ErrNone},
		{"<a xmlns:xml='" + NSXML + "'/>", ErrNone},
		{"<a xmlns:xml='http://www.w3.org/XML/1998/namespac&#101;'/>", ErrNone},
		{"<a xml:lang='' xmlns:lang='u'/>", ErrNone},
		{"<a xml:p='' xmlns:p='u' p:p=''/>", ErrNone},
		{"<a xmlns:xml='u'/>", ErrNamespace},
		{"<a xmlns:xml=''/>", ErrNamespace},
		{"<a xmlns:p='" + NSXML + "'/>", ErrNamespace},
		{"<a xmlns:p='http://www.w3.org/XML/1998/namespac&#x65;'/>", ErrNamespace},
		{"<a xmlns='" + NSXML + "'/>", ErrNamespace},
		{"<a xmlns:p='" + NSXMLNS + "'/>", ErrNamespace},
		{"<a xmlns='" + NSXMLNS + "'/>", ErrNamespace},
		{"<a xmlns:xmlns='" + NSXMLNS + "'/>", ErrNamespace},
		{"<a xmlns:xmlns='u'/>", ErrNamespace},
		{"<xmlns:a/>", ErrNamespace},
		{"<xmlns/>", ErrNone},
		{"<xmlns xmlns='u'/>", ErrNone},
		{"<xmlns:a xmlns:xmlns='u'/>", ErrNamespace},
		// §4: qualified names
		{"<a:b:c xmlns:a='u'/>", ErrNamespace},
		{"<a xmlns:a='u' a:b:c=''/>", ErrNamespace},
		{"<:a/>", ErrNamespace},
		{"<:/>", ErrNamespace},
		{"<a:/>", ErrNamespace},
		{"<a: />", ErrNamespace},
		{"<a::b/>", ErrNamespace},
		{"<a :b='c'/>", ErrNamespace},
		{"<a b:='c'/>", ErrNamespace},
		{"<a :='c'/>", ErrNamespace},
		{"<p:1 xmlns:p='u'/>", ErrNamespace},
		{"<p:-a xmlns:p='u'/>", ErrNamespace},
		{"<p:· xmlns:p='u'/>", ErrNamespace},
		{"<p:\xff xmlns:p='u'/>", ErrEncoding},
		{"<p:a xmlns:p='u'></p:b>", ErrNotWellFormed},
		{"<p:a xmlns:p='u'></a>", ErrNotWellFormed},
		{"<p:a xmlns:p='u' xmlns:q='u'></q:a>", ErrNotWellFormed},
		// §5: scope
		{"<p:a/>", ErrNamespace},
		{"<a p:b='c'/>", ErrNamespace},
		{"<a><p:b/></a>", ErrNamespace},
		{"<a><b xmlns:p='u'/><p:c/></a>", ErrNamespace},
		{"<a><b xmlns:p='u'></b><c p:d=''/></a>", ErrNamespace},
		{"<p:a><b xmlns:p='u'/></p:a>", ErrNamespace},
		{"<P:a xmlns:p='u'/>", ErrNamespace},
		{"<a xmlns:pp='u' p:b=''/>", ErrNamespace},
		// §6.3: attributes of one expanded name
		{"<a xmlns:p='u' p:b='' b=''/>", ErrNone},
		{"<a xmlns='u' xmlns:p='u' p:b='' b=''/>", ErrNone}, // the default is not for attributes
		{"<a xmlns:p='u' xmlns:q='v' p:b='' q:b=''/>", ErrNone},
		{"<a xmlns:p='u' xmlns:q='u' p:b='' q:c=''/>", ErrNone},
		{"<a xmlns:p='u' p:b='' p:b=''/>", ErrNotWellFormed},
		{"<a xmlns:p='u' xmlns:q='u' p:b='' q:b=''/>", ErrNamespace},
		{"<a p:b='' q:b='' xmlns:p='u' xmlns:q='&#117;'/>", ErrNamespace},
		{"<a p:b='' q:b='' xmlns:p='u&#9;' xmlns:q='u\t'/>", ErrNone}, // a literal tab is a space
		{"<a p:b='' q:b='' xmlns:p='u ' xmlns:q='u\t'/>", ErrNamespace},
		{"<a xmlns:p='u'><b xmlns:q='u' p:c='' q:c=''/></a>", ErrNamespace},
		{"<a xmlns:p='u'><b xmlns:q='u' xmlns:p='v' p:c='' q:c=''/></a>", ErrNone},
	} {
		checkElement(t, test.element, test.want)
	}
}

// What the root declares holds inside its children, and only what it declares.
func TestRootBindings(t *testing.T) {
	for _, test := range []struct {
		root, child string
		want        Error
	}{
		{"xmlns:p='u'", "<p:a/>", ErrNone},
		{"xmlns:p='u'", "<a p:b=''/>", ErrNone},
		{"xmlns:p='u'", "<a><b><p:c p:d=''/></b></a>", ErrNone},
		{"xmlns:p='u'", "<a xmlns:q='u' p:b='' q:b=''/>", ErrNamespace},
		{"xmlns:p='u' xmlns:q='u'", "<a p:b='' q:b=''/>", ErrNamespace},
		{"xmlns:p='u' xmlns:q='&#117;'", "<a><b p:b='' q:b=''/></a>", ErrNamespace},
		{"xmlns:p='u' xmlns:q='v'", "<a p:b='' q:b=''/>", ErrNone},
		{"xmlns:p='u'", "<q:a/>", ErrNamespace},
		{"", "<a xmlns:p='u'/><p:b/>", ErrNamespace},
		{"xmlns:p=''", "", ErrNamespace},
		{"p:x=''", "", ErrNamespace},
		{"p:x='' q:x='' xmlns:p='u' xmlns:q='u'", "", ErrNamespace},
		{"xmlns:p='u' p:x=''", "", ErrNone},
		{"xmlns:xml='" + NSXML + "'", "<xml:a xml:b=''/>", ErrNone},
		{"x='1' x='2'", "", ErrNotWellFormed},
	} {
		doc := "<body " + test.root + ">" + test.child + "</body>"
		for _, m := range modes[:2] {
			tr := checkSplits(t, m, DefaultLimits, []byte(doc))
			if tr.err != test.want || test.want == ErrNone && !tr.accepted([]byte(doc)) {
				t.Errorf("%v %q: %v, want %v", m, doc, tr, test.want)
			}
		}
	}
	if tr := checkSplits(t, ModeStream, DefaultLimits, []byte("<p:body/>")); tr.err != ErrNamespace {
		t.Errorf("a root with an unbound prefix: %v", tr)
	}
}

// Bindings come and go with their elements, however many share a bucket.
func TestManyBindings(t *testing.T) {
	var doc strings.Builder
	const depth, each = 40, 60
	for d := range depth {
		doc.WriteString("<a")
		for i := range each {
			fmt.Fprintf(&doc, " xmlns:p%d='u%d'", d*each/2+i, d)
		}
		doc.WriteString(">")
		for i := 0; i <= d*each/2+each-1; i += 17 {
			fmt.Fprintf(&doc, "<p%d:b/>", i)
		}
	}
	p := NewPool()
	open := doc.String()
	whole := open + strings.Repeat("</a>", depth)
	if tr := drive(p, ModeMessage, DefaultLimits, []byte(whole)); !tr.accepted([]byte(whole)) {
		t.Fatal(tr)
	}
	// Behind the innermost element, its prefixes are unbound.
	gone := fmt.Sprintf("%s</a><p%d:b/>", open, (depth-1)*each/2+each-1)
	if tr := drive(p, ModeMessage, DefaultLimits, []byte(gone)); tr.err != ErrNamespace {
		t.Fatal(tr)
	}
	// Scratch that was given up half-way holds no binding over.
	if tr := drive(p, ModeMessage, DefaultLimits, []byte("<p1:b/>")); tr.err != ErrNamespace {
		t.Fatal(tr)
	}
}
