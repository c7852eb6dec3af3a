package wsconn

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"go-xmpp-bosh/buffer"
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/wsframe"
	"go-xmpp-bosh/xmlstream"
)

// rig is a driver of one session: it writes down what the session puts out, and checks after each input what must hold always.
type rig struct {
	t      testing.TB
	cfg    Config
	env    Env
	pool   buffer.Pool
	s      Session
	now    timer.Time
	armed  timer.Time // when the driver's timer fires; it only learns of earlier deadlines
	log    []string   // what was put out, a line each
	byByte bool       // give the client's bytes one by one
	inside bool       // an input is at work

	tail []byte // of the client's bytes, not consumed
	sent []byte // of a frame, which isn't complete

	texts     int  // messages that the client got
	closed    bool // our WebSocket close is out
	shut      bool // CloseSocket
	aborted   bool
	ended     bool
	streaming bool
	paused    bool
	noClient  int // stanzas that came too late
	pressed   bool
	over      int // bytes sent since
}

const rigStart = 1000

// frames is shared by all rigs, one after the other, as it is by a loop's sessions: its compressors are large.
var frames = wsframe.NewPool(new(buffer.Pool))

func newRig(t testing.TB) *rig {
	r := &rig{t: t, now: rigStart, cfg: DefaultConfig(), ended: true}
	r.cfg.Ping = 0
	r.env = Env{Config: &r.cfg, Out: r, Buffers: &r.pool, Frames: frames, Scan: xmlstream.NewPool()}
	return r
}

func (r *rig) say(format string, args ...any) { r.log = append(r.log, fmt.Sprintf(format, args...)) }

// take gives what was put out since it was last asked.
func (r *rig) take() []string {
	log := r.log
	r.log = nil
	return log
}

func (r *rig) errorf(format string, args ...any) {
	r.t.Helper()
	r.t.Errorf("in state %v: "+format, append([]any{r.s.state}, args...)...)
}

// The Output.

func (r *rig) Send(_ *Session, b []byte) {
	r.must("Send")
	switch {
	case r.closed:
		r.errorf("sent behind the WebSocket close: %q", b)
	case r.shut || r.aborted:
		r.errorf("sent behind the end of the socket: %q", b)
	case len(b) == 0:
		r.errorf("sent nothing")
	}
	r.sent = append(r.sent, b...)
	if r.pressed {
		r.over += len(b)
	}
	for {
		f, n, err := takeFrame(r.sent)
		if err != nil {
			r.errorf("no frame: %v: %q", err, r.sent)
		}
		if n == 0 {
			return
		}
		r.hear(&f)
		r.sent = append([]byte(nil), r.sent[n:]...)
	}
}

// hear is the client that gets a frame.
func (r *rig) hear(f *serverFrame) {
	switch f.op {
	case 1:
		r.texts++
		r.checkText(string(f.payload))
		r.say("%s %s", map[bool]string{false: "text", true: "zipped"}[f.zipped], f.payload)
	case 8:
		r.closed = true
		r.say("close %d", f.closeCode())
	case 9:
		r.say("%s", strings.TrimRight("ping "+string(f.payload), " "))
	case 10:
		r.say("%s", strings.TrimRight("pong "+string(f.payload), " "))
	default:
		r.errorf("a frame with opcode %d", f.op)
	}
}

// checkText: what is a message (RFC 7395 §3.3.3), and which the first may be (§3.4).
func (r *rig) checkText(text string) {
	const header = "<stream:stream "
	switch {
	case r.s.framing == framingOlder && (strings.HasPrefix(text, header) || text == "</stream:stream>"):
		return
	case !isDocument([]byte(text)):
		r.errorf("not one document: %q", text)
	case r.texts == 1 && !strings.HasPrefix(text, "<open ") && !strings.HasPrefix(text, "<close "):
		r.errorf("the first message is %q", text)
	}
}

func (r *rig) CloseSocket(*Session) {
	r.must("CloseSocket")
	if r.shut || r.aborted {
		r.errorf("closed twice")
	}
	r.shut = true
	r.say("close-socket")
}

