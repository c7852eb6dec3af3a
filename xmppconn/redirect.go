package xmppconn

import (
	"strings"

	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmlstream"
)

// SeeOtherHost reads where a stream error sends its client (RFC 6120 §4.9.3.19): HOST or HOST:PORT, an IPv6 address in
// brackets. The target is for the same domain, whose certificate counts, and may be anywhere: the rules for addresses that
// were looked up hold for it. ok is false for any other stream error.
func SeeOtherHost(el *xmlstream.Element) (t Target, ok bool) {
	if el == nil || !el.Is(xmlstream.NSStreams, "error") {
		return Target{}, false
	}
	el.Children(nil, func(c *xmlstream.Element) bool {
		if !c.Is(xmlstream.NSStreamErrors, "see-other-host") {
			return true
		}
		text := strings.TrimSpace(string(c.AppendText(nil)))
		t = Target{Kind: KindDomain, Port: defaultPort}
		if t.Host, ok = ParseDomain(text); !ok {
			t.Host, t.Port, ok = parseHostPort(text)
		}
		return false
	})
	if !ok {
		return Target{}, false
	}
	return t, true
}

// follow goes on at the host that the server sends its client to, if the client does not know of the stream yet and the driver agrees. The same stream is
// opened there: what waits for it waits on, and TLS is demanded if it was, or if there was any (RFC 6120 §4.9.3.19: the same policies).
func (st *Stream) follow(now timer.Time, t Target) bool {
	env := st.env
	if st.opened || !env.Out.Redirect(st, t) {
		return false
	}
	if st.maySpeak() {
		st.send(endTag)
	}
	env.Buffers.Put(st.hello)
	st.hello = nil
	st.scan.Reset(env.Scan, xmlstream.ModeStream, xmlstream.Limits{})
	if st.secure {
		st.tls = TLSRequire
	}
	st.secure, st.headed, st.scanning = false, false, false
	st.become(stageConnect)
	env.Out.CloseSocket(st)
	st.setDeadline(now, env.ConnectMax)
	return true
}
