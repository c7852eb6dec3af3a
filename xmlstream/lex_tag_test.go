package xmlstream

import (
	"strings"
	"testing"
)

// XML 1.0 §3.1: start tags, end tags, empty-element tags.
func TestTags(t *testing.T) {
	for _, test := range []struct {
		element string
		want    Error
	}{
		{"<a/>", ErrNone},
		{"<a />", ErrNone},
		{"<a\t\r\n />", ErrNone},
		{"<a></a>", ErrNone},
		{"<a ></a >", ErrNone},
		{"<a></a\t\r\n >", ErrNone},
		{"<a><b/><b></b><b><c/>x</b></a>", ErrNone},
		{"<a><a><a/></a></a>", ErrNone},
		{"<a><b></a></b>", ErrNotWellFormed},
		{"<a></b>", ErrNotWellFormed},
		{"<a></aa>", ErrNotWellFormed},
		{"<aa></a>", ErrNotWellFormed},
		{"<a></A>", ErrNotWellFormed},
		{"<a></ a>", ErrNotWellFormed},
		{"<a></>", ErrNotWellFormed},
		{"<a></a b='c'>", ErrNotWellFormed},
		{"<a></a/>", ErrNotWellFormed},
		{"<a/ >", ErrNotWellFormed},
		{"<a//>", ErrNotWellFormed},
		{"<a/b>", ErrNotWellFormed},
		{"< a/>", ErrNotWellFormed},
		{"<>", ErrNotWellFormed},
		{"</a>", ErrNotWellFormed},
		{"<<a/>", ErrNotWellFormed},
		{"<a<b/>", ErrNotWellFormed},
		{"<a><b</a>", ErrNotWellFormed},
		{"<1a/>", ErrNotWellFormed},
		{"<-a/>", ErrNotWellFormed},
		{"<.a/>", ErrNotWellFormed},
		{"<a\x00/>", ErrNotWellFormed},
		{"<a&amp;/>", ErrNotWellFormed},
		{"<a'/>", ErrNotWellFormed},
		{"<a\x0b/>", ErrNotWellFormed},
		{"<a\u0085/>", ErrNotWellFormed},
		{"<a\u00a0b='c'/>", ErrNotWellFormed},
	} {
		checkElement(t, test.element, test.want)
	}
}

// XML 1.0 §2.3, §3.1.
func TestAttributes(t *testing.T) {
	for _, test := range []struct {
		element string
		want    Error
	}{
		{"<a b='c'/>", ErrNone},
		{`<a b="c"/>`, ErrNone},
		{`<a b='"' c="'"/>`, ErrNone},
		{`<a b='long enough for "eight" bytes' c="it's long enough for eight bytes too"/>`, ErrNone},
		{"<a b=''/>", ErrNone},
		{"<a b='x>y' c='/>'><d e='/d>'/></a>", ErrNone},
		{"<a b = 'c'\n\td\r=\n\"e\" />", ErrNone},
		{"<a b='\t\r\n'/>", ErrNone},
		{"<a b=']]>'/>", ErrNone},
		{"<a b='&lt;&#60;&amp;'/>", ErrNone},
		{"<a b-1.2_='c'/>", ErrNone},
		{"<a b='c' B='d'/>", ErrNone},
		{"<a a='a'><a a='a'/></a>", ErrNone},
		{"<a b='c'd='e'/>", ErrNotWellFormed},
		{"<a b='c'd/>", ErrNotWellFormed},
		{"<a b='c''/>", ErrNotWellFormed},
		{"<a b/>", ErrNotWellFormed},
		{"<a b>", ErrNotWellFormed},
		{"<a b=>", ErrNotWellFormed},
		{"<a b=c/>", ErrNotWellFormed},
		{"<a b c='d'/>", ErrNotWellFormed},
		{"<a ='c'/>", ErrNotWellFormed},
		{"<a 'c'/>", ErrNotWellFormed},
		{"<a b=='c'/>", ErrNotWellFormed},
		{"<a b='<'/>", ErrNotWellFormed},
		{"<a b='enough for eight < bytes'/>", ErrNotWellFormed},
		{"<a b='&'/>", ErrNotWellFormed},
		{"<a b='\x00'/>", ErrNotWellFormed},
		{"<a b='\x1f'/>", ErrNotWellFormed},
		{"<a b='enough for eight\x08bytes'/>", ErrNotWellFormed},
		{"<a b='\xc3'/>", ErrEncoding},
		{"<a b='c' b='c'/>", ErrNotWellFormed},
		{"<a b='c' d='' e='' b=\"x\"/>", ErrNotWellFormed},
		{"<a 1='c'/>", ErrNotWellFormed},
		{"<a b<='c'/>", ErrNotWellFormed},
	} {
		checkElement(t, test.element, test.want)
	}
}

