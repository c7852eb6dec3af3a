package xmlstream

import "testing"

// XML 1.0 §4.1, §4.6, in text and in attribute values.
func TestReferences(t *testing.T) {
	for _, test := range []struct {
		reference string
		want      Error
	}{
		{"&lt;&gt;&amp;&apos;&quot;", ErrNone},
		{"&#9;&#10;&#13;&#32;", ErrNone},
		{"&#x9;&#xA;&#xd;&#x20;&#x7F;", ErrNone},
		{"&#xD7FF;&#xE000;&#xFFFD;&#x10000;&#x10FFFF;", ErrNone},
		{"&#0065;&#x0041;&#x00000000000000000041;", ErrNone},
		{"&#1114111;", ErrNone},
		{"&#xaBcD;", ErrNone},
		{"&#0;", ErrNotWellFormed},
		{"&#x0;", ErrNotWellFormed},
		{"&#x00;", ErrNotWellFormed},
		{"&#1;", ErrNotWellFormed},
		{"&#8;", ErrNotWellFormed},
		{"&#11;", ErrNotWellFormed},
		{"&#x1F;", ErrNotWellFormed},
		{"&#xD800;", ErrNotWellFormed},
		{"&#xDFFF;", ErrNotWellFormed},
		{"&#xFFFE;", ErrNotWellFormed},
		{"&#xFFFF;", ErrNotWellFormed},
		{"&#x110000;", ErrNotWellFormed},
		{"&#1114112;", ErrNotWellFormed},
		{"&#4294967361;", ErrNotWellFormed}, // 65 modulo 2^32
		{"&#18446744073709551681;", ErrNotWellFormed},
		{"&#x100000041;", ErrNotWellFormed},
		{"&#x10000000000000041;", ErrNotWellFormed},
		{"&#;", ErrNotWellFormed},
		{"&#x;", ErrNotWellFormed},
		{"&#X41;", ErrNotWellFormed},
		{"&#41h;", ErrNotWellFormed},
		{"&#-1;", ErrNotWellFormed},
		{"&#+65;", ErrNotWellFormed},
		{"&# 65;", ErrNotWellFormed},
		{"&#65 ;", ErrNotWellFormed},
		{"&#65", ErrNotWellFormed},
		{"&#xG;", ErrNotWellFormed},
		{"&", ErrNotWellFormed},
		{"& ", ErrNotWellFormed},
		{"&;", ErrNotWellFormed},
		{"& amp;", ErrNotWellFormed},
		{"&amp", ErrNotWellFormed},
		{"&amp ;", ErrNotWellFormed},
		{"&a&amp;", ErrNotWellFormed},
		{"&1;", ErrNotWellFormed},
		{"&-x;", ErrNotWellFormed},
		{"&\x00;", ErrNotWellFormed},
		{"&ltt;", ErrRestricted},
		{"&Amp;", ErrRestricted},
		{"&copy;", ErrRestricted},
		{"&averylongname;", ErrRestricted},
		{"&:;", ErrRestricted},
		{"&x.y-z;", ErrRestricted},
	} {
		for _, element := range []string{"<a>" + test.reference + "</a>", "<a>xyz" + test.reference + " yz</a>", "<a b='" + test.reference + "'/>", `<a b="x` + test.reference + ` x"/>`} {
			checkElement(t, element, test.want)
		}
	}
}

// A reference is character data: outside the root, and directly in it, none may stand.
func TestReferencesOutside(t *testing.T) {
	for _, m := range modes[:2] {
		for _, reference := range []string{"&#32;", "&amp;", "&nothing;"} {
			for _, doc := range []string{reference + wrapped(m, "<a/>"), wrapped(m, reference), wrapped(m, "<a/>"+reference)} {
				if tr := checkSplits(t, m, DefaultLimits, []byte(doc)); tr.err != ErrNotWellFormed {
					t.Errorf("%v %q: %v", m, doc, tr)
				}
			}
		}
	}
}
