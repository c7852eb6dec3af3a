package xmlstream

import (
	"fmt"
	"testing"
)

// A scanner owns scratch inside an element only.
func TestScratchComesBack(t *testing.T) {
	var (
		p    = NewPool()
		s    Scanner
		el   Element
		rest = func(want int) {
			t.Helper()
			if len(p.free) != want || (s.work == nil) != (want == 1) {
				t.Fatalf("%d free, the scanner has %v", len(p.free), s.work)
			}
		}
	)
	s.Reset(p, ModeStream, DefaultLimits)
	s.Next([]byte("<s"), &el)
	rest(0)
	s.Next([]byte("<s>"), &el)
	rest(1)
	s.Next([]byte("<a><b>"), &el)
	rest(0)
	s.Next([]byte("<a><b></b></a>"), &el)
	rest(1)
	s.Next([]byte("<a><b>"), &el)
	rest(0)
	s.Reset(p, ModeStream, DefaultLimits)
	rest(1)
	s.Next([]byte("<s><"), &el)
	s.Next([]byte("<s"), &el)
	rest(0)
	s.Next([]byte("<s<"), &el)
	rest(1)
}

// Streams that declare the same share it; what is rare or large isn't kept for others, and what is kept is bounded.
func TestRootsShared(t *testing.T) {
	p := NewPool()
	scan := func(m Mode, doc string) *root {
		t.Helper()
		var (
			s  Scanner
			el Element
		)
		s.Reset(p, m, DefaultLimits)
		if _, ev := s.Next([]byte(doc), &el); ev != Header {
			t.Fatal(ev, s.Err())
		}
		return s.root
	}
	first := scan(ModeStream, "<stream:stream xmlns='jabber:client' xmlns:stream='u' id='1'>")
	if scan(ModeStream, "<stream:stream id='2' xmlns='jabber:client' xmlns:stream=\"u\">") != first {
		t.Error("the same declarations aren't shared")
	}
	for _, other := range []string{
		"<stream:stream xmlns='jabber:server' xmlns:stream='u'>",
		"<stream:stream xmlns:stream='u'>",
		"<stream:stream xmlns='jabber:client' xmlns:stream='v'>",
		"<stream:stream2 xmlns='jabber:client' xmlns:stream='u'>",
		"<stream:stream xmlns='jabber:client' xmlns:stream='u' xmlns:p='v'>",
		"<stream xmlns='jabber:client' xmlns:strea='u'>",
		"<stream:stream xmlns='jabber:client' xmlns:stream='&#117;'>",
	} {
		if scan(ModeStream, other) == first {
			t.Errorf("%q shares", other)
		}
	}
	if scan(ModeBody, "<stream:stream xmlns='jabber:client' xmlns:stream='u'>") == first {
		t.Error("another mode shares")
	}
	for i := range 3 * rootsKept {
		scan(ModeStream, fmt.Sprintf("<s xmlns='u%d'>", i))
	}
	if scan(ModeStream, "<stream:stream xmlns='jabber:client' xmlns:stream='u'>") == first {
		t.Error("a root is kept for ever")
	}
	large := fmt.Sprintf("<s xmlns='%2000d'>", 1)
	if kept := scan(ModeStream, large); scan(ModeStream, large) == kept {
		t.Error("a large root is kept")
	}
}

// Scratch that has grown goes to the garbage collector, and so does a burst's.
func TestScratchIsBounded(t *testing.T) {
	p := NewPool()
	w := p.get()
	w.attrs = make([]attr, 0, workTrimmed+1)
	p.put(w)
	if len(p.free) != 0 {
		t.Error("large scratch is kept")
	}
	for range workKept + 5 {
		p.put(new(work))
	}
	if len(p.free) != workKept {
		t.Errorf("%d are kept", len(p.free))
	}
}
