package xmppconn

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"go-xmpp-bosh/buffer"
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmlstream"
)

// rig is a driver of one stream: it writes down what the stream puts out, and checks after each input what must hold always.
type rig struct {
	t    testing.TB
	env  Env
	st   Stream
	now  timer.Time
	log  []string // what was put out, a line each
	byte bool     // give the server's bytes one by one

	tail      []byte // of the server's bytes, not consumed
	level     []byte // what was sent since the last header
	checked   bool   // level is known to be right
	handshake bool   // between StartTLS and HandleSecure
	secure    bool
	ended     bool // End was called, or HandleTerminate
	closed    bool
	aborted   bool
	hops      int  // how often it may be sent elsewhere
	moving    bool // it is, and the connection is about to be closed
}

func newRig(t testing.TB) *rig {
	r := &rig{t: t, now: 1000}
	r.env = NewEnv(r, new(buffer.Pool), xmlstream.NewPool())
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
	r.t.Errorf("in stage %v: "+format, append([]any{r.st.stage}, args...)...)
}

// The Output.

func (r *rig) Send(_ *Stream, b []byte) {
	r.say("server %s", escape(b))
	isHeader := bytes.HasPrefix(b, []byte("<?xml"))
	switch {
	case r.closed || r.aborted:
		r.errorf("sent behind the end of the connection: %s", b)
	case r.handshake:
		r.errorf("sent during the handshake: %s", b)
	case r.st.tls == TLSRequire && !r.secure && !isHeader && string(b) != "<starttls xmlns='"+xmlstream.NSTLS+"'/>":
		r.errorf("sent in clear although TLS is demanded: %s", b)
	case len(b) == 0:
		r.errorf("sent nothing")
	}
	r.checked = false
	if isHeader {
		r.level = nil
	}
	r.level = append(r.level, b...)
}

func (r *rig) StartTLS(*Stream) {
	r.say("starttls")
	r.handshake = true
}

func (r *rig) StreamAdded(_ *Stream, h *Header)     { r.added("added", h) }
func (r *rig) StreamRestarted(_ *Stream, h *Header) { r.added("restarted", h) }

func (r *rig) added(what string, h *Header) {
	if r.ended {
		r.errorf("%s behind the end", what)
	}
	r.say("%s id=%q from=%q lang=%q version=%q", what, h.ID, h.From, h.Lang, h.Version)
}

func (r *rig) Response(_ *Stream, el *xmlstream.Element) {
	if r.ended {
		r.errorf("response behind the end: %s", el.Raw)
	}
	r.say("client %s", render(el))
}

func (r *rig) End(_ *Stream, why Reason, el *xmlstream.Element) {
	if r.ended {
		r.errorf("a second end: %v", why)
	}
	r.ended = true
	if el == nil {
		r.say("end %v", why)
		return
	}
	r.say("end %v %s", why, render(el))
}

func (r *rig) Redirect(_ *Stream, t Target) bool {
	if r.moving {
		r.errorf("sent elsewhere twice")
	}
	if r.hops == 0 {
		r.say("stay, not %v", t)
		return false
	}
	r.hops--
	r.moving = true
	r.say("go to %v", t)
	return true
}

func (r *rig) CloseSocket(*Stream) {
	if r.closed || r.aborted {
		r.errorf("closed twice")
	}
	r.closed = !r.moving
	if r.moving {
		r.moving, r.secure, r.handshake, r.tail = false, false, false, nil
	}
	r.say("close")
}

func (r *rig) AbortSocket(*Stream) {
	if r.aborted {
		r.errorf("aborted twice")
	}
	r.aborted = true
	r.say("abort")
}

func (r *rig) Deadline(st *Stream) { r.say("deadline in %d", st.Deadline()-r.now) }

// render writes an element as a BOSH session would.
func render(el *xmlstream.Element) string {
	if string(el.Space()) == xmlstream.NSStreams {
		return escape(el.AppendStreamTo(nil, xmlstream.NSBind, false))
	}
	return escape(el.AppendTo(nil, xmlstream.NSBind))
}

// The inputs. All bytes are spoilt once the stream has had them.

func (r *rig) open(p Params) {
	r.tail, r.level, r.handshake, r.secure, r.ended, r.closed, r.aborted = nil, nil, false, false, false, false, false
	r.st.Open(r.now, &r.env, p)
	r.check()
}

func (r *rig) connect() {
	r.st.HandleConnect(r.now)
	r.check()
}

// isSecure reports whether the driver may say that TLS is up: after StartTLS, or for a connection that had no other beginning.
func (r *rig) maySecure() bool { return r.handshake || r.st.stage == stageConnect }

func (r *rig) handleSecure() {
	r.handshake, r.secure = false, true
	r.st.HandleSecure(r.now)
	r.check()
}

func (r *rig) server(b []byte) {
	step := len(b)
	if r.byte {
		step = 1
	}
	for len(b) > 0 {
		r.tail = append(bytes.Clone(r.tail), b[:step]...)
		b = b[step:]
		given := r.tail[:len(r.tail):len(r.tail)]
		n := r.st.HandleData(r.now, given)
		if n < 0 || n > len(given) {
			r.errorf("HandleData consumed %d of %d bytes", n, len(given))
			return
		}
		rest := bytes.Clone(given[n:])
		spoil(given)
		r.tail = rest
		r.check()
	}
}

