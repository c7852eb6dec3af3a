//go:build !race

package bosh

import (
	"strconv"
	"testing"
	"unsafe"

	"go-xmpp-bosh/buffer"
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmlstream"
)

// TestSizes: what a session costs at rest. These are exact; a change is meant.
func TestSizes(t *testing.T) {
	for _, size := range []struct {
		name      string
		got, want uintptr
	}{
		{"a session", unsafe.Sizeof(Session{}), 360},
		{"a stream beyond the first", unsafe.Sizeof(stream{}), 80},
		{"a request that is held", unsafe.Sizeof(open{}), 16},
		{"an answer that isn't empty", unsafe.Sizeof(answer{}), 56},
	} {
		if size.got != size.want {
			t.Errorf("%s takes %d bytes, want %d", size.name, size.got, size.want)
		}
	}
}

// bench is a session with a client that does one thing over and over. Its Output counts and keeps nothing.
type bench struct {
	env    Env
	cfg    Config
	parser Parser
	pool   buffer.Pool
	s      Session
	now    timer.Time
	rid    uint64
	h      Handle
	doc    []byte
	stanza xmlstream.Element

	answers, nodes int
}

func newBench(t testing.TB, attrs string) *bench {
	b := &bench{now: 1000, rid: 1<<40 + 1, cfg: DefaultConfig()}
	b.cfg.Polling = 0
	b.env = Env{Config: &b.cfg, Out: b, Buffers: &b.pool, Parser: &b.parser}
	body, err := b.parser.Parse([]byte("<body rid='" + strconv.FormatUint(b.rid, 10) + "' to='example.com' wait='50' hold='1' ver='1.6' " + attrs + " xmlns='http://jabber.org/protocol/httpbind'/>"))
	if err != nil {
		t.Fatal(err)
	}
	b.h++
	b.s.Create(b.now, &b.env, 7, testID(1), testID(2), b.h, body)
	r := newRig(t)
	r.server("<message from='juliet@example.com/balcony' to='romeo@example.com/orchard' type='chat' id='abc123'><body>"+
		"Wherefore art thou, Romeo? Deny thy father and refuse thy name; or, if thou wilt not, be but sworn my love</body></message>", func(el *xmlstream.Element) {
		b.stanza = el.Clone()
	})
	b.push() // instead of features
	return b
}

// request brings a body with the next rid.
func (b *bench) request(content string) {
	b.rid++
	b.again(content)
}

// again brings one with the rid of the one before.
func (b *bench) again(content string) {
	b.doc = append(b.doc[:0], "<body rid='"...)
	b.doc = strconv.AppendUint(b.doc, b.rid, 10)
	b.doc = append(b.doc, "' sid='"...)
	b.doc = b.s.appendSID(b.doc)
	b.doc = append(b.doc, "' xmlns='http://jabber.org/protocol/httpbind'>"...)
	b.doc = append(b.doc, content...)
	b.doc = append(b.doc, "</body>"...)
	b.h++
	body, err := b.parser.Parse(b.doc)
	if err != nil || !b.s.MatchSID(body.SID()) {
		panic("a bad request")
	}
	b.s.HandleRequest(b.now, b.h, body)
}

func (b *bench) push() {
	b.s.HandleStanza(b.now, 0, &b.stanza)
	b.s.Flush(b.now)
}

func (b *bench) Respond(Handle, *Response)                    { b.answers++ }
func (b *bench) Deadline(*Session)                            {}
func (b *bench) End(*Session)                                 { panic("the session ended") }
func (b *bench) StreamAdd(*Session, StreamID, *Body)          {}
func (b *bench) StreamRestart(*Session, StreamID, *Body)      {}
func (b *bench) Nodes(*Session, StreamID, *xmlstream.Element) { b.nodes++ }
func (b *bench) StreamTerminate(*Session, StreamID, bool)     {}
func (b *bench) NoClient(*Session, StreamID, []byte)          { panic("no client") }
func (b *bench) ResponseAcknowledged(*Session, uint64)        {}
func (b *bench) Error(_ *Session, c Condition)                { panic(c.String()) }
func (b *bench) PauseStream(*Session, StreamID)               {}
func (b *bench) ResumeStream(*Session, StreamID)              {}

const benchMessage = "<message xmlns='jabber:client' to='juliet@example.com' type='chat' id='abc124'><body>By a name I know not how to tell thee who I am</body></message>"

// TestHotPathAllocatesNothing: each path that a session in use takes again and again.
func TestHotPathAllocatesNothing(t *testing.T) {
	paths := map[string]func(b *bench){
		"a message is sent, and the held poll let go": func(b *bench) { b.request(benchMessage) },
		"a poll is held until a stanza comes": func(b *bench) {
			b.request("")
			b.push()
		},
		"a stanza comes, then a poll": func(b *bench) {
			b.push()
			b.request("")
		},
		"a message is answered with a stanza": func(b *bench) {
			b.request(benchMessage)
			b.push()
		},
		"a poll's wait runs out": func(b *bench) {
			b.request("")
			b.now += 50 * timer.Second
			b.s.HandleTimeout(b.now)
		},
		"a held poll is repeated, its connection dies, it is repeated again": func(b *bench) {
			b.request("")
			b.again("")
			b.s.HandleGone(b.now, b.h)
			b.again("")
		},
		"a stanza is asked for again": func(b *bench) {
			b.request("")
			b.push()
			b.again("")
		},
		"a document is refused": func(b *bench) {
			if _, err := b.parser.Parse(b.doc[:len(b.doc)-3]); ConditionOf(err) != CondBadRequest {
				panic("it was not")
			}
		},
	}
	for _, attrs := range []string{"", "ack='1'"} {
		for name, path := range paths {
			t.Run(name+attrs, func(t *testing.T) {
				b := newBench(t, attrs)
				b.request("")
				for range 100 {
					path(b)
				}
				if n := testing.AllocsPerRun(1000, func() { path(b) }); n != 0 {
					t.Errorf("%v allocations", n)
				}
			})
		}
	}
}

// TestIdleSessionOwnsNothing: a session whose last answers were empty ones holds no buffer.
func TestIdleSessionOwnsNothing(t *testing.T) {
	b := newBench(t, "")
	b.request(benchMessage)
	b.push()
	for range 3 {
		b.request("")
		b.now += 50 * timer.Second
		b.s.HandleTimeout(b.now)
	}
	s := &b.s
	if s.replay != nil || s.kept != nil || s.rare != nil || s.first.pending != nil || s.first.attrs != nil {
		t.Errorf("it owns something: %+v", s)
	}
}

func BenchmarkMessage(b *testing.B) {
	s := newBench(b, "")
	for b.Loop() {
		s.request(benchMessage)
		s.push()
	}
}

func BenchmarkPoll(b *testing.B) {
	s := newBench(b, "")
	for b.Loop() {
		s.request("")
	}
}
