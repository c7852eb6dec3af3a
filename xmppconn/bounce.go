package xmppconn

import (
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmlstream"
)

// Bounce answers a stanza that this stream gave out and that can not be delivered, as one complete element with its
// namespace (XEP-0206 §7): a message with recipient-unavailable, so that the server may keep it (RFC 6121 §11.1), an iq that
// wants an answer with service-unavailable. Errors, results and presence have no answer. It comes before HandleTerminate,
// and is the one input that may come while an output of the same Env is under way: a session that is given a stanza may find
// that it cannot keep it.
//
// With stream management nothing bounces: the server knows what was not acknowledged, and a stanza that its client did not
// send would falsify its count (decisions.md 30).
func (st *Stream) Bounce(_ timer.Time, stanza []byte) {
	if st.stage != stageOpen || st.restartAt >= 0 || st.managed || st.manages {
		return
	}
	env := st.env
	el, ok := env.scanOne(stanza)
	if !ok {
		return
	}
	if out, ok := env.appendBounce(env.scratch[:0], &el); ok {
		env.scratch = out
		env.Out.Send(st, out)
	}
}

// appendBounce writes the error that answers a stanza (RFC 6120 §8.3).
func (env *Env) appendBounce(dst []byte, el *xmlstream.Element) (out []byte, ok bool) {
	kind, _ := el.Attr("", "type")
	var name, failure string
	switch {
	case el.Is(xmlstream.NSClient, "message") && string(kind) != "error":
		name, failure = "message", "wait'><recipient-unavailable"
	case el.Is(xmlstream.NSClient, "iq") && (string(kind) == "get" || string(kind) == "set"):
		name, failure = "iq", "cancel'><service-unavailable"
	default:
		return dst, false
	}
	dst = append(dst, '<')
	dst = append(dst, name...)
	dst = append(dst, " type='error'"...)
	dst = env.appendCopy(dst, el, "to", "from")
	dst = env.appendCopy(dst, el, "from", "to")
	dst = env.appendCopy(dst, el, "id", "id")
	dst = append(dst, "><error type='"...)
	dst = append(dst, failure...)
	dst = append(dst, " xmlns='"+xmlstream.NSStanzaErrors+"'/></error></"...)
	dst = append(dst, name...)
	return append(dst, '>'), true
}

// appendCopy writes an attribute with the value that another has, if it has one. The quotes may differ, hence the detour.
func (env *Env) appendCopy(dst []byte, el *xmlstream.Element, name, of string) []byte {
	raw, ok := el.Attr("", of)
	if !ok {
		return dst
	}
	env.text = xmlstream.AppendUnescaped(env.text[:0], raw)
	dst = append(dst, ' ')
	dst = append(dst, name...)
	dst = append(dst, "='"...)
	dst = xmlstream.AppendEscaped(dst, env.text)
	return append(dst, '\'')
}
