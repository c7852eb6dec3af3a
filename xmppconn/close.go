package xmppconn

import (
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmlstream"
)

// endTag closes our side of the stream (RFC 6120 §4.4).
const endTag = "</stream:stream>"

// HandleTerminate: the client's session is over, by its own wish (clean) or not. There is no End: the session knows.
//
// The stream is closed with its end tag, and the connection when the server's has come. But a stream that can be resumed is
// left without one unless the client asked: then the server keeps it for the client's return (decisions.md 31).
func (st *Stream) HandleTerminate(now timer.Time, clean bool) {
	if st.stage.isOver() {
		return
	}
	st.told = true
	switch {
	case !st.isInStream():
		st.abort(ReasonNone)
	case !st.maySpeak() || st.resumable && !clean:
		st.closeSocket(now)
	default:
		st.dropPending()
		st.become(stageClosing)
		st.send(endTag)
		st.setDeadline(now, st.env.ClosingMax)
	}
}

// end ends the stream from our side: it says what is wrong, if that is the server's to know, and sends the end tag. A stream
// that can be resumed is left as it is, for its client's return (decisions.md 31).
func (st *Stream) end(now timer.Time, r Reason, condition string) {
	speak := st.isInStream() && st.maySpeak() && !st.resumable && st.stage != stageClosing
	st.tell(r, nil)
	if speak {
		out := st.env.scratch[:0]
		if condition != "" {
			out = append(out, "<stream:error><"...)
			out = append(out, condition...)
			out = append(out, " xmlns='"+xmlstream.NSStreamErrors+"'/></stream:error>"...)
		}
		out = append(out, endTag...)
		st.env.scratch = out
		st.env.Out.Send(st, out)
	}
	st.closeSocket(now)
}

// answerEnd ends a stream that the server has ended: our end tag is owed (RFC 6120 §4.4, §4.9.1.1).
func (st *Stream) answerEnd(now timer.Time, r Reason, el *xmlstream.Element) {
	speak := st.isInStream() && st.maySpeak() && st.stage != stageClosing
	st.tell(r, el)
	if speak {
		st.send(endTag)
	}
	st.closeSocket(now)
}

// fail ends the stream without another word to the server.
func (st *Stream) fail(now timer.Time, r Reason) {
	st.tell(r, nil)
	st.closeSocket(now)
}

// closeSocket closes the connection when all that was sent has left, which has to be soon. Where there is none yet, or
// nothing can be sent on it, it is dropped.
func (st *Stream) closeSocket(now timer.Time) {
	if st.stage == stageConnect || st.stage == stageTLS {
		st.abort(ReasonNone)
		return
	}
	st.become(stageClosed)
	st.release()
	st.env.Out.CloseSocket(st)
	st.setDeadline(now, st.env.ClosingMax)
}

// abort drops the connection.
func (st *Stream) abort(r Reason) {
	st.tell(r, nil)
	st.become(stageEnded)
	st.release()
	st.env.Out.AbortSocket(st)
}

// isInStream is true while an end tag would close something: our header is out and no TLS negotiation is under way.
func (st *Stream) isInStream() bool {
	switch st.stage {
	case stageHeader, stageFeatures, stageOpen, stageClosing:
		return true
	case stageEnded, stageConnect, stageStartTLS, stageTLS, stageClosed:
	}
	return false
}

// maySpeak is false in clear where TLS is demanded.
func (st *Stream) maySpeak() bool { return st.secure || st.tls != TLSRequire }

// send writes constant text.
func (st *Stream) send(s string) {
	st.env.scratch = append(st.env.scratch[:0], s...)
	st.env.Out.Send(st, st.env.scratch)
}
