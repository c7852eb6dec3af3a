package xmlstream

import (
	"fmt"
	"strings"
	"testing"
)

func attributes(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// decisions.md 27: at each limit, and one above.
func TestLimits(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("<a>", n-1) + "<a/>" + strings.Repeat("</a>", n-1) }
	p := NewPool()
	for _, test := range []struct {
		element string
		want    Error
	}{
		{nested(256), ErrNone},
		{nested(257), ErrLimit},
		{"<a" + attributes(" b%d=''", 256) + "/>", ErrNone},
		{"<a" + attributes(" b%d=''", 257) + "/>", ErrLimit},
		{"<a" + attributes(" xmlns:b%d='u'", 128) + "/>", ErrNone},
		{"<a" + attributes(" xmlns:b%d='u'", 127) + " xmlns='v'/>", ErrNone},
		{"<a" + attributes(" xmlns:b%d='u'", 128) + " xmlns='v'/>", ErrLimit},
		{"<a" + attributes(" xmlns:b%d='u'", 129) + "/>", ErrLimit},
		{"<a" + attributes(" xmlns:b%[1]d='u' b%[1]d:c=''", 1) + attributes(" b%d=''", 255) + attributes(" xmlns:c%d='u'", 127) + "/>", ErrNone},
		{"<a><b" + attributes(" b%d=''", 257) + "/></a>", ErrLimit},
		{"<a" + attributes(" b%d=''", 256) + "><a" + attributes(" b%d=''", 256) + "/></a>", ErrNone},
	} {
		for _, m := range modes {
			doc := []byte(wrapped(m, test.element))
			tr := drive(p, m, DefaultLimits, doc)
			if tr.err != test.want || test.want == ErrNone && !tr.accepted(doc) {
				t.Errorf("%v %.60q…: %v, want %v", m, doc, tr.err, test.want)
			}
		}
	}
	if tr := drive(p, ModeStream, Limits{}, []byte(wrapped(ModeStream, nested(1000)+"<a"+attributes(" b%d=''", 1000)+"/>"))); tr.err != ErrNone {
		t.Errorf("no limits: %v", tr.err)
	}
}

// A limit is found while the bytes arrive: not one more has to come.
func TestLimitsBeforeTheEnd(t *testing.T) {
	for _, element := range []string{
		strings.Repeat("<a>", 256) + "<a",
		"<a" + attributes(" b%d=''", 256) + " c=",
		"<a" + attributes(" xmlns:b%d='u'", 128) + " xmlns=",
	} {
		if tr := drive(NewPool(), ModeMessage, DefaultLimits, []byte(element)); tr.err != ErrLimit {
			t.Errorf("%.60q…: %v", element, tr.err)
		}
	}
}

// Limits.Bytes is for a top-level element, and for the root's start tag, each on its own.
func TestTooBig(t *testing.T) {
	lim := Limits{Bytes: 40}
	fill := func(before, after string, size int) string {
		return before + strings.Repeat("x", size-len(before)-len(after)) + after
	}
	for _, test := range []struct {
		doc  string
		m    Mode
		want Error
	}{
		{fill("<a>", "</a>", 40), ModeMessage, ErrNone},
		{fill("<a>", "</a>", 41), ModeMessage, ErrTooBig},
		{fill("<a>", "</a>", 400), ModeMessage, ErrTooBig},
		{fill("<a b='", "'/>", 40), ModeMessage, ErrNone},
		{fill("<a b='", "'/>", 41), ModeMessage, ErrTooBig},
		{fill("<", "/>", 41), ModeMessage, ErrTooBig},
		{strings.Repeat(" ", 100) + fill("<a>", "</a>", 40) + strings.Repeat(" ", 100), ModeMessage, ErrNone},
		{fill("<r x='", "'>", 40) + fill("<a>", "</a>", 40) + strings.Repeat("\n", 100) + fill("<b>", "</b>", 40) + "</r>", ModeStream, ErrNone},
		{fill("<r x='", "'>", 41) + "</r>", ModeStream, ErrTooBig},
		{"<r>" + fill("<a>", "</a>", 41) + "</r>", ModeBody, ErrTooBig},
		{"<r></r" + strings.Repeat(" ", 33) + ">", ModeBody, ErrNone},
		{"<r></r" + strings.Repeat(" ", 34) + ">", ModeBody, ErrNone},
		{"<r></r" + strings.Repeat(" ", 39) + ">", ModeBody, ErrTooBig},
		{fill("<a>", "\x01</a>", 41), ModeMessage, ErrNotWellFormed},                       // found before the limit
		{"<a>" + strings.Repeat("x", 37) + "\x01</a>", ModeMessage, ErrTooBig},             // and behind it
		{"<a>" + strings.Repeat("x", 36) + "é</a>", ModeMessage, ErrTooBig},                // the limit in a character
		{"<a>" + strings.Repeat("x", 36) + "\xc3\xff</a>", ModeMessage, ErrTooBig},         // which it isn't
		{"<a>" + strings.Repeat("x", 35) + "\xc3\xff</a>", ModeMessage, ErrEncoding},       // and this isn't at the limit
		{"<a>" + strings.Repeat("x", 20) + "<![CDATA[xxxxxxxxxxx", ModeMessage, ErrTooBig}, // the limit in a section
	} {
		tr := checkSplits(t, test.m, lim, []byte(test.doc))
		if tr.err != test.want || test.want == ErrNone && !tr.accepted([]byte(test.doc)) {
			t.Errorf("%v %q: %v, want %v", test.m, test.doc, tr, test.want)
		}
	}
	// As soon as one byte too much is there.
	if tr := drive(NewPool(), ModeMessage, lim, []byte(fill("<a>", "", 40))); tr.err != ErrNone {
		t.Errorf("40 bytes: %v", tr)
	}
	if tr := drive(NewPool(), ModeMessage, lim, []byte(fill("<a>", "", 41))); tr.err != ErrTooBig {
		t.Errorf("41 bytes: %v", tr)
	}
}
