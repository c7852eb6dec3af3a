package bosh

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmlstream"
)

// hostile is a client that follows no rule, and a server that may do anything at any time.
type hostile struct {
	*rig
	account
	handles Handle
	open    []Handle
	names   []string
	paused  map[StreamID]bool
}

func newHostile(t testing.TB, b byte) *hostile {
	h := &hostile{rig: newRig(t), account: newAccount(t), paused: map[StreamID]bool{}}
	h.cfg.WindowSize = int(b % 7)
	h.cfg.HoldMax = int(b / 7 % 6)
	h.cfg.RepeatsMax = 5
	h.cfg.StreamsMax = 1 + int(b%4)
	h.cfg.PendingHighBytes, h.cfg.PendingLowBytes = 400, 100
	h.cfg.PidginCompatible = b == 77
	h.say = h.hear
	return h
}

func (h *hostile) hear(o output) {
	h.note(o)
	switch o.name {
	case "respond", "driver":
		checkBody(h.rig.t, o.text)
		if m := streamName.FindStringSubmatch(o.text); m != nil {
			h.names = append(h.names, m[1])
		}
	case "end":
		h.account.close()
		h.account = newAccount(h.rig.t)
		h.names = nil
		clear(h.paused)
	case "pause-stream", "resume-stream":
		if h.paused[o.stream] == (o.name == "pause-stream") {
			h.rig.t.Fatalf("%s %d twice", o.name, o.stream)
		}
		h.paused[o.stream] = o.name == "pause-stream"
	case "stream-add", "stream-terminate":
		delete(h.paused, o.stream)
	}
}

// checkBody: what goes out is one document, by the scanner's word.
func checkBody(t testing.TB, body string) {
	var (
		scan xmlstream.Scanner
		el   xmlstream.Element
	)
	for b := []byte(body); ; {
		n, ev := scan.Next(b, &el)
		b = b[n:]
		switch ev {
		case xmlstream.Bad, xmlstream.NeedMore:
			t.Fatalf("ill-formed: %s", body)
		case xmlstream.End:
			return
		case xmlstream.Header:
			if !el.Is(xmlstream.NSBind, "body") {
				t.Fatalf("no body: %s", body)
			}
		case xmlstream.Child:
		}
	}
}

// attributes that a request may have, each chosen by a bit.
var hostileAttrs = []string{
	" type='terminate'", " pause='30'", " xmpp:restart='true' xmlns:xmpp='urn:xmpp:xbosh'", " to='other.example'", " ack='3'",
	" key='a94a8fe5ccb19ba61c4c0873d391e987982fbbd3'", " stream='$'", " pause='1000'", " from='a@b'", " ver='1.6'",
}

func (h *hostile) send(kind, bits byte) {
	h.handles++
	h.open = append(h.open, h.handles)
	if !h.live {
		attrs := ""
		for i, a := range []string{" ack='1'", " ver='1.6'", " newkey='a94a8fe5ccb19ba61c4c0873d391e987982fbbd3'", " wait='5'", " wait='0'", " type='x'"} {
			if bits&(1<<i) != 0 && (i != 4 || bits&8 == 0) {
				attrs += a
			}
		}
		h.account.acks = bits&1 != 0
		h.request(h.handles, fmt.Sprintf("<body rid='5' to='example.com' hold='%d'%s xmlns='http://jabber.org/protocol/httpbind'/>", kind%4, attrs))
		return
	}
	rid := int64(h.s.rid) + int64(kind%8) - 3
	if kind >= 0x40 { // mostly what is expected
		rid = int64(h.s.rid) + 1
	}
	attrs, content := "", ""
	if kind&8 != 0 {
		i := int(bits) % len(hostileAttrs)
		attrs = hostileAttrs[i]
		if len(h.names) > 0 {
			attrs = strings.ReplaceAll(attrs, "$", h.names[int(bits)/16%len(h.names)])
		}
	}
	if kind&16 != 0 {
		content = "<m xmlns='urn:x'/>"
	}
	h.request(h.handles, fmt.Sprintf("<body rid='%d' sid='%s'%s xmlns='http://jabber.org/protocol/httpbind'>%s</body>", rid, h.s.appendSID(nil), attrs, content))
}