func (r *rig) AbortSocket(*Session) {
	r.must("AbortSocket")
	if r.aborted {
		r.errorf("aborted twice")
	}
	r.aborted = true
	r.say("abort-socket")
}

func (r *rig) Deadline(s *Session) {
	r.must("Deadline")
	due := s.Deadline()
	if due == 0 {
		r.errorf("told of a deadline, and there is none")
	}
	if r.armed == 0 || due < r.armed {
		r.armed = due
	}
}

func (r *rig) End(*Session) {
	r.must("End")
	if r.streaming {
		r.errorf("ended with a stream")
	}
	r.ended = true
	r.armed = 0
	r.say("end")
}

func (r *rig) StreamAdd(_ *Session, o *Open) {
	r.must("StreamAdd")
	if r.streaming {
		r.errorf("a second stream")
	}
	r.streaming, r.paused = true, false
	r.say("add%s", showOpen(o))
}

func (r *rig) StreamRestart(_ *Session, o *Open) {
	r.mustStream("StreamRestart")
	r.say("restart%s", showOpen(o))
}

func showOpen(o *Open) string {
	var b strings.Builder
	for _, a := range []struct {
		name  string
		value []byte
	}{{"to", o.To}, {"from", o.From}, {"lang", o.Lang}, {"version", o.Version}} {
		if a.value != nil {
			fmt.Fprintf(&b, " %s=%q", a.name, a.value)
		}
	}
	if o.Legacy {
		b.WriteString(" legacy")
	}
	o.Attrs(func(space, local, _ []byte) bool {
		switch string(local) {
		case "to", "from", "lang", "version":
		default:
			value, _ := o.Attr(string(space), string(local))
			fmt.Fprintf(&b, " {%s}%s=%q", space, local, value)
		}
		return true
	})
	return b.String()
}

func (r *rig) Nodes(_ *Session, el *xmlstream.Element) {
	r.mustStream("Nodes")
	switch string(el.Space()) {
	case xmlstream.NSStreams, xmlstream.NSFraming:
		r.errorf("the server gets %s", el.Raw)
	}
	node := el.AppendTo(nil, xmlstream.NSClient)
	if !isDocument(el.AppendTo(nil, "")) {
		r.errorf("the server gets no element: %s", node)
	}
	r.say("nodes %s", node)
}

func (r *rig) StreamTerminate(_ *Session, clean bool) {
	r.mustStream("StreamTerminate")
	r.streaming = false
	r.say("terminate %s", map[bool]string{true: "clean", false: "dirty"}[clean])
}

func (r *rig) NoClient(_ *Session, stanza []byte) {
	r.must("NoClient")
	r.noClient++
	if !isDocument(stanza) {
		r.errorf("not one document: %q", stanza)
	}
	r.say("no-client %s", stanza)
}

func (r *rig) Error(_ *Session, c Condition) {
	r.must("Error")
	if c == CondNone {
		r.errorf("an error that is none")
	}
	r.say("error %v", c)
}

func (r *rig) PauseStream(*Session) {
	r.mustStream("PauseStream")
	if r.paused {
		r.errorf("paused twice")
	}
	r.paused = true
	r.say("pause")
}

func (r *rig) ResumeStream(*Session) {
	r.mustStream("ResumeStream")
	if !r.paused {
		r.errorf("resumed, and was not paused")
	}
	r.paused = false
	r.say("resume")
}

// must: outputs come from inside of inputs, and of a session that lives.
func (r *rig) must(what string) {
	if !r.inside || r.ended {
		r.errorf("%s without a session at work", what)
	}
}

func (r *rig) mustStream(what string) {
	r.must(what)
	if !r.streaming {
		r.errorf("%s without a stream", what)
	}
}

// The inputs. All bytes are spoilt once the session has had them.

func (r *rig) input(call func()) {
	r.inside = true
	call()
	r.inside = false
	r.check()
}