// Many attributes of one tag: equal first, middle and last bytes don't make them equal.
func TestAttributesLookAlike(t *testing.T) {
	checkElement(t, "<a axbxc='' aybyc='' azbzc=''/>", ErrNone)
	checkElement(t, "<a axbxc='' aybyc='' axbxc=''/>", ErrNotWellFormed)
	many := "<a xmlns:p='u' xmlns:q='&#117;' xmlns:xbx='u'" + attributes(" xmlns:n%[1]d='v%[1]d' n%[1]d:x='' x%[1]d=''", 9)
	for more, want := range map[string]Error{
		" x='' p:x='' xbx=''": ErrNone,
		" x4=''":              ErrNotWellFormed,
		" n4:x=''":            ErrNotWellFormed,
		" xmlns:n4='w'":       ErrNotWellFormed,
		" p:x='' q:x=''":      ErrNamespace,
		" p:x='' xbx:x=''":    ErrNamespace,
		" xml:p='' p:p=''":    ErrNone,
		" xml:p='' xml:p=''":  ErrNotWellFormed,
		" o:x=''":             ErrNamespace,
	} {
		checkElement(t, many+more+"/>", want)
		checkElement(t, strings.Replace(many, "<a", "<a"+more, 1)+"/>", want)
	}
}

// Whatever is long arrives in small pieces, and is not limited but by Limits.Bytes.
func TestLong(t *testing.T) {
	long := strings.Repeat("n", 5000)
	for _, doc := range []string{
		"<" + long + "></" + long + ">",
		"<" + long + "/>",
		"<a " + long + "='" + long + "'/>",
		"<a>" + long + "</a>",
		"<a>&#" + strings.Repeat("0", 5000) + "65;&#x" + strings.Repeat("0", 5000) + "41;</a>",
		"<a" + strings.Repeat(" ", 5000) + "b" + strings.Repeat("\n", 5000) + "=" + strings.Repeat("\t", 5000) + "''" + strings.Repeat("\r", 5000) + "></a" + strings.Repeat(" ", 5000) + ">",
		"<a><![CDATA[" + strings.Repeat("]", 5000) + "]]></a>",
	} {
		p := NewPool()
		whole := drive(p, ModeMessage, DefaultLimits, []byte(doc))
		if !whole.accepted([]byte(doc)) {
			t.Errorf("%.20q…: %v", doc, whole.err)
		}
		var cuts []int
		for i := 0; i < len(doc); i += 7 {
			cuts = append(cuts, i)
		}
		if each := drive(p, ModeMessage, DefaultLimits, []byte(doc), cuts...); !same(whole, each) {
			t.Errorf("%.20q…: in pieces of 7: %v", doc, each.err)
		}
	}
	if tr := drive(NewPool(), ModeMessage, DefaultLimits, []byte("<"+long+"></"+long+"n>")); tr.err != ErrNotWellFormed {
		t.Errorf("an end tag that goes on: %v", tr.err)
	}
}
