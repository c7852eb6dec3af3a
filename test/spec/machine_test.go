package spec

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/buffer"
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmlstream"
)

// machine is one session with a clock that the test turns. It is the session's driver: it keeps the answers, and what the session says to
// its streams as lines of events.
type machine struct {
	t       testing.TB
	now     timer.Time
	cfg     bosh.Config
	env     bosh.Env
	pool    buffer.Pool
	parser  bosh.Parser
	session bosh.Session
	created *answer
	sid     string
	newest  bosh.Handle
	answers map[bosh.Handle]*answer
	events  []string
	over    bool
}

// operate creates a session and fetches its features.
func operate(t testing.TB, attrs string, change func(*bosh.Config)) *machine {
	t.Helper()
	m := &machine{t: t, now: 1000, cfg: bosh.DefaultConfig(), answers: map[bosh.Handle]*answer{}}
	if change != nil {
		change(&m.cfg)
	}
	m.env = bosh.Env{Config: &m.cfg, Out: m, Buffers: &m.pool, Parser: &m.parser}
	m.newest++
	m.session.Create(m.now, &m.env, 1, [16]byte{1}, [16]byte{2}, m.newest, m.parse(create(attrs)))
	m.session.HandleStreamAdded(m.now, 0, bosh.StreamHeader{ID: []byte("id1")})
	m.stanza(0, features)
	m.advance(0)
	m.created = m.answer(m.newest)
	m.sid = m.created.attr("sid")
	m.events = nil
	return m
}

func (m *machine) parse(doc string) *bosh.Body {
	m.t.Helper()
	b, err := m.parser.Parse([]byte(doc))
	if err != nil {
		m.t.Fatal(err)
	}
	return b
}

// request brings one with this rid.
func (m *machine) request(rid int, attrs, payload string) bosh.Handle {
	m.t.Helper()
	m.newest++
	h := m.newest
	doc := fmt.Sprintf("<body rid='%d' sid='%s' %s%s>%s</body>", rid, m.sid, attrs, namespaces, payload)
	m.session.HandleRequest(m.now, h, m.parse(doc))
	return h
}

// stanza comes from the XMPP server.
func (m *machine) stanza(id bosh.StreamID, text string) {
	m.t.Helper()
	m.element(text, func(el *xmlstream.Element) { m.session.HandleStanza(m.now, id, el) })
	m.session.Flush(m.now)
}

// element reads one element as it would stand in an XMPP server's stream.
func (m *machine) element(text string, use func(*xmlstream.Element)) {
	m.t.Helper()
	var (
		scan xmlstream.Scanner
		el   xmlstream.Element
	)
	scan.Reset(xmlstream.NewPool(), xmlstream.ModeStream, xmlstream.DefaultLimits)
	doc := []byte(streamHeader + text)
	for {
		n, ev := scan.Next(doc, &el)
		doc = doc[n:]
		switch ev {
		case xmlstream.Header:
		case xmlstream.Child:
			use(&el)
			return
		case xmlstream.NeedMore, xmlstream.End, xmlstream.Bad:
			m.t.Fatalf("%v for %q", ev, text)
		}
	}
}

// advance lets time pass. The session is told of each of its deadlines when it comes.
func (m *machine) advance(d timer.Time) {
	until := m.now + d
	for !m.over {
		due := m.session.Deadline()
		if due == 0 || due > until {
			break
		}
		m.now = max(m.now, due)
		m.session.HandleTimeout(m.now)
	}
	m.now = until
}

// answer is the one to h, which must have been given.
func (m *machine) answer(h bosh.Handle) *answer {
	m.t.Helper()
	if m.answers[h] == nil {
		m.t.Fatalf("request %d is not answered", h)
	}
	return m.answers[h]
}

// waiting asserts that a request is held.
func (m *machine) waiting(h bosh.Handle) {
	m.t.Helper()
	if a := m.answers[h]; a != nil {
		m.t.Fatalf("request %d is answered with %q, want it held", h, a.text)
	}
}

// happened asserts what the session has said since it was last asked, and no more than that.
func (m *machine) happened(want ...string) {
	m.t.Helper()
	if !slices.Equal(m.events, want) {
		m.t.Fatalf("events %q, want %q", m.events, want)
	}
	m.events = nil
}

// gone asserts that the session is forgotten, and that its stream was closed without the client's word.
func (m *machine) gone() {
	m.t.Helper()
	if !m.over || !slices.Contains(m.events, "terminate 0 clean=false") {
		m.t.Fatalf("the session is there: over=%v, events %q", m.over, m.events)
	}
}

// there asserts that the session lives.
func (m *machine) there() {
	m.t.Helper()
	if m.over || strings.Contains(strings.Join(m.events, " "), "terminate") {
		m.t.Fatalf("the session is gone: %q", m.events)
	}
}

func (m *machine) Respond(h bosh.Handle, r *bosh.Response) {
	if m.answers[h] != nil {
		m.t.Errorf("request %d is answered twice", h)
	}
	m.answers[h] = read(m.t, string(r.Body))
}

func (m *machine) say(format string, args ...any) {
	m.events = append(m.events, fmt.Sprintf(format, args...))
}

func (m *machine) Deadline(*bosh.Session) {}
func (m *machine) End(*bosh.Session)      { m.over = true }

func (m *machine) StreamAdd(_ *bosh.Session, st bosh.StreamID, b *bosh.Body) {
	m.say("add %d %s", st, b.To())
}

func (m *machine) StreamRestart(_ *bosh.Session, st bosh.StreamID, _ *bosh.Body) {
	m.say("restart %d", st)
}

func (m *machine) Nodes(_ *bosh.Session, st bosh.StreamID, el *xmlstream.Element) {
	m.say("nodes %d %s", st, el.AppendTo(nil, ""))
}

func (m *machine) StreamTerminate(_ *bosh.Session, st bosh.StreamID, clean bool) {
	m.say("terminate %d clean=%v", st, clean)
}

func (m *machine) NoClient(_ *bosh.Session, st bosh.StreamID, stanza []byte) {
	m.say("no-client %d %s", st, stanza)
}

func (m *machine) ResponseAcknowledged(_ *bosh.Session, rid uint64) { m.say("acknowledged %d", rid) }
func (m *machine) Error(_ *bosh.Session, cond bosh.Condition)       { m.say("error %s", cond) }
func (m *machine) PauseStream(_ *bosh.Session, st bosh.StreamID)    { m.say("stop %d", st) }
func (m *machine) ResumeStream(_ *bosh.Session, st bosh.StreamID)   { m.say("go %d", st) }
