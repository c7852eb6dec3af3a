package proxy

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"go-xmpp-bosh/xmlstream"
)

// What is kept of sessions and of streams that a program carries goes with them.
func TestProgramsLeaveNothing(t *testing.T) {
	gone := make(chan *SessionRef, 100)
	s, addr := startServer(t, func(c *Config) {
		c.Program.Hooks.End = func(ref *SessionRef) { gone <- ref }
		c.Program.Carry = func(*Stream, *StreamRequest) Carrier { return nobody{} }
	})
	const sessions = 50
	for range sessions {
		w := openWebSocket(t, addr, "")
		w.send(openText)
		w.send("<message/>")
		w.Conn.Close()
		b := dial(t, addr)
		b.post(createText(1, "example.org"))
		b.Conn.Close() // nobody can come back: it does not know its sid
	}
	for range 2 * sessions {
		(<-gone).Terminate(0) // nobody's
	}
	left, err := ask(context.Background(), s, func() [4]int {
		return [4]int{len(s.program.refs), len(s.program.streams), s.backends.live, s.sessions.live + s.sockets.live}
	})
	if err != nil || left != [4]int{} {
		t.Errorf("left: %v, %v", left, err)
	}
	openWebSocket(t, addr, "").Conn.Close() // one that asks for nothing is nobody's business
	w := openWebSocket(t, addr, "")
	w.send(openText)
	io.WriteString(w.Conn, frame(8, ""))
	<-gone
	if len(gone) > 0 {
		t.Error("End of a session that never was")
	}
}

// What a program may send, and put in the place of what passes.
func TestElementsOfPrograms(t *testing.T) {
	for _, c := range []struct {
		text            string
		parse, sendable error
	}{
		{"<message/>", nil, nil},
		{" <message to='a'><body>b</body></message>\n", nil, nil},
		{"<m:message xmlns:m='jabber:client'/>", nil, nil},
		{"<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", nil, nil},
		{"<unknown/>", nil, ErrNoStanza},
		{"<features xmlns='http://etherx.jabber.org/streams'/>", nil, ErrNoStanza},
		{"<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>", nil, ErrNoStanza},
		{"<body xmlns='http://jabber.org/protocol/httpbind'/>", nil, ErrNoStanza},
		{"", ErrElement, nil},
		{"text", ErrElement, nil},
		{"<message/> text", ErrElement, nil},
		{"<message/><message/>", ErrElement, nil},
		{"<message/></stream:stream>", ErrElement, nil},
		{"<message", ErrElement, nil},
		{"<message><body></message></body>", ErrElement, nil},
		{"<message>&nbsp;</message>", ErrElement, nil},
		{"<message>\x00</message>", ErrElement, nil},
		{"<message>\xff</message>", ErrElement, nil},
		{"<message><!-- --></message>", ErrElement, nil},
		{"<message><x:y/></message>", ErrElement, nil},
		{"<message>" + strings.Repeat("x", 2000) + "</message>", ErrTooBig, nil},
		{strings.Repeat("<message>", 300), ErrTooBig, nil},
	} {
		el, err := ParseElement(c.text, 1000)
		if !errors.Is(err, c.parse) {
			t.Errorf("%.60q: %v, want %v", c.text, err, c.parse)
			continue
		}
		if err == nil && !errors.Is(CheckSendable(el), c.sendable) {
			t.Errorf("%.60q: %v, want %v", c.text, CheckSendable(el), c.sendable)
		}
	}
}

func TestReplacements(t *testing.T) {
	for _, c := range []struct {
		old, by string
		want    error
	}{
		{"<message/>", "<message id='1'/>", nil},
		{"<message/>", "<presence/>", nil},
		{"<message/>", "<unknown/>", ErrReplacement},
		{"<message/>", "<r xmlns='urn:xmpp:sm:3'/>", ErrReplacement},
		{"<r xmlns='urn:xmpp:sm:3'/>", "<message/>", ErrReplacement},
		{"<r xmlns='urn:xmpp:sm:3'/>", "<r xmlns='urn:xmpp:sm:3' a='1'/>", nil},
		{"<r xmlns='urn:xmpp:sm:3'/>", "<r xmlns='urn:xmpp:sm:2'/>", ErrReplacement},
	} {
		old, err1 := ParseElement(c.old, 0)
		by, err2 := ParseElement(c.by, 0)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		if err := CheckReplacement(old, by); err != c.want {
			t.Errorf("%s by %s: %v, want %v", c.old, c.by, err, c.want)
		}
	}
}

func TestClip(t *testing.T) {
	for _, c := range []struct{ in, want string }{{"abc", "abc"}, {"abcd", "abc"}, {"abé", "ab"}, {"ééé", "é"}} {
		if got := clip(c.in, 3); got != c.want {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
	}
}

// Whatever a program sends is one element on the wire, in a stream, in a <body/> and in a message.
func FuzzElementOfProgram(f *testing.F) {
	for _, s := range []string{"<message/>", "<a xmlns='b'>c</a>", "<a:b xmlns:a='c' d='e'><a:f xmlns=''/></a:b>", "<message><![CDATA[</message>]]></message>", "<?xml version='1.0'?><message/>", "<iq xmlns=''/>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		el, err := ParseElement(text, 0)
		if err != nil || CheckSendable(el) != nil {
			return
		}
		for _, c := range []struct {
			mode   xmlstream.Mode
			before string
			space  string
		}{
			{xmlstream.ModeStream, "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>", xmlstream.NSClient},
			{xmlstream.ModeBody, "<body xmlns='http://jabber.org/protocol/httpbind'>", xmlstream.NSBind},
			{xmlstream.ModeMessage, "", ""},
		} {
			wire := el.AppendTo([]byte(c.before), c.space)
			var (
				scan xmlstream.Scanner
				got  xmlstream.Element
			)
			scan.Reset(xmlstream.NewPool(), c.mode, xmlstream.Limits{})
			if c.before != "" {
				n, ev := scan.Next(wire, &got)
				if ev != xmlstream.Header {
					t.Fatalf("%q: %v", wire, ev)
				}
				wire = wire[n:]
			}
			n, ev := scan.Next(wire, &got)
			if ev != xmlstream.Child || n != len(wire) || !got.Is(string(el.Space()), string(el.Local())) {
				t.Fatalf("%q is no one element in %v: %v, %d of %d bytes, %s", wire, c.mode, ev, n, len(wire), got.Space())
			}
		}
	})
}