// client gives the stream what a client sends: the payload of a <body/>, or one element. It reports whether that is well-formed.
func (r *rig) client(b []byte) bool {
	var scan xmlstream.Scanner
	var el xmlstream.Element
	mode := xmlstream.ModeMessage
	if bytes.HasPrefix(b, []byte("<body")) && bytes.Contains(b, []byte(xmlstream.NSBind)) {
		mode = xmlstream.ModeBody
	}
	scan.Reset(r.env.Scan, mode, xmlstream.DefaultLimits)
	defer scan.Reset(r.env.Scan, mode, xmlstream.DefaultLimits)
	b = bytes.Clone(b)
	for rest := b; ; {
		n, ev := scan.Next(rest, &el)
		rest = rest[n:]
		switch ev {
		case xmlstream.Child:
			r.st.HandleStanza(r.now, &el)
			r.check()
			if mode == xmlstream.ModeMessage {
				spoil(b)
				return true
			}
		case xmlstream.Header:
		case xmlstream.End:
			spoil(b)
			return true
		case xmlstream.Bad, xmlstream.NeedMore:
			return false
		}
	}
}

func (r *rig) restart(x Restart) {
	r.st.HandleRestart(r.now, x)
	r.check()
}

func (r *rig) terminate(clean bool) {
	r.st.HandleTerminate(r.now, clean)
	r.ended = true
	r.check()
}

func (r *rig) bounce(b []byte) {
	b = bytes.Clone(b)
	r.st.Bounce(r.now, b)
	spoil(b)
	r.check()
}

func (r *rig) refuse(why Reason) {
	r.st.HandleRefusal(r.now, why)
	r.check()
}

func (r *rig) eof() {
	r.st.HandleEOF(r.now)
	r.check()
}

func (r *rig) handleClosed(why Reason) {
	r.st.HandleClosed(r.now, why)
	r.closed = true
	r.check()
}

func (r *rig) after(ms timer.Time) {
	r.now += ms
	r.st.HandleTimeout(r.now)
	r.check()
}

func spoil(b []byte) {
	for i := range b {
		b[i] = '!'
	}
}

// check holds what must be so after each input.
func (r *rig) check() {
	r.t.Helper()
	if !r.checked && !isStreamPrefix(r.level) {
		r.errorf("what was sent is no beginning of a stream made of whole elements: %s", r.level)
	}
	r.checked = true
	st := &r.st
	if st.stage == stageEnded && (st.pending != nil || st.hello != nil || st.deadline != 0) {
		r.errorf("something is kept: %q %q %d", st.pending, st.hello, st.deadline)
	}
	if len(st.pending) > r.env.PendingBytesMax {
		r.errorf("%d bytes wait", len(st.pending))
	}
	if st.stage == stageOpen && st.restartAt < 0 && st.pending != nil {
		r.errorf("something waits for nothing: %q", st.pending)
	}
	if (st.stage.isOver() || r.closed || r.aborted) && !r.ended {
		r.errorf("over without an end")
	}
	if st.stage == stageClosing || st.stage == stageClosed {
		if st.deadline == 0 {
			r.errorf("no deadline")
		}
	}
}

// isStreamPrefix reports whether b is a header, whole elements, and perhaps the end tag; or nothing.
func isStreamPrefix(b []byte) bool {
	if len(b) == 0 {
		return true
	}
	var scan xmlstream.Scanner
	var el xmlstream.Element
	scan.Reset(xmlstream.NewPool(), xmlstream.ModeStream, xmlstream.DefaultLimits)
	header, ended := false, false
	for {
		n, ev := scan.Next(b, &el)
		b = b[n:]
		switch ev {
		case xmlstream.Header:
			header = el.Is(xmlstream.NSStreams, "stream")
		case xmlstream.Child:
		case xmlstream.End:
			ended = true
		case xmlstream.NeedMore:
			return header && len(b) == 0
		case xmlstream.Bad:
			return false
		}
		if ended {
			return header && len(b) == 0
		}
	}
}

// escape writes bytes on one line.
func escape(b []byte) string {
	return strings.NewReplacer("\\", `\\`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(string(b))
}

// The states that tests begin in.

const (
	serverHeader   = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='s1' from='example.org' version='1.0' xml:lang='en'>"
	serverFeatures = "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>"
	saslSuccess    = "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"
	saslAuth       = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGEAYg==</auth>"
)

// newOpenRig has a stream in clear that is open.
func newOpenRig(t testing.TB) *rig {
	t.Helper()
	r := newRig(t)
	r.open(Params{Domain: "example.org", TLS: TLSOffer})
	r.connect()
	r.server([]byte(serverHeader + serverFeatures))
	if r.st.stage != stageOpen {
		t.Fatalf("the stream is in stage %v", r.st.stage)
	}
	r.take()
	return r
}