func (r *rig) create(d wsframe.Deflate) {
	r.tail, r.sent, r.texts, r.armed = nil, nil, 0, 0
	r.closed, r.shut, r.aborted, r.ended, r.streaming, r.paused, r.pressed = false, false, false, false, false, false, false
	r.input(func() {
		r.s.Create(r.now, &r.env, 7, d, [16]byte{0xa0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
	})
}

// client brings bytes from the client's socket.
func (r *rig) client(b []byte) {
	step := len(b)
	if r.byByte {
		step = 1 + len(b)/4000*200 // what is long, in larger pieces: each is given with all before it
	}
	for len(b) > 0 {
		step = min(step, len(b))
		r.tail = append(bytes.Clone(r.tail), b[:step]...)
		b = b[step:]
		given := r.tail[:len(r.tail):len(r.tail)]
		n := 0
		r.input(func() { n = r.s.HandleData(r.now, given) })
		if n < 0 || n > len(given) {
			r.errorf("HandleData consumed %d of %d bytes", n, len(given))
			return
		}
		r.tail = bytes.Clone(given[n:])
		spoil(given)
	}
}

func (r *rig) text(s string) {
	r.client(clientFrame(wireText, []byte(s)))
}

// server brings elements from the server. It reports whether the XML is right.
func (r *rig) server(elements string) bool {
	doc := []byte(serverHeader + elements)
	var (
		scan xmlstream.Scanner
		el   xmlstream.Element
	)
	scan.Reset(r.env.Scan, xmlstream.ModeStream, xmlstream.DefaultLimits)
	defer scan.Reset(r.env.Scan, xmlstream.ModeStream, xmlstream.DefaultLimits)
	for rest := doc; ; {
		n, ev := scan.Next(rest, &el)
		rest = rest[n:]
		switch ev {
		case xmlstream.Header:
		case xmlstream.Child:
			r.stanza(&el)
		case xmlstream.NeedMore:
			spoil(doc)
			return len(rest) == 0
		case xmlstream.End, xmlstream.Bad:
			return false
		}
	}
}

// stanza brings one element, which must then be with the client or reported.
func (r *rig) stanza(el *xmlstream.Element) {
	texts, late, free, had := r.texts, r.noClient, r.ended, r.streaming
	isStanza := string(el.Space()) != xmlstream.NSStreams && string(el.Space()) != xmlstream.NSFraming
	raw := bytes.Clone(el.Raw)
	r.input(func() { r.s.HandleStanza(r.now, el) })
	if !bytes.Equal(raw, el.Raw) {
		r.errorf("the server's bytes were changed: %q", el.Raw)
	}
	if isStanza && !free && r.texts == texts && r.noClient == late || r.noClient > late+1 {
		r.errorf("neither delivered nor reported: %q", raw)
	}
	if r.noClient > late && had && !r.closed {
		r.errorf("reported although the client is there: %q", raw)
	}
}

func (r *rig) added(h StreamHeader) { r.input(func() { r.s.HandleStreamAdded(r.now, h) }) }

func (r *rig) restarted(h StreamHeader) { r.input(func() { r.s.HandleStreamRestarted(r.now, h) }) }

func (r *rig) streamEnd(c Condition, el *xmlstream.Element) {
	r.streaming = false
	r.input(func() { r.s.HandleStreamEnd(r.now, c, el) })
}

func (r *rig) shutdown(uri string) { r.input(func() { r.s.HandleShutdown(r.now, uri) }) }

func (r *rig) pressure(yes bool) {
	r.pressed, r.over = yes, 0
	r.input(func() { r.s.HandlePressure(r.now, yes) })
}

func (r *rig) eof()  { r.input(func() { r.s.HandleEOF(r.now) }) }
func (r *rig) gone() { r.input(func() { r.s.HandleGone(r.now) }) }

// advance lets time pass, and the timer fire as a driver's does.
func (r *rig) advance(d timer.Time) {
	until := r.now + d
	for r.armed != 0 && r.armed <= until {
		r.now = max(r.now, r.armed)
		r.armed = 0
		if due := r.s.Deadline(); due > r.now {
			r.armed = due
			continue
		}
		r.inside = true
		r.s.HandleTimeout(r.now)
		r.inside = false
		due := r.s.Deadline()
		if due != 0 && due <= r.now {
			r.t.Fatalf("at %d a deadline of %d is still due", r.now, due)
		}
		r.armed = due
		r.check()
	}
	r.now = until
}

func spoil(b []byte) {
	for i := range b {
		b[i] = '!'
	}
}

// check holds what must be so after each input.
func (r *rig) check() {
	r.t.Helper()
	s := &r.s
	if len(r.sent) > 0 {
		r.errorf("half a frame is sent: %q", r.sent)
	}
	if due := s.Deadline(); due != 0 && (r.armed == 0 || r.armed > due) && !r.ended {
		r.errorf("the deadline is %d, and the driver's timer %d: it was not told", due, r.armed)
	}
	if (s.state == stateFree) != r.ended {
		r.errorf("ended: %v", r.ended)
	}
	if r.ended && s.Deadline() != 0 {
		r.errorf("a deadline of %d is left", s.Deadline())
	}
	if s.streaming != r.streaming {
		r.errorf("streaming: %v, want %v", s.streaming, r.streaming)
	}
	if s.state == stateOpen && !s.streaming {
		r.errorf("open without a stream")
	}
	if !s.state.isLive() && (s.streaming || s.hello != nil || s.pong != nil || s.older != nil || s.owed) {
		r.errorf("something is kept: %q %q", s.hello, s.pong)
	}
	if s.state == stateClosing && !r.closed {
		r.errorf("closing without a close")
	}
	if (s.state == stateClosed) != ((r.shut || r.aborted) && !r.ended) {
		r.errorf("closed: %v, aborted: %v", r.shut, r.aborted)
	}
	if s.state == stateClosing && s.deadline == 0 {
		r.errorf("no deadline")
	}
	if s.streaming && s.pressed != r.paused {
		r.errorf("paused: %v, pressed: %v", r.paused, s.pressed)
	}
	if !s.pressed && s.pong != nil || cap(s.pong) > 128 || len(s.hello) > domainBytesMax+1+jidBytesMax {
		r.errorf("kept: %d bytes of pong, %d of hello", cap(s.pong), len(s.hello))
	}
	const goodbye = 2000 // one element, a header, an error and the closes
	if limit := r.cfg.PendingMax; limit > 0 && r.over > limit+goodbye {
		r.errorf("%d bytes were sent to a client that does not read", r.over)
	}
	if env := &r.env; max(cap(env.text), cap(env.frame), cap(env.values), cap(env.header)) > scratchBytesMax {
		r.errorf("scratch is kept: %d %d %d %d", cap(env.text), cap(env.frame), cap(env.values), cap(env.header))
	}
	if s.state == stateOpen && !s.owed && s.hello != nil {
		r.errorf("hello is kept: %q", s.hello)
	}
}

// The states that tests begin in.

const (
	clientOpen     = `<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="example.org" version="1.0"/>`
	olderOpen      = `<stream:stream to="example.org" xmlns="jabber:client" xmlns:stream="http://etherx.jabber.org/streams" version="1.0">`
	serverHeader   = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='s1' from='example.org' version='1.0' xml:lang='en'>"
	serverFeatures = "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>"
)

var usualHeader = StreamHeader{ID: []byte("s1"), From: []byte("example.org"), Lang: []byte("en"), Version: []byte("1.0")}

// open brings the session to where it relays.
func (r *rig) open(header string) {
	r.t.Helper()
	r.text(header)
	r.added(usualHeader)
	r.server(serverFeatures)
	if r.s.state != stateOpen || r.texts != 2 {
		r.t.Fatalf("the session is %v: %q", r.s.state, r.log)
	}
	r.take()
}

var usualDeflate = wsframe.Deflate{WindowBits: 15}
