package xmlstream

import (
	"fmt"
	"strings"
	"testing"
)

// XML 1.0 §2.2, in each place where characters may stand, early and late in a run of them.
func TestChars(t *testing.T) {
	for _, test := range []struct {
		char string
		want Error
	}{
		{"\t", ErrNone},
		{"\n", ErrNone},
		{"\r", ErrNone},
		{"\r\n", ErrNone},
		{" ", ErrNone},
		{"\x7f", ErrNone},
		{"\u0080", ErrNone},
		{"\u0085", ErrNone},
		{"\u009f", ErrNone},
		{"é", ErrNone},
		{"\u07ff\u0800", ErrNone},
		{"漢字かな", ErrNone},
		{"\ud7ff\ue000", ErrNone},
		{"\ufdd0\ufeff\ufffd", ErrNone}, // non-characters of Unicode, but Chars
		{"😀\U0001FFFE\U0010FFFF", ErrNone},
		{"\x00", ErrNotWellFormed},
		{"\x01", ErrNotWellFormed},
		{"\x08", ErrNotWellFormed},
		{"\x0b", ErrNotWellFormed},
		{"\x0c", ErrNotWellFormed},
		{"\x0e", ErrNotWellFormed},
		{"\x1b", ErrNotWellFormed},
		{"\x1f", ErrNotWellFormed},
		{"\xef\xbf\xbe", ErrNotWellFormed},
		{"\xef\xbf\xbf", ErrNotWellFormed},
		{"\x80", ErrEncoding},
		{"\xbf\xbf\xbf", ErrEncoding},
		{"\xc0\x80", ErrEncoding}, // overlong
		{"\xc1\xbf", ErrEncoding},
		{"\xe0\x80\x80", ErrEncoding},
		{"\xe0\x9f\xbf", ErrEncoding},
		{"\xf0\x80\x80\x80", ErrEncoding},
		{"\xf0\x8f\xbf\xbf", ErrEncoding},
		{"\xed\xa0\x80", ErrEncoding}, // surrogates
		{"\xed\xbf\xbf", ErrEncoding},
		{"\xf4\x90\x80\x80", ErrEncoding}, // above U+10FFFF
		{"\xf5\x80\x80\x80", ErrEncoding},
		{"\xff\xfe", ErrEncoding},
		{"\xc3", ErrEncoding}, // cut off
		{"\xc3\xc3\xa9", ErrEncoding},
		{"\xe6\xbc", ErrEncoding},
		{"\xe6", ErrEncoding},
		{"\xf0\x9f\x98", ErrEncoding},
		{"é\xe9é", ErrEncoding},
	} {
		for _, run := range []string{test.char, "0123456" + test.char + "0123456789", strings.Repeat("x", 21) + test.char, "é" + test.char, "漢" + test.char} {
			for _, element := range []string{"<a>" + run + "</a>", "<a><![CDATA[" + run + "]]></a>", "<a b='" + run + "'/>", `<a b="` + run + `"/>`} {
				checkElement(t, element, test.want)
			}
		}
	}
}

// What is wrong first counts, also where one run is looked at as a whole.
func TestFirstErrorCounts(t *testing.T) {
	for _, test := range []struct {
		text string
		want Error
	}{
		{"\xff]]>", ErrEncoding},
		{"]]>\xff", ErrNotWellFormed},
		{"\x01\xff", ErrNotWellFormed},
		{"\xff\x01", ErrEncoding},
		{"&x;\xff", ErrRestricted},
		{"é\xff&x;", ErrEncoding},
		{"<b/><!--\xff-->", ErrRestricted},
	} {
		checkElement(t, "<a>"+test.text+"</a>", test.want)
	}
}

// XML 1.0, fifth edition, §2.3: by code point, at the edges of each range.
func TestNameRanges(t *testing.T) {
	ranges := []struct {
		lo, hi rune
		start  bool
	}{
		{0xC0, 0xD6, true},
		{0xD8, 0xF6, true},
		{0xF8, 0x2FF, true},
		{0x370, 0x37D, true},
		{0x37F, 0x1FFF, true},
		{0x200C, 0x200D, true},
		{0x2070, 0x218F, true},
		{0x2C00, 0x2FEF, true},
		{0x3001, 0xD7FF, true},
		{0xF900, 0xFDCF, true},
		{0xFDF0, 0xFFFD, true},
		{0x10000, 0xEFFFF, true},
		{0xB7, 0xB7, false},
		{0x300, 0x36F, false},
		{0x203F, 0x2040, false},
	}
	in := func(r rune) (start, name bool) {
		for _, x := range ranges {
			if r >= x.lo && r <= x.hi {
				return x.start, true
			}
		}
		return false, false
	}
	for r := rune(0x80); r <= 0x10FFFF; r++ {
		if r >= 0xD800 && r < 0xE000 {
			continue
		}
		start, name := in(r)
		if isNameStart(r) != start || isNameRune(r) != name {
			t.Fatalf("%U: start %v, name %v; want %v, %v", r, isNameStart(r), isNameRune(r), start, name)
		}
	}
	for r := range uint32(0x110010) {
		want := r == 9 || r == 10 || r == 13 || r >= 0x20 && r < 0xD800 || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
		if isChar(r) != want {
			t.Fatalf("isChar(%#x) = %v", r, !want)
		}
	}
}

func TestNames(t *testing.T) {
	for _, test := range []struct {
		name string
		want Error
	}{
		{"a", ErrNone},
		{"_", ErrNone},
		{"Z9-._", ErrNone},
		{"é", ErrNone},
		{"aé", ErrNone},
		{"a·", ErrNone},
		{"à̂", ErrNone},
		{"漢字", ErrNone},
		{"𐀀", ErrNone},
		{"·a", ErrNotWellFormed},
		{"\u0300a", ErrNotWellFormed},
		{"a×", ErrNotWellFormed},
		{"×", ErrNotWellFormed},
		{"a\u037e", ErrNotWellFormed},
		{"a\u2000", ErrNotWellFormed},
		{"a😀\U000F0000", ErrNotWellFormed},
		{"a\ufffe", ErrNotWellFormed},
		{"a\xff", ErrEncoding},
		{"\xffa", ErrEncoding},
		{"a\xc3", ErrEncoding},
		{"a\xe6\xbc", ErrEncoding},
	} {
		for _, format := range []string{"<%s/>", "<%[1]s></%[1]s>", "<a %s='b'/>", "<a><%[1]s></%[1]s></a>"} {
			checkElement(t, fmt.Sprintf(format, test.name), test.want)
		}
	}
}
