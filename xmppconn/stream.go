package xmppconn

import (
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmlstream"
)

// Stream is one XMPP stream to a server. The zero value is a stream that has ended.
//
// Only become writes the stage, and only it and setDeadline the deadline.
type Stream struct {
	// Tag is the driver's own: what it knows the stream by.
	Tag uint32

	stage     stage
	tls       Policy
	secure    bool // the connection is inside TLS
	opened    bool // the client was told of the stream
	told      bool // the client was told of its end, or ended it: no End any more
	headed    bool // the server's header of this level is in
	scanning  bool // the scanner has seen bytes of the header that is awaited
	sasl      bool // the client has sent <auth/> or <authenticate/>, and the server has not decided
	saslNext  bool // the same, for what waits behind the restart
	manages   bool // the client has asked for XEP-0198, and the server has not answered
	managed   bool // XEP-0198 is enabled on the stream
	resumable bool // and the server would let it be resumed
	maxBytes  uint32
	restartAt int32 // where in pending a restart stands; −1: none waits
	env       *Env
	deadline  timer.Time
	head      *head  // shared, as next is: it does not change
	next      *head  // of the restart that waits
	hello     []byte // owned: what the server's header said, until its features are in; then those that offer SASL, until the client speaks
	pending   []byte // owned: what the client sent before the stream was ready
	scan      xmlstream.Scanner
}

// Open begins a stream whose connection is still to be made.
func (st *Stream) Open(now timer.Time, env *Env, p Params) {
	*st = Stream{Tag: p.Tag, env: env, tls: p.TLS, maxBytes: p.MaxBytes, restartAt: -1}
	st.head = env.keepHead(newHead(&p))
	st.become(stageConnect)
	st.setDeadline(now, env.ConnectMax)
}

// SetTLS sets the policy for the connection that is about to be made. It is ignored once there is one, and can only make stricter what Open had, or a
// server that has sent its client here.
func (st *Stream) SetTLS(p Policy) {
	if st.stage == stageConnect {
		st.tls = max(st.tls, p)
	}
}

// Domain is the `to` of the stream, as the client wrote it.
func (st *Stream) Domain() string {
	if st.head == nil {
		return ""
	}
	return st.head.domain
}

// IsOpened reports whether the client has been told of the stream (StreamAdded).
func (st *Stream) IsOpened() bool { return st.opened }

// IsSecure reports whether the connection is inside TLS.
func (st *Stream) IsSecure() bool { return st.secure }

// IsResumable reports whether the server would let the stream be resumed (XEP-0198 §5).
func (st *Stream) IsResumable() bool { return st.resumable }

// IsManaged reports whether stanzas are counted on the stream, or about to be (XEP-0198 §4).
func (st *Stream) IsManaged() bool { return st.managed || st.manages }

// Deadline is when HandleTimeout is wanted; 0: never.
func (st *Stream) Deadline() timer.Time { return st.deadline }

// HandleTimeout: the deadline may have passed; a call too early does nothing.
func (st *Stream) HandleTimeout(now timer.Time) {
	if st.deadline == 0 || now < st.deadline {
		return
	}
	st.abort(ReasonTimeout)
}

// HandleConnect: the connection is up, in clear.
func (st *Stream) HandleConnect(now timer.Time) {
	if st.stage == stageConnect {
		st.sendHeader(now)
	}
}

// HandleSecure: the handshake succeeded, after StartTLS or, with direct TLS, instead of HandleConnect (XEP-0368).
func (st *Stream) HandleSecure(now timer.Time) {
	if st.stage == stageConnect || st.stage == stageTLS {
		st.secure = true
		st.sendHeader(now)
	}
}

// HandleEOF: the server writes no more. What it left incomplete is nothing.
func (st *Stream) HandleEOF(now timer.Time) {
	switch st.stage {
	case stageEnded, stageClosed:
	case stageStartTLS, stageTLS:
		st.fail(now, ReasonTLSFailed)
	case stageConnect, stageHeader, stageFeatures, stageOpen, stageClosing:
		st.fail(now, ReasonConnectionLost)
	}
}

// HandleClosed: the connection is gone, or could not be made; why is the driver's to say. Where it knows nothing, the stream
// does: ReasonNone and ReasonClosed of a connection that nobody asked to close mean that it was lost.
func (st *Stream) HandleClosed(_ timer.Time, why Reason) {
	if st.stage == stageEnded {
		return
	}
	if why == ReasonNone || why == ReasonClosed {
		why = ReasonConnectionLost
	}
	st.tell(why, nil)
	st.become(stageEnded)
	st.release()
}

// become moves to a stage. A new stage has no deadline until it gets one; but header and features are one stage of time.
func (st *Stream) become(s stage) {
	st.stage = s
	if s != stageFeatures {
		st.deadline = 0
	}
}

// setDeadline bounds the stage; after 0: it is unbounded.
func (st *Stream) setDeadline(now, after timer.Time) {
	if after <= 0 {
		return
	}
	st.deadline = now + after
	st.env.Out.Deadline(st)
}

// tell ends the stream for the client's session, once.
func (st *Stream) tell(r Reason, el *xmlstream.Element) {
	if st.told {
		return
	}
	st.told = true
	st.env.Out.End(st, r, el)
}

// release gives back what the stream owns. Elements of its scanner are dead after it.
func (st *Stream) release() {
	env := st.env
	env.Buffers.Put(st.pending)
	env.Buffers.Put(st.hello)
	st.pending, st.hello, st.next = nil, nil, nil
	st.restartAt = -1
	st.scan.Reset(env.Scan, xmlstream.ModeStream, xmlstream.Limits{})
}