func (h *hostile) step(what, which byte) {
	st := StreamID(which % 5)
	switch {
	case what < 130:
		h.send(what*2, which)
	case !h.live:
	case what < 170:
		xml := ""
		if !h.s.lookable(st) || h.paused[st] {
			return
		}
		for range which%4 + 1 {
			xml += h.push()
		}
		h.stanza(st, xml)
		if n := h.s.undelivered(); h.live && !h.s.acks && n > h.cfg.PendingHighBytes+len(xml)+4*200 {
			h.rig.t.Fatalf("%d bytes are undelivered", n)
		}
	case what < 180:
		h.input0(func() { h.s.HandleStreamAdded(h.now, st, StreamHeader{ID: []byte{'<', which}}) })
		h.stanza(st, "<stream:features/>")
	case what < 200:
		h.advance(timer.Time(which) * timer.Time(what-179) * 20)
	case what < 215:
		if len(h.open) > 0 {
			h.pickGone(int(which))
		}
	case what < 225:
		if len(h.open) > 0 {
			c := h.open[int(which)%len(h.open)]
			h.input(func() { h.s.HandleRelease(h.now, c) })
		}
	case what < 240:
		cond := Condition(int(which) % conditions)
		h.input(func() { h.s.HandleStreamEnd(h.now, st, cond, nil) })
	case what == 240:
		h.input(func() { h.s.HandleShutdown(h.now, CondSeeOtherURI, []byte("https://example.com/")) })
	case what == 241:
		h.input(func() { h.s.HandleShutdown(h.now, CondSystemShutdown, nil) })
	case what > 250:
		c := h.handles - Handle(which%4)
		if h.s.unsent(c) != nil {
			last := h.s.replay[len(h.s.replay)-1]
			h.account.unsend(string(last.body()))
		}
		h.input(func() { h.s.HandleUnsent(h.now, c) })
	case what < 250:
		h.input(func() { h.s.Flush(h.now) })
	}
}

// pickGone kills the connection of a request, which may have been answered.
func (h *hostile) pickGone(i int) {
	i %= len(h.open)
	c := h.open[i]
	h.open = append(h.open[:i], h.open[i+1:]...)
	h.gone(c)
}

// lookable: the stream exists, so that what is pushed to it is accounted for.
func (s *Session) lookable(st StreamID) bool { return s.lookUp(st) != nil }

// finish: all time passes, and everything is answered and given back.
func (h *hostile) finish() {
	h.advance(10 * timer.Hour)
	if h.live {
		h.rig.t.Fatal("the session is never forgotten")
	}
	if len(h.waiting) > 0 {
		h.rig.t.Fatalf("%d requests are never answered", len(h.waiting))
	}
	s := &h.s
	if s.kept != nil || s.replay != nil || s.first.pending != nil || s.first.attrs != nil || s.few().wide != nil {
		h.rig.t.Fatal("a session that is over owns memory")
	}
}

func TestHostile(t *testing.T) {
	for seed := range int64(300) {
		r := rand.New(rand.NewSource(seed))
		h := newHostile(t, byte(seed))
		for range 200 {
			h.step(byte(r.Intn(256)), byte(r.Intn(256)))
		}
		h.finish()
	}
}

func FuzzSession(f *testing.F) {
	f.Add([]byte("\x02\x30\x00\x20\x00\x91\x01\x21\x00"))
	f.Add([]byte("\x09\x30\x00\xaf\x00\x24\x03\x94\x01\xe0\x00\x21\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) == 0 || len(b) > 2000 {
			return
		}
		h := newHostile(t, b[0])
		for b = b[1:]; len(b) >= 2; b = b[2:] {
			h.step(b[0], b[1])
		}
		h.finish()
	})
}
