//go:build !race

package xmppconn

import (
	"testing"
	"unsafe"

	"go-xmpp-bosh/xmlstream"
)

// idle is a driver that does nothing.
type idle struct{ bytes int }

func (o *idle) Send(_ *Stream, b []byte)                      { o.bytes += len(b) }
func (o *idle) StartTLS(*Stream)                              {}
func (o *idle) StreamAdded(*Stream, *Header)                  {}
func (o *idle) StreamRestarted(*Stream, *Header)              {}
func (o *idle) Response(_ *Stream, el *xmlstream.Element)     { o.bytes += len(el.Raw) }
func (o *idle) End(_ *Stream, _ Reason, _ *xmlstream.Element) {}
func (o *idle) CloseSocket(*Stream)                           {}
func (o *idle) Redirect(*Stream, Target) bool                 { return false }
func (o *idle) AbortSocket(*Stream)                           {}
func (o *idle) Deadline(*Stream)                              {}

func TestStreamSize(t *testing.T) {
	if size := unsafe.Sizeof(Stream{}); size > 152 {
		t.Errorf("a stream has %d bytes, want at most 152", size)
	}
}

// TestRelayAllocatesNothing: a stanza each way, once the stream is open.
func TestRelayAllocatesNothing(t *testing.T) {
	r := newOpenRig(t)
	out := new(idle)
	r.env.Out = out
	fromServer := []byte("<message from='juliet@example.org/b' to='romeo@example.org/o' type='chat'><body>O Romeo, Romeo! wherefore art thou Romeo?</body></message>\n")
	fromClient := []byte("<body xmlns='http://jabber.org/protocol/httpbind' xmlns:x='urn:x'><message to='juliet@example.org' x:a='1'><body>I take thee at thy word</body></message></body>")
	var scan xmlstream.Scanner
	var el xmlstream.Element
	scan.Reset(r.env.Scan, xmlstream.ModeBody, xmlstream.DefaultLimits)
	n, _ := scan.Next(fromClient, &el)
	if _, ev := scan.Next(fromClient[n:], &el); ev != xmlstream.Child {
		t.Fatalf("no element: %v", ev)
	}
	if allocs := testing.AllocsPerRun(1000, func() {
		if n := r.st.HandleData(r.now, fromServer); n != len(fromServer) {
			t.Fatalf("%d bytes consumed", n)
		}
		r.st.HandleStanza(r.now, &el)
	}); allocs != 0 {
		t.Errorf("%v allocations, want 0", allocs)
	}
	if out.bytes < 1000*(len(fromServer)+len(fromClient))/2 {
		t.Errorf("only %d bytes relayed", out.bytes)
	}
}

// TestFeaturesAllocateNothing: a look at features, and their edited copy.
func TestFeaturesAllocateNothing(t *testing.T) {
	r := newOpenRig(t)
	doc := []byte(serverHeader + "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><compression xmlns='http://jabber.org/features/compress'/></stream:features>")
	var scan xmlstream.Scanner
	var el xmlstream.Element
	scan.Reset(r.env.Scan, xmlstream.ModeStream, xmlstream.DefaultLimits)
	n, _ := scan.Next(doc, &el)
	if _, ev := scan.Next(doc[n:], &el); ev != xmlstream.Child {
		t.Fatalf("no element: %v", ev)
	}
	if allocs := testing.AllocsPerRun(100, func() {
		if shown := r.st.presentable(&el, r.env.offersOf(&el)); string(shown.Raw) != serverFeatures {
			t.Fatalf("shown: %s", shown.Raw)
		}
	}); allocs != 0 {
		t.Errorf("%v allocations, want 0", allocs)
	}
}

// TestRestIsEmpty: an open stream owns nothing but its parameters.
func TestRestIsEmpty(t *testing.T) {
	r := newOpenRig(t)
	r.restart(Restart{To: []byte("example.org")})
	r.client([]byte("<message/>"))
	r.server([]byte(serverHeader + serverFeatures))
	if r.st.pending != nil || r.st.hello != nil || r.st.next != nil {
		t.Errorf("kept: %q %q %v", r.st.pending, r.st.hello, r.st.next)
	}
}

func BenchmarkRelay(b *testing.B) {
	r := newOpenRig(b)
	r.env.Out = new(idle)
	stanza := []byte("<message from='juliet@example.org/b' to='romeo@example.org/o' type='chat'><body>O Romeo, Romeo! wherefore art thou Romeo?</body></message>")
	b.SetBytes(int64(len(stanza)))
	b.ReportAllocs()
	for b.Loop() {
		r.st.HandleData(r.now, stanza)
	}
}

func BenchmarkFromClient(b *testing.B) {
	r := newOpenRig(b)
	r.env.Out = new(idle)
	doc := []byte("<body xmlns='http://jabber.org/protocol/httpbind'><message xmlns='jabber:client' to='romeo@example.org' type='chat'><body>wherefore</body></message></body>")
	var scan xmlstream.Scanner
	var el xmlstream.Element
	scan.Reset(r.env.Scan, xmlstream.ModeBody, xmlstream.DefaultLimits)
	n, _ := scan.Next(doc, &el)
	if _, ev := scan.Next(doc[n:], &el); ev != xmlstream.Child {
		b.Fatalf("no element: %v", ev)
	}
	b.ReportAllocs()
	for b.Loop() {
		r.st.HandleStanza(r.now, &el)
	}
}
