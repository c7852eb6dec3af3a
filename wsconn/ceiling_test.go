//go:build !race

package wsconn

import (
	"bytes"
	"strings"
	"testing"
	"unsafe"

	"go-xmpp-bosh/wsframe"
	"go-xmpp-bosh/xmlstream"
)

// TestSize: what a session costs beside its socket and its stream.
func TestSize(t *testing.T) {
	got := unsafe.Sizeof(Session{})
	t.Logf("a Session has %d bytes", got)
	if got > 176 { // a size class of Go's
		t.Errorf("a Session has %d bytes, want 176 at most", got)
	}
}

// idle is an Output that does nothing but count.
type idle struct {
	*rig
	bytes, sends, nodes int
}

func (o *idle) Send(_ *Session, b []byte)               { o.bytes += len(b); o.sends++ }
func (o *idle) StreamRestart(*Session, *Open)           {}
func (o *idle) Nodes(_ *Session, el *xmlstream.Element) { o.nodes += len(el.Raw) }

// relay is a session that is open, with a message for it and one from it.
type relay struct {
	*rig
	out        *idle
	el         xmlstream.Element
	frame      []byte
	given      []byte
	fromClient string
}

func newRelay(t testing.TB, header string, d wsframe.Deflate, body string) *relay {
	t.Helper()
	r := &relay{rig: newRig(t)}
	r.create(d)
	r.open(header)
	r.out = &idle{rig: r.rig}
	r.env.Out = r.out
	r.fromClient = "<message to='juliet@example.org' type='chat' id='1'><body>" + body + "</body></message>"
	r.frame = clientFrame(wireText, []byte(r.fromClient))
	r.given = bytes.Clone(r.frame)
	var scan xmlstream.Scanner
	doc := []byte(serverHeader + "<message from='juliet@example.org/b' to='romeo@example.org/o' type='chat'><body>" + body + "</body></message>")
	scan.Reset(r.env.Scan, xmlstream.ModeStream, xmlstream.DefaultLimits)
	n, _ := scan.Next(doc, &r.el)
	if _, ev := scan.Next(doc[n:], &r.el); ev != xmlstream.Child {
		t.Fatalf("no element: %v", ev)
	}
	return r
}

// fromBrowser brings the client's message.
func (r *relay) fromBrowser() {
	copy(r.given, r.frame) // it was unmasked
	if n := r.s.HandleData(r.now, r.given); n != len(r.given) {
		r.t.Fatalf("%d bytes consumed", n)
	}
}

// TestRelayAllocatesNothing: in either framing, in either direction, small or large, compressed or not.
func TestRelayAllocatesNothing(t *testing.T) {
	for _, test := range []struct {
		name, header string
		zip          bool
		body         string
	}{
		{"RFC 7395", clientOpen, false, "O Romeo, Romeo! wherefore art thou Romeo?"},
		{"older", olderOpen, false, "O Romeo, Romeo! wherefore art thou Romeo?"},
		{"large", clientOpen, false, strings.Repeat("O Romeo ", 4000)},
		{"compressed", clientOpen, true, strings.Repeat("O Romeo ", 40)},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRelay(t, test.header, wsframe.Deflate{On: test.zip, WindowBits: 15}, test.body)
			if allocs := testing.AllocsPerRun(200, func() {
				r.fromBrowser()
				r.s.HandleStanza(r.now, &r.el)
			}); allocs != 0 {
				t.Errorf("%v allocations, want 0", allocs)
			}
			if want := 200 * len(r.fromClient); r.out.nodes < want {
				t.Errorf("%d bytes reached the server, want %d", r.out.nodes, want)
			}
			if r.out.sends < 200 {
				t.Errorf("%d sends", r.out.sends)
			}
		})
	}
}

// TestPingAllocatesNothing: nor does keeping a session alive, in either direction.
func TestPingAllocatesNothing(t *testing.T) {
	r := newRelay(t, clientOpen, wsframe.Deflate{}, "")
	r.cfg.Ping = 30_000
	r.s.nextPing = r.now + r.cfg.Ping
	ping, pong := clientFrame(wirePing, []byte("are you there?")), clientFrame(wirePong, nil)
	given := make([]byte, 0, 64)
	if allocs := testing.AllocsPerRun(200, func() {
		r.now = r.s.nextPing
		r.s.deadline = r.now
		r.s.HandleTimeout(r.now)
		given = append(append(given[:0], ping...), pong...)
		r.s.HandleData(r.now, given)
	}); allocs != 0 {
		t.Errorf("%v allocations, want 0", allocs)
	}
}

// TestRestartAllocatesNothing: what a header said is kept in buffers that come back, whether it is answered or overtaken by another.
func TestRestartAllocatesNothing(t *testing.T) {
	r := newRelay(t, clientOpen, wsframe.Deflate{}, "")
	open := clientFrame(wireText, []byte(clientOpen))
	twice := bytes.Repeat(open, 2)
	given := bytes.Clone(twice)
	if allocs := testing.AllocsPerRun(200, func() {
		copy(given, twice)
		r.s.HandleData(r.now, given)
		r.s.HandleStreamRestarted(r.now, usualHeader)
	}); allocs != 0 {
		t.Errorf("%v allocations, want 0", allocs)
	}
}

// TestLargeStanzaIsNotCopied: behind its start tag, a stanza leaves from where it stands in the server's bytes.
func TestLargeStanzaIsNotCopied(t *testing.T) {
	r := newRelay(t, clientOpen, wsframe.Deflate{}, strings.Repeat("x", 100_000))
	sent := &pieces{rig: r.rig}
	r.env.Out = sent
	r.s.HandleStanza(r.now, &r.el)
	if len(sent.all) != 2 || &sent.all[1][0] != &r.el.Raw[len(r.el.StartTag())] {
		t.Fatalf("%d pieces", len(sent.all))
	}
	if head := len(sent.all[0]); head > 200 {
		t.Errorf("%d bytes were copied", head)
	}
}

type pieces struct {
	*rig
	all [][]byte
}

func (o *pieces) Send(_ *Session, b []byte) { o.all = append(o.all, b) }

// TestRestOwnsNothing: an open session owns no buffer.
func TestRestOwnsNothing(t *testing.T) {
	r := newRig(t)
	r.create(wsframe.Deflate{On: true, WindowBits: 15})
	r.open(clientOpen)
	r.text("<message/>")
	r.server("<message/>")
	if r.s.hello != nil || r.s.pong != nil || r.s.older != nil {
		t.Errorf("kept: %q %q %v", r.s.hello, r.s.pong, r.s.older)
	}
}

func BenchmarkFromClient(b *testing.B) {
	r := newRelay(b, clientOpen, wsframe.Deflate{}, "O Romeo, Romeo! wherefore art thou Romeo?")
	b.SetBytes(int64(len(r.frame)))
	b.ReportAllocs()
	for b.Loop() {
		r.fromBrowser()
	}
}

func BenchmarkFromClientOlder(b *testing.B) {
	r := newRelay(b, olderOpen, wsframe.Deflate{}, "O Romeo, Romeo! wherefore art thou Romeo?")
	b.SetBytes(int64(len(r.frame)))
	b.ReportAllocs()
	for b.Loop() {
		r.fromBrowser()
	}
}

func BenchmarkToClient(b *testing.B) {
	r := newRelay(b, clientOpen, wsframe.Deflate{}, "O Romeo, Romeo! wherefore art thou Romeo?")
	b.SetBytes(int64(len(r.el.Raw)))
	b.ReportAllocs()
	for b.Loop() {
		r.s.HandleStanza(r.now, &r.el)
	}
}
