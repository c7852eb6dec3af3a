//go:build !race

package xmlstream

import (
	"strings"
	"testing"
	"unsafe"
)

// Nothing is allocated for a stanza, whatever the mode, when its like has been seen before; nor for what is done with one.
func TestAllocations(t *testing.T) {
	const (
		body    = "<body rid='1' sid='2' xmlns='" + NSBind + "' xmlns:xmpp='" + NSXBosh + "' xmpp:version='1.0'><message to='a'><body>x &lt; é</body></message><xmpp:a b='c'/></body>"
		message = "<message xmlns='jabber:client' to='a' xml:lang='en'><body>x<![CDATA[y]]></body><p:x xmlns:p='u' p:a='b'/></message>"
	)
	var (
		p   = NewPool()
		s   Scanner
		el  Element
		dst = make([]byte, 0, 1024)
	)
	for m, doc := range map[Mode]string{ModeBody: body, ModeMessage: message, ModeStream: streamOpen + message + "<stream:features/>" + message + "</stream:stream>"} {
		all := []byte(doc)
		if n := testing.AllocsPerRun(100, func() {
			s.Reset(p, m, DefaultLimits)
			for b := all; len(b) > 0; {
				n, ev := s.Next(b, &el)
				if b = b[n:]; ev == Bad {
					t.Fatal(s.Err())
				} else if ev == End {
					continue
				}
				dst = el.AppendTo(dst[:0], NSBind)
				if string(el.Space()) == NSStreams && ev == Child {
					dst = el.AppendStreamTo(dst[:0], NSBind, true)
				}
				el.Is(NSClient, "message")
				el.Attr("", "to")
				el.Attr(NSXBosh, "version")
				el.Attrs(func(space, local, raw []byte) bool {
					dst = AppendEscaped(dst, raw)
					dst = AppendUnescaped(dst, raw)
					return true
				})
			}
		}); n != 0 {
			t.Errorf("%v: %v allocations", m, n)
		}
	}
}

// Nor for a look at its children, nor for an edited copy.
func TestAllocationsOfChildren(t *testing.T) {
	p := NewPool()
	el := mustScan(t, ModeStream, streamOpen+"<stream:features><a xmlns='u'><b/></a><c xmlns='v'/><d/></stream:features>")
	edited := []byte("<stream:features><c xmlns='v'/></stream:features>")
	if n := testing.AllocsPerRun(100, func() {
		children := 0
		el.Children(p, func(c *Element) bool {
			children++
			return true
		})
		if _, ok := el.Edited(p, edited); !ok || children != 3 {
			t.Fatalf("%d children, edited: %v", children, ok)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// Nor for a stanza that arrives in pieces.
func TestAllocationsInPieces(t *testing.T) {
	var (
		p   = NewPool()
		s   Scanner
		el  Element
		all = []byte(stanza256)
	)
	if n := testing.AllocsPerRun(100, func() {
		s.Reset(p, ModeMessage, DefaultLimits)
		for i := range all {
			s.Next(all[:i+1], &el)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestSizes(t *testing.T) {
	for _, test := range []struct {
		name     string
		got, max uintptr
	}{
		{"Scanner", unsafe.Sizeof(Scanner{}), 48},
		{"Element", unsafe.Sizeof(Element{}), 80},
		{"attr", unsafe.Sizeof(attr{}), 32},
		{"frame", unsafe.Sizeof(frame{}), 16},
		{"bind", unsafe.Sizeof(bind{}), 28},
		{"work", unsafe.Sizeof(work{}), 224},
	} {
		if test.got > test.max {
			t.Errorf("%s has %d bytes, more than %d", test.name, test.got, test.max)
		}
	}
}

// The work is linear however the bytes come: each byte of a long name, value, text, end tag, reference or declaration is
// looked at a bounded number of times. Timings aren't asserted; that this ends is.
func TestLinear(t *testing.T) {
	long := strings.Repeat("n", 200_000)
	for _, doc := range []string{
		"<" + long + "></" + long + ">",
		"<a " + long + "='" + long + "'>" + long + "</a>",
		"<a>&#" + strings.Repeat("0", 200_000) + "65;<![CDATA[" + strings.Repeat("]", 200_000) + "]]></a>",
		"<?xml" + strings.Repeat(" ", 200_000) + "version='1.0'?><a/>",
		"<a" + strings.Repeat(" ", 200_000) + "/>",
	} {
		var (
			s  Scanner
			el Element
			b  = []byte(doc)
		)
		s.Reset(NewPool(), ModeMessage, DefaultLimits)
		from := 0
		for i := range b {
			n, ev := s.Next(b[from:i+1], &el)
			from += n
			if ev == Child && i != len(b)-1 || ev == Bad {
				t.Fatalf("%.20q…: %v, %v", doc, ev, s.Err())
			}
		}
	}
}
