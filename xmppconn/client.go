package xmppconn

import (
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmlstream"
)

// HandleStanza is an element from the client: it goes to the server, now or when the stream is ready.
//
// An element in the streams or framing namespace never does; it ends the stream (ReasonForbidden, decisions.md 37).
// <starttls/> and <compress/> are answered here, towards the client (decisions.md 23).
func (st *Stream) HandleStanza(now timer.Time, el *xmlstream.Element) {
	if st.stage.isOver() {
		return
	}
	if st.hello != nil && st.stage == stageOpen {
		st.forgetFeatures()
	}
	switch string(el.Space()) {
	case xmlstream.NSClient: // the rest is rare
	case xmlstream.NSStreams, xmlstream.NSFraming:
		st.end(now, ReasonForbidden, "")
		return
	case xmlstream.NSTLS:
		if string(el.Local()) == "starttls" {
			st.refuse("<failure xmlns='" + xmlstream.NSTLS + "'/>")
			return
		}
	case xmlstream.NSCompress:
		if string(el.Local()) == "compress" {
			st.refuse("<failure xmlns='" + xmlstream.NSCompress + "'><setup-failed/></failure>")
			return
		}
	case xmlstream.NSSM:
		// XEP-0198 §4: counting begins with the wish, not with its answer.
		st.manages = st.manages || string(el.Local()) == "enable" || string(el.Local()) == "resume"
	case xmlstream.NSSASL, xmlstream.NSSASL2:
		if isSASLStart(el) {
			if st.restartAt < 0 {
				st.sasl = true
			} else {
				st.saslNext = true
			}
		}
	}
	if st.stage != stageOpen || st.restartAt >= 0 {
		st.wait(now, el)
		return
	}
	out := el.AppendTo(st.env.scratch[:0], xmlstream.NSClient)
	st.env.scratch = out
	st.env.Out.Send(st, out)
}

// refuse answers an element of the client's in the server's place.
func (st *Stream) refuse(answer string) {
	env := st.env
	env.text = append(env.text[:0], answer...)
	if el, ok := env.scanOne(env.text); ok {
		env.Out.Response(st, &el)
	}
}
