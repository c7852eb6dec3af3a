package bosh

import (
	"fmt"
	"testing"

	"go-xmpp-bosh/buffer"
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmlstream"
)

// rig is a driver for one session after another: it keeps the clock and the timer, knows which handles wait, and hands every output to
// say. What a session may not do to a driver fails the test.
type rig struct {
	t      testing.TB
	now    timer.Time
	armed  timer.Time // when HandleTimeout is called next; as a driver's timer, it only learns of earlier deadlines
	cfg    Config
	env    Env
	parser Parser
	pool   buffer.Pool
	s      Session
	live   bool // a session exists
	inside bool // an input of the session's is at work
	slot   uint32

	waiting map[Handle]bool
	say     func(o output)
}

// output is one call that a session has made.
type output struct {
	name   string
	handle Handle
	status int
	typ    string
	sasl   bool
	stream StreamID
	text   string // the body, element or attributes
	rid    uint64
}

const rigStart = 1000

func newRig(t testing.TB) *rig {
	r := &rig{t: t, now: rigStart, cfg: DefaultConfig(), waiting: map[Handle]bool{}, say: func(output) {}}
	r.env = Env{Config: &r.cfg, Out: r, Buffers: &r.pool, Parser: &r.parser}
	return r
}

// input brackets one call of the session's.
func (r *rig) input(call func()) {
	r.inside = true
	call()
	r.inside = false
	r.check()
}

// check holds after every input.
func (r *rig) check() {
	if !r.live {
		return
	}
	if due := r.s.Deadline(); due != 0 && (r.armed == 0 || r.armed > due) {
		r.t.Fatalf("the deadline is %d, and the driver's timer %d: it was not told", due, r.armed)
	}
	checkSession(r.t, &r.s)
}

// request brings a document, and says whether a session took it.
func (r *rig) request(h Handle, doc string) bool {
	r.waiting[h] = true
	b, err := r.parser.Parse([]byte(doc))
	if err != nil {
		r.answerAlone(h, TerminateBody(ConditionOf(err)))
		return false
	}
	switch {
	case b.SID() == nil && !r.live:
		r.live = true
		r.slot++
		r.input(func() { r.s.Create(r.now, &r.env, r.slot, testID(1), testID(2), h, b) })
	case b.SID() != nil && r.live && b.Slot() == r.slot && r.s.MatchSID(b.SID()):
		r.input(func() { r.s.HandleRequest(r.now, h, b) })
	default:
		r.answerAlone(h, TerminateBody(CondItemNotFound))
		return false
	}
	return true
}

// answerAlone is what the driver answers when there is no session to.
func (r *rig) answerAlone(h Handle, body []byte) {
	delete(r.waiting, h)
	r.say(output{name: "driver", handle: h, status: 200, text: string(body)})
}

func (r *rig) gone(h Handle) {
	delete(r.waiting, h)
	r.input(func() { r.s.HandleGone(r.now, h) })
}

// advance lets time pass, and the timer fire as a driver's does.
func (r *rig) advance(d timer.Time) {
	until := r.now + d
	for r.armed != 0 && r.armed <= until {
		r.now = max(r.now, r.armed)
		r.armed = 0
		if !r.live {
			break
		}
		if due := r.s.Deadline(); due > r.now {
			r.armed = due
			continue
		}
		r.input0(func() { r.s.HandleTimeout(r.now) })
		if due := r.s.Deadline(); r.live && due != 0 && (r.armed == 0 || due < r.armed) {
			if due <= r.now {
				r.t.Fatalf("at %d a deadline of %d is still due", r.now, due)
			}
			r.armed = due
		}
		r.check()
	}
	r.now = until
}

// input0 is input without the check, where more belongs to it.
func (r *rig) input0(call func()) {
	r.inside = true
	call()
	r.inside = false
}

