package xmlstream

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// This file drives a scanner the ways it may be driven, and compares what comes out.

const (
	bodyOpen   = "<body xmlns='" + NSBind + "'>"
	streamOpen = "<stream:stream xmlns='" + NSClient + "' xmlns:stream='" + NSStreams + "'>"
)

var modes = [...]Mode{ModeStream, ModeBody, ModeMessage}

// trace is what a scanner made of a document.
type trace struct {
	events   []string // "header <raw>" and so on, without NeedMore
	err      Error
	consumed int
}

// accepted: one whole document and nothing behind it.
func (tr trace) accepted(doc []byte) bool {
	return tr.err == ErrNone && tr.consumed == len(doc) && len(tr.events) > 0 && strings.HasPrefix(tr.events[len(tr.events)-1], "end")
}

func (tr trace) String() string {
	return fmt.Sprintf("%s; %v; consumed %d", strings.Join(tr.events, " | "), tr.err, tr.consumed)
}

// drive offers doc in the pieces that end at the cuts. Each time the scanner is given a slice that ends where its bytes do,
// and is a copy, so that reading on or relying on bytes of a former call shows.
func drive(p *Pool, m Mode, lim Limits, doc []byte, cuts ...int) (tr trace) {
	var (
		s  Scanner
		el Element
	)
	s.Reset(p, m, lim)
	for _, cut := range append(cuts, len(doc)) {
		for {
			b := bytes.Clone(doc[tr.consumed:cut])
			n, ev := s.Next(b[:len(b):len(b)], &el)
			if n < 0 || n > len(b) {
				panic(fmt.Sprintf("consumed %d of %d", n, len(b)))
			}
			if ev == Bad {
				tr.err = s.Err()
				if n, ev := s.Next(b, &el); n != 0 || ev != Bad {
					panic("Bad is final")
				}
				s.Reset(p, m, lim)
				return tr
			}
			if ev == Header || ev == Child {
				if !bytes.HasSuffix(b[:n], el.Raw) {
					panic(fmt.Sprintf("%q is not the end of %q", el.Raw, b[:n]))
				}
			}
			tr.consumed += n
			if ev == NeedMore {
				break
			}
			tr.events = append(tr.events, describe(ev, &el))
		}
	}
	s.Reset(p, m, lim)
	return tr
}

func describe(ev Event, el *Element) string {
	if ev == End {
		return "end"
	}
	return fmt.Sprintf("%v {%s}%s %s %v", ev, el.Space(), el.Local(), el.AppendTo(nil, "urn:outside"), el.uses)
}

// same reports whether two traces say the same. Where a document is bad, how much of the white space before that was
// consumed on its own may differ.
func same(x, y trace) bool {
	return strings.Join(x.events, "\n") == strings.Join(y.events, "\n") && x.err == y.err && (x.err != ErrNone || x.consumed == y.consumed)
}

// checkSplits drives doc whole, byte by byte, and in two pieces each way, and gives what came of it.
func checkSplits(t *testing.T, m Mode, lim Limits, doc []byte) trace {
	t.Helper()
	p := NewPool()
	whole := drive(p, m, lim, doc)
	var cuts []int
	for i := range doc {
		cuts = append(cuts, i)
	}
	if each := drive(p, m, lim, doc, cuts...); !same(whole, each) {
		t.Fatalf("%v %q\nwhole:        %v\nbyte by byte: %v", m, doc, whole, each)
	}
	for i := range doc {
		if two := drive(p, m, lim, doc, i); !same(whole, two) {
			t.Fatalf("%v %q\nwhole:     %v\ncut at %d: %v", m, doc, whole, i, two)
		}
	}
	return whole
}

// wrapped gives an element as a document of each mode.
func wrapped(m Mode, element string) string {
	switch m {
	case ModeStream:
		return streamOpen + element + "</stream:stream>"
	case ModeBody:
		return bodyOpen + element + "</body>"
	case ModeMessage:
	}
	return element
}

// checkElement says that an element, in a document of any mode and however it is cut, is refused for a reason, or accepted
// (ErrNone) unchanged.
func checkElement(t *testing.T, element string, want Error) {
	t.Helper()
	for _, m := range modes {
		doc := []byte(wrapped(m, element))
		tr := checkSplits(t, m, DefaultLimits, doc)
		if tr.err != want {
			t.Errorf("%v: %q: %v, want %v", m, element, tr.err, want)
		}
		if want == ErrNone && !tr.accepted(doc) {
			t.Errorf("%v: %q: %v", m, element, tr)
		}
	}
}

// mustScan gives the first child, or a ModeMessage's element.
func mustScan(t testing.TB, m Mode, doc string) *Element {
	t.Helper()
	var (
		s  Scanner
		el Element
	)
	s.Reset(NewPool(), m, DefaultLimits)
	b := []byte(doc)
	for {
		n, ev := s.Next(b, &el)
		switch ev {
		case Child:
			return &el
		case NeedMore, End, Bad:
			t.Fatalf("%v %q: %v, %v", m, doc, ev, s.Err())
		case Header:
		}
		b = b[n:]
	}
}

// mustHeader gives the root's start tag.
func mustHeader(t testing.TB, m Mode, doc string) *Element {
	t.Helper()
	var (
		s  Scanner
		el Element
	)
	s.Reset(NewPool(), m, DefaultLimits)
	if _, ev := s.Next([]byte(doc), &el); ev != Header {
		t.Fatalf("%v %q: %v, %v", m, doc, ev, s.Err())
	}
	return &el
}
