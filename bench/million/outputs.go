package million

import (
	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/wsconn"
	"go-xmpp-bosh/xmlstream"
	"go-xmpp-bosh/xmppconn"
)

// boshSide is the World as its BOSH sessions see it.
type boshSide World

// Respond is an answer to the client.
func (o *boshSide) Respond(_ bosh.Handle, r *bosh.Response) {
	o.answers++
	o.answer = append(o.answer[:0], r.Body...)
}

// Deadline follows a session's deadline.
func (o *boshSide) Deadline(s *bosh.Session) {
	(*World)(o).arm(&o.bosh.at(s.Slot()).timer, s.Deadline())
}

// End counts what should not come.
func (o *boshSide) End(*bosh.Session) { o.ended++ }

// StreamAdd opens a stream whose connection stands at once.
func (o *boshSide) StreamAdd(s *bosh.Session, _ bosh.StreamID, _ *bosh.Body) {
	(*World)(o).addStream(s.Slot())
}

// StreamRestart opens it anew.
func (o *boshSide) StreamRestart(s *bosh.Session, _ bosh.StreamID, b *bosh.Body) {
	o.bosh.at(s.Slot()).stream.HandleRestart(o.now, xmppconn.Restart{To: b.To()})
}

// Nodes is an element for the server.
func (o *boshSide) Nodes(s *bosh.Session, _ bosh.StreamID, el *xmlstream.Element) {
	o.bosh.at(s.Slot()).stream.HandleStanza(o.now, el)
}

// StreamTerminate and the rest don't come from sessions that only talk.
func (o *boshSide) StreamTerminate(*bosh.Session, bosh.StreamID, bool) { o.ended++ }

// NoClient would be a lost message.
func (o *boshSide) NoClient(*bosh.Session, bosh.StreamID, []byte) { o.ended++ }

// ResponseAcknowledged is for embedders.
func (o *boshSide) ResponseAcknowledged(*bosh.Session, uint64) {}

// Error is a session that ended.
func (o *boshSide) Error(*bosh.Session, bosh.Condition) { o.ended++ }

// PauseStream has nothing to pause.
func (o *boshSide) PauseStream(*bosh.Session, bosh.StreamID) {}

// ResumeStream has nothing to resume.
func (o *boshSide) ResumeStream(*bosh.Session, bosh.StreamID) {}

// socketSide is the World as its WebSocket sessions see it.
type socketSide World

// Send is a frame, or the beginning of one, to the client.
func (o *socketSide) Send(*wsconn.Session, []byte) { o.frames++ }

// CloseSocket is the end of a session that should not have one.
func (o *socketSide) CloseSocket(*wsconn.Session) { o.ended++ }

// AbortSocket is the same.
func (o *socketSide) AbortSocket(*wsconn.Session) { o.ended++ }

// Deadline follows a session's deadline.
func (o *socketSide) Deadline(s *wsconn.Session) {
	(*World)(o).arm(&o.ws.at(s.Slot).timer, s.Deadline())
}

// End counts what should not come.
func (o *socketSide) End(*wsconn.Session) { o.ended++ }

// StreamAdd opens a stream whose connection stands at once.
func (o *socketSide) StreamAdd(s *wsconn.Session, _ *wsconn.Open) { (*World)(o).addStream(s.Slot) }

// StreamRestart opens it anew.
func (o *socketSide) StreamRestart(s *wsconn.Session, open *wsconn.Open) {
	o.ws.at(s.Slot).stream.HandleRestart(o.now, xmppconn.Restart{To: open.To})
}

// Nodes is an element for the server.
func (o *socketSide) Nodes(s *wsconn.Session, el *xmlstream.Element) {
	o.ws.at(s.Slot).stream.HandleStanza(o.now, el)
}

// StreamTerminate and the rest don't come from sessions that only talk.
func (o *socketSide) StreamTerminate(*wsconn.Session, bool) { o.ended++ }

// NoClient would be a lost message.
func (o *socketSide) NoClient(*wsconn.Session, []byte) { o.ended++ }

// Error is a session that ended.
func (o *socketSide) Error(*wsconn.Session, wsconn.Condition) { o.ended++ }

// PauseStream has nothing to pause.
func (o *socketSide) PauseStream(*wsconn.Session) {}

// ResumeStream has nothing to resume.
func (o *socketSide) ResumeStream(*wsconn.Session) {}

// addStream begins the stream of the session in a slot.
func (w *World) addStream(slot uint32) {
	l := w.link(slot)
	l.stream.Open(w.now, &w.streamEnv, xmppconn.Params{Domain: domain, Tag: slot})
}
