package xmppconn

import (
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmlstream"
)

// nsBind2 is XEP-0386's.
const nsBind2 = "urn:xmpp:bind:0"

// isSASLStart reports whether an element of the client's begins an authentication.
func isSASLStart(el *xmlstream.Element) bool {
	return el.Is(xmlstream.NSSASL, "auth") || el.Is(xmlstream.NSSASL2, "authenticate")
}

// handleSASL follows the server's decision, after the client was given it. A restart that waits begins with success
// (decisions.md 36); after failure there is nothing to restart, and what waited behind it goes out.
func (st *Stream) handleSASL(now timer.Time, el *xmlstream.Element) {
	switch string(el.Local()) {
	case "success":
		st.sasl = false
		if st.restartAt >= 0 {
			st.restart(now)
		}
	case "failure":
		st.sasl = false
		if st.restartAt >= 0 {
			st.restartAt, st.next = -1, nil
			st.deadline = 0
			st.flush(now)
		}
	}
}

// watchSM notes what the server grants (XEP-0198 §3, §5).
func (st *Stream) watchSM(el *xmlstream.Element) {
	switch string(el.Local()) {
	case "enabled":
		st.managed, st.manages = true, false
		resume, _ := el.Attr("", "resume")
		st.resumable = isTrue(resume)
	case "resumed":
		st.managed, st.manages, st.resumable = true, false, true
	case "failed":
		st.manages = false
	}
}

// watchSASL2 looks for the same inside SASL2's <success/> (XEP-0198 §9): <resumed/> is its child, <enabled/> stands in
// Bind 2's <bound/>.
func (st *Stream) watchSASL2(el *xmlstream.Element) {
	if !el.Is(xmlstream.NSSASL2, "success") {
		return
	}
	el.Children(st.env.Scan, func(c *xmlstream.Element) bool {
		switch string(c.Space()) {
		case xmlstream.NSSM:
			st.watchSM(c)
		case nsBind2:
			c.Children(st.env.Scan, func(c *xmlstream.Element) bool {
				if string(c.Space()) == xmlstream.NSSM {
					st.watchSM(c)
				}
				return true
			})
		}
		return true
	})
}

// isTrue reads an XML Schema boolean.
func isTrue(raw []byte) bool { return string(raw) == "true" || string(raw) == "1" }
