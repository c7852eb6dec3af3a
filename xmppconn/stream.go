package xmppconn

import (
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmlstream"
)

// Stream is one XMPP stream to a server. The zero value is a stream that has ended.
type Stream struct {
	// Tag is the driver's own: what it knows the stream by.
	Tag uint32

	env *Env
}

// Open begins a stream whose connection is still to be made.
func (st *Stream) Open(now timer.Time, env *Env, p Params) {}

// SetTLS sets the policy for the connection that is about to be made. It is ignored once there is one.
func (st *Stream) SetTLS(p Policy) {}

// Domain is the domain that the stream was opened to, as the client wrote it.
func (st *Stream) Domain() string { return "" }

// IsOpened reports whether the client has been told of the stream (StreamAdded).
func (st *Stream) IsOpened() bool { return false }

// IsSecure reports whether the connection is inside TLS.
func (st *Stream) IsSecure() bool { return false }

// IsResumable reports whether the server would let the stream be resumed (XEP-0198 §5).
func (st *Stream) IsResumable() bool { return false }

// HandleConnect: the connection is up, in clear.
func (st *Stream) HandleConnect(now timer.Time) {}

// HandleSecure: the handshake succeeded, after StartTLS or, with direct TLS, instead of HandleConnect (XEP-0368).
func (st *Stream) HandleSecure(now timer.Time) {}

// HandleData takes what the server sent, all that was not consumed before included, and says how much it consumed.
func (st *Stream) HandleData(now timer.Time, b []byte) int { return len(b) }

// HandleEOF: the server writes no more.
func (st *Stream) HandleEOF(now timer.Time) {}

// HandleClosed: the connection is gone, or could not be made; why is the driver's to say.
func (st *Stream) HandleClosed(now timer.Time, why Reason) {}

// Deadline is when HandleTimeout is wanted; 0: never.
func (st *Stream) Deadline() timer.Time { return 0 }

// HandleTimeout: the deadline may have passed; a call too early does nothing.
func (st *Stream) HandleTimeout(now timer.Time) {}

// HandleStanza is an element from the client.
func (st *Stream) HandleStanza(now timer.Time, el *xmlstream.Element) {}

// HandleRestart is the client's wish for a new stream on the same connection (XEP-0206 §5, RFC 7395 §3.7).
func (st *Stream) HandleRestart(now timer.Time, r Restart) {}

// HandleTerminate: the client's session is over, by its own wish (clean) or not (decisions.md 31). There is no End.
func (st *Stream) HandleTerminate(now timer.Time, clean bool) {}

// Bounce answers a stanza that this stream gave out and that cannot be delivered (decisions.md 30).
func (st *Stream) Bounce(now timer.Time, stanza []byte) {}
