package million

import (
	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/wsconn"
	"go-xmpp-bosh/xmlstream"
	"go-xmpp-bosh/xmppconn"
)

// streamSide is the World as its streams see it.
type streamSide World

// Send is a write to the server.
func (o *streamSide) Send(*xmppconn.Stream, []byte) { o.sent++ }

// StartTLS isn't asked for.
func (o *streamSide) StartTLS(*xmppconn.Stream) { o.ended++ }

// StreamAdded passes the server's header on.
func (o *streamSide) StreamAdded(st *xmppconn.Stream, h *xmppconn.Header) {
	if o.kind == BOSH {
		o.bosh.at(st.Tag).HandleStreamAdded(o.now, 0, bosh.StreamHeader{ID: h.ID, From: h.From, Lang: h.Lang})
		return
	}
	o.ws.at(st.Tag).HandleStreamAdded(o.now, wsconn.StreamHeader(*h))
}

// StreamRestarted passes that of a restarted stream on.
func (o *streamSide) StreamRestarted(st *xmppconn.Stream, h *xmppconn.Header) {
	if o.kind == BOSH {
		o.bosh.at(st.Tag).HandleStreamRestarted(o.now, 0, bosh.StreamHeader{ID: h.ID, From: h.From, Lang: h.Lang})
		return
	}
	o.ws.at(st.Tag).HandleStreamRestarted(o.now, wsconn.StreamHeader(*h))
}

// Response is an element for the client.
func (o *streamSide) Response(st *xmppconn.Stream, el *xmlstream.Element) {
	if o.kind == BOSH {
		o.bosh.at(st.Tag).HandleStanza(o.now, 0, el)
		return
	}
	o.ws.at(st.Tag).HandleStanza(o.now, el)
}

// End counts what should not come.
func (o *streamSide) End(*xmppconn.Stream, xmppconn.Reason, *xmlstream.Element) { o.ended++ }

// Redirect isn't followed.
func (o *streamSide) Redirect(*xmppconn.Stream, xmppconn.Target) bool { return false }

// CloseSocket is the end of a stream that should not have one.
func (o *streamSide) CloseSocket(*xmppconn.Stream) { o.ended++ }

// AbortSocket is the same.
func (o *streamSide) AbortSocket(*xmppconn.Stream) { o.ended++ }

// Deadline follows a stream's deadline.
func (o *streamSide) Deadline(st *xmppconn.Stream) {
	w := (*World)(o)
	w.arm(&w.link(st.Tag).streamTimer, st.Deadline())
}
