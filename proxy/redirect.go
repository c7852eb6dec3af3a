package proxy

import "go-xmpp-bosh/xmppconn"

// hopsMax is how often a stream follows a see-other-host; then its client is told of it.
const hopsMax = 3

// Redirect follows a server that sends its client elsewhere, before the client knows of the stream (RFC 6120 §4.9.3.19). The rules for addresses that
// were looked up hold for the new one, whoever named the old one; it is looked for once the connection to the old one is closed.
func (o *streamOutput) Redirect(st *xmppconn.Stream, t xmppconn.Target) bool {
	s, be := o.of(st)
	if be.hops == hopsMax || be.owner() == nil {
		return false
	}
	be.hops++
	s.log.Debug("an XMPP server sends its client to another host", be.about("domain", st.Domain(), "target", t.String())...)
	be.tell(Step{Kind: StepElsewhere, Target: t})
	be.search([]xmppconn.Target{t}, xmppconn.ReasonConnectionFailed)
	be.dialing.closing = true
	return true
}
