package xmlstream

import (
	"strings"
	"testing"
)

// XML 1.0 §2.8, §4.3.3; RFC 6120 §11.5, §11.6.
func TestDeclaration(t *testing.T) {
	for _, test := range []struct {
		before string
		want   Error
	}{
		{"", ErrNone},
		{"\n \t", ErrNone},
		{"<?xml version='1.0'?>", ErrNone},
		{`<?xml version="1.0"?>`, ErrNone},
		{"<?xml version='1.0' ?>\r\n", ErrNone},
		{"<?xml\n\tversion = '1.0'\r\nencoding\t=\t'UTF-8'?>", ErrNone},
		{"<?xml version='1.0' encoding='utf-8'?>", ErrNone},
		{"<?xml version='1.0' encoding='Utf-8' standalone='no' ?>", ErrNone},
		{`<?xml version="1.0" encoding="UTF-8" standalone='yes'?>`, ErrNone},
		{"<?xml version='1.0' standalone='yes'?>", ErrNone},
		{"<?xml" + strings.Repeat(" ", 300) + "version='1.0'?>", ErrNone},
		{"\xef\xbb\xbf", ErrNone},
		{"\xef\xbb\xbf\n", ErrNone},
		{"\xef\xbb\xbf<?xml version='1.0'?>", ErrNone},

		{"<?xml version='1.0' encoding='ISO-8859-1'?>", ErrEncoding},
		{"<?xml version='1.0' encoding='UTF-16'?>", ErrEncoding},
		{"<?xml version='1.0' encoding='UTF8'?>", ErrEncoding},
		{"<?xml version='1.0' encoding='US-ASCII'?>", ErrEncoding},
		{"<?xml version='1.1'?>", ErrNotWellFormed},
		{"<?xml version='1.1' encoding='UTF-16'?>", ErrNotWellFormed},
		{"<?xml version='2.0'?>", ErrNotWellFormed},
		{"<?xml version='1'?>", ErrNotWellFormed},
		{"<?xml version=''?>", ErrNotWellFormed},
		{"<?xml version='1.0\"?>", ErrNotWellFormed},
		{"<?xml version=1.0?>", ErrNotWellFormed},
		{"<?xml version?>", ErrNotWellFormed},
		{"<?xml version=?>", ErrNotWellFormed},
		{"<?xml version='?>", ErrNotWellFormed},
		{"<?xml ?>", ErrNotWellFormed},
		{"<?xml encoding='UTF-8'?>", ErrNotWellFormed},
		{"<?xml encoding='UTF-8' version='1.0'?>", ErrNotWellFormed},
		{"<?xml version='1.0'encoding='UTF-8'?>", ErrNotWellFormed},
		{"<?xml version='1.0' encoding='UTF-8'standalone='no'?>", ErrNotWellFormed},
		{"<?xml version='1.0' standalone='no' encoding='UTF-8'?>", ErrNotWellFormed},
		{"<?xml version='1.0' standalone='maybe'?>", ErrNotWellFormed},
		{"<?xml version='1.0' standalone='YES'?>", ErrNotWellFormed},
		{"<?xml version='1.0' encoding=''?>", ErrNotWellFormed},
		{"<?xml version='1.0' encoding='8'?>", ErrNotWellFormed},
		{"<?xml version='1.0' encoding='_UTF-8'?>", ErrNotWellFormed},
		{"<?xml version='1.0' encoding='UTF 8'?>", ErrNotWellFormed},
		{"<?xml version='1.0' version='1.0'?>", ErrNotWellFormed},
		{"<?xml version='1.0' x='y'?>", ErrNotWellFormed},
		{"<?xml version='1.0' ??>", ErrNotWellFormed},
		{"<?xml Version='1.0'?>", ErrNotWellFormed},
		{"<?xml\u00a0version='1.0'?>", ErrRestricted},
		{"<?xml?>", ErrRestricted},
		{"<?XML version='1.0'?>", ErrRestricted},
		{" <?xml version='1.0'?>", ErrRestricted}, // not at the start
		{"\n<?xml version='1.0'?>", ErrRestricted},
		{"<?xml version='1.0'?><?xml version='1.0'?>", ErrRestricted},
		{"<?xml version='1.0'?><!DOCTYPE a>", ErrRestricted},
		{"<?xml version='1.0'?>\xef\xbb\xbf", ErrNotWellFormed},
		{"\xef\xbb\xbf\xef\xbb\xbf", ErrNotWellFormed},
		{" \xef\xbb\xbf", ErrNotWellFormed},
		{"\xef\xbb<a/>", ErrEncoding},
		{"\xef<a/>", ErrEncoding},
		{"\xfe\xff", ErrEncoding},
		{"\xff\xfe", ErrEncoding},
		{"\x00", ErrNotWellFormed},
		{"x", ErrNotWellFormed},
		{"é", ErrNotWellFormed},
		{"<?xml version='1.0'?>x", ErrNotWellFormed},
	} {
		for _, m := range modes {
			doc := []byte(test.before + wrapped(m, "<a/>"))
			tr := checkSplits(t, m, DefaultLimits, doc)
			if tr.err != test.want || test.want == ErrNone && !tr.accepted(doc) {
				t.Errorf("%v %q: %v, want %v", m, doc, tr, test.want)
			}
		}
	}
}

// The declaration is looked for an end no longer than the limit, and each byte once.
func TestDeclarationTooBig(t *testing.T) {
	lim := Limits{Bytes: 64}
	fits := "<?xml" + strings.Repeat(" ", 64-len("<?xmlversion='1.0'?>")) + "version='1.0'?>"
	if tr := checkSplits(t, ModeMessage, lim, []byte(fits+"<a/>")); tr.err != ErrNone {
		t.Errorf("%v", tr)
	}
	if tr := checkSplits(t, ModeMessage, lim, []byte(strings.Replace(fits, " ", "  ", 1)+"<a/>")); tr.err != ErrTooBig {
		t.Errorf("%v", tr)
	}
}
