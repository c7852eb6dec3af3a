package xmppconn

import (
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmlstream"
)

// HandleData takes what the server sent, what was not consumed before included, and says how much it consumed.
func (st *Stream) HandleData(now timer.Time, b []byte) int {
	n := 0
	for {
		switch st.stage {
		case stageEnded, stageConnect, stageClosed:
			return len(b)
		case stageTLS:
			if n < len(b) { // decisions.md 41: what comes with <proceed/> is not from inside TLS
				st.fail(now, ReasonTLSFailed)
			}
			return len(b)
		case stageHeader, stageFeatures, stageStartTLS, stageOpen, stageClosing:
		}
		if st.stage == stageHeader && !st.scanning {
			n += spaces(b[n:])
			if n == len(b) {
				return n
			}
			st.scanning = true
		}
		el := &st.env.el
		m, ev := st.scan.Next(b[n:], el)
		n += m
		switch ev {
		case xmlstream.Child:
			st.handleElement(now, el, n < len(b))
		case xmlstream.Header:
			st.handleHeader(now, el)
		case xmlstream.End:
			st.handleEnd(now)
		case xmlstream.Bad:
			st.handleBad(now)
		case xmlstream.NeedMore:
			if st.headed && isHeaderAgain(b[n:]) {
				st.end(now, ReasonNotXMPP, "invalid-xml")
				return len(b)
			}
			return n
		}
	}
}

// spaces counts the white space at the start of b. COMPAT: a server may send a keepalive while a restart is under way,
// which then stands before its header.
func spaces(b []byte) int {
	for i, c := range b {
		if c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			return i
		}
	}
	return len(b)
}

// isHeaderAgain recognises a second stream header, which the scanner takes for the start of an element that never ends.
func isHeaderAgain(b []byte) bool {
	const start = "<stream:stream"
	if len(b) <= len(start) || string(b[:len(start)]) != start {
		return false
	}
	c := b[len(start)]
	return c == '>' || c == '/' || spaces(b[len(start):]) > 0
}

// handleBad ends a stream on which the server sent what we do not take.
func (st *Stream) handleBad(now timer.Time) {
	switch st.scan.Err() {
	case xmlstream.ErrTooBig, xmlstream.ErrLimit:
		st.end(now, ReasonTooBig, "policy-violation") // decisions.md 27
	case xmlstream.ErrRestricted:
		st.end(now, ReasonBadXML, "restricted-xml") // RFC 6120 §11.1
	case xmlstream.ErrNotWellFormed, xmlstream.ErrEncoding, xmlstream.ErrNamespace, xmlstream.ErrNone:
		st.end(now, ReasonBadXML, "not-well-formed")
	}
}

// handleEnd takes the server's end tag. Of a stream that was never open it is a failure.
func (st *Stream) handleEnd(now timer.Time) {
	why := ReasonClosed
	switch {
	case st.stage == stageStartTLS:
		why = ReasonTLSFailed
	case !st.opened:
		why = ReasonConnectionLost
	}
	st.answerEnd(now, why, nil)
}

// handleElement takes one complete element from the server. more: bytes came behind it.
func (st *Stream) handleElement(now timer.Time, el *xmlstream.Element, more bool) {
	if st.stage == stageOpen && string(el.Space()) == xmlstream.NSClient {
		st.env.Out.Response(st, el)
		return
	}
	switch st.stage {
	case stageClosing: // nobody is there to take it
	case stageStartTLS:
		st.handleTLSAnswer(now, el, more)
	case stageFeatures:
		switch {
		case el.Is(xmlstream.NSStreams, "features"):
			st.handleFeatures(now, el)
		case el.Is(xmlstream.NSStreams, "error"):
			if t, ok := SeeOtherHost(el); !ok || !st.follow(now, t) {
				st.answerEnd(now, ReasonStreamError, el)
			}
		default: // RFC 6120 §4.3.2: features come first
			st.end(now, ReasonNotXMPP, "unsupported-stanza-type")
		}
	case stageOpen:
		st.handleOther(now, el)
	case stageEnded, stageConnect, stageHeader, stageTLS, stageClosed:
	}
}

// handleOther takes an element that is no stanza.
func (st *Stream) handleOther(now timer.Time, el *xmlstream.Element) {
	env := st.env
	switch string(el.Space()) {
	case xmlstream.NSStreams:
		switch string(el.Local()) {
		case "error":
			st.answerEnd(now, ReasonStreamError, el)
		case "features": // SASL2 announces them anew without a restart (XEP-0388)
			env.Out.Response(st, st.presentable(el, env.offersOf(el)))
		default:
			st.end(now, ReasonNotXMPP, "unsupported-stanza-type")
		}
	case xmlstream.NSSASL, xmlstream.NSSASL2:
		st.watchSASL2(el)
		env.Out.Response(st, el)
		st.handleSASL(now, el)
	case xmlstream.NSSM:
		st.watchSM(el)
		env.Out.Response(st, el)
	default:
		env.Out.Response(st, el)
	}
}