// server parses what a server sends, with its stream header around it.
func (r *rig) server(xml string, fn func(el *xmlstream.Element)) {
	doc := []byte("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='x' version='1.0'>" + xml)
	var (
		scan xmlstream.Scanner
		el   xmlstream.Element
	)
	scan.Reset(r.parser.scanPool(), xmlstream.ModeStream, xmlstream.DefaultLimits)
	for {
		n, ev := scan.Next(doc, &el)
		doc = doc[n:]
		switch ev {
		case xmlstream.Header:
		case xmlstream.Child:
			fn(&el)
		case xmlstream.NeedMore:
			return
		case xmlstream.End, xmlstream.Bad:
			r.t.Fatalf("the server's XML is bad: %s", xml)
		}
	}
}

func (r *rig) stanza(id StreamID, xml string) {
	r.server(xml, func(el *xmlstream.Element) {
		r.input0(func() { r.s.HandleStanza(r.now, id, el) })
	})
	r.input(func() { r.s.Flush(r.now) })
}

// mustBeInside: outputs come from inside of inputs, and of a living session.
func (r *rig) mustBeInside(what string) {
	if !r.inside || !r.live {
		r.t.Fatalf("%s without a session at work", what)
	}
}

func (r *rig) Respond(h Handle, a *Response) {
	r.mustBeInside("Respond")
	if !r.waiting[h] {
		r.t.Fatalf("handle %d is answered, but doesn't wait: %s", h, a.Body)
	}
	delete(r.waiting, h)
	r.say(output{name: "respond", handle: h, status: a.Status, typ: string(a.ContentType), sasl: a.HasSASL, text: string(a.Body)})
}

func (r *rig) Deadline(s *Session) {
	r.mustBeInside("Deadline")
	due := s.Deadline()
	if due == 0 {
		r.t.Fatal("told of a deadline, and there is none")
	}
	if r.armed == 0 || due < r.armed {
		r.armed = due
	}
}

func (r *rig) End(s *Session) {
	r.mustBeInside("End")
	if s.Slot() != r.slot {
		r.t.Fatalf("slot %d ended, want %d", s.Slot(), r.slot)
	}
	r.live = false
	r.armed = 0
	r.say(output{name: "end"})
}

func (r *rig) streamOutput(name string, st StreamID, text string) {
	r.mustBeInside(name)
	r.say(output{name: name, stream: st, text: text})
}

func (r *rig) StreamAdd(_ *Session, st StreamID, b *Body) {
	text := ""
	b.Attrs(func(space, local, raw []byte) bool {
		text += fmt.Sprintf(" %s='%s'", local, raw)
		return true
	})
	r.streamOutput("stream-add", st, text)
}

func (r *rig) StreamRestart(_ *Session, st StreamID, b *Body) {
	r.streamOutput("stream-restart", st, fmt.Sprintf(" to='%s' lang='%s' from='%s' attrs='%s'", b.To(), b.Lang(), b.From(), b.StreamAttrs()))
}

func (r *rig) Nodes(_ *Session, st StreamID, el *xmlstream.Element) {
	r.streamOutput("nodes", st, " "+string(el.AppendTo(nil, "")))
}

func (r *rig) StreamTerminate(_ *Session, st StreamID, clean bool) {
	r.streamOutput("stream-terminate", st, map[bool]string{true: " clean", false: ""}[clean])
}

func (r *rig) NoClient(_ *Session, st StreamID, stanza []byte) {
	r.streamOutput("no-client", st, " "+string(stanza))
}

func (r *rig) ResponseAcknowledged(_ *Session, rid uint64) {
	r.mustBeInside("ResponseAcknowledged")
	r.say(output{name: "response-acknowledged", rid: rid})
}

func (r *rig) Error(_ *Session, cond Condition) {
	r.mustBeInside("Error")
	r.say(output{name: "error", text: cond.String()})
}

func (r *rig) PauseStream(_ *Session, st StreamID)  { r.streamOutput("pause-stream", st, "") }
func (r *rig) ResumeStream(_ *Session, st StreamID) { r.streamOutput("resume-stream", st, "") }

func testID(n byte) (id [16]byte) {
	for i := range id {
		id[i] = n<<4 | byte(i)
	}
	return id
}
