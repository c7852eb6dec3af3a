// Package wsconn is the XMPP session of a WebSocket as a pure state machine: bytes, elements and ticks of a clock in, frames and calls on a
// Connector out. It speaks RFC 7395 and the framing before it (draft-moffitt-xmpp-over-websocket-00 to -02).
//
// # What it does
//
// A Session takes the bytes of one client's socket from behind the upgrade. The first message decides the framing: an <open/>, or a raw
// <stream:stream>. It checks each message as one complete element, keeps the stream's own tags to itself, gives the elements to its
// Connector, and sends what comes back as messages, each a document of its own. It answers and sends pings, says goodbye in XMPP and in
// WebSocket, and pauses the server of a client that does not read.
//
// # What it doesn't
//
// It knows no HTTP, socket or clock: package wsframe makes messages of bytes and frames of messages, the driver gives the rest. It doesn't
// know which domains exist, keeps nothing for a stream that is not ready (the Connector does), and doesn't look into elements beyond their
// names.
//
// # Who drives it
//
// The driver answers the upgrade, calls Create, and then HandleData, HandleEOF and HandleGone for the socket, HandlePressure as its output
// fills and drains, HandleStreamAdded, HandleStreamRestarted, HandleStanza and HandleStreamEnd for the stream, HandleTimeout when Deadline
// has come, HandleShutdown when it wants the session to end. HandleGone ends every session, and nothing else does: End is called from it.
//
// # Ordering
//
// Elements leave in the order they came, in both directions. The client's first message from us is our header, sent when the server's has
// come; the features follow as a message of their own. A stanza that HandleStanza took was given to Send, or to NoClient. Behind our
// WebSocket close nothing is sent.
//
// Outputs only queue: they never fail, and must not call back in. A session that is free ignores every input.
//
// # Who owns which bytes
//
// What an input is given is borrowed, but that HandleData unmasks in place. What an output is given is borrowed too: elements alias the
// message at hand, frames are the Env's scratch or, behind the start tag, the server's own bytes. An idle session owns nothing: what a
// header said is kept until it is answered, one ping's payload while the client doesn't read, and the wsframe.Reader owns the parts of a
// message that isn't complete. The older framing keeps a scanner, which owns nothing between messages.
//
// # Errors
//
// Toward the client: a stream error, chosen where the rule is, in a message of its own, then the close of the stream, then WebSocket's.
// Breaches of RFC 6455 are told with a close code alone.
//
// # Files
//
// receive: bytes, messages, the first of them. framed, older: a message in either framing. stream: what the server says. send, render: what
// leaves. end: every way to end. liveness: pings, pressure.
//
// # Specifications
//
// RFC 7395, RFC 6120 §4, draft-moffitt-xmpp-over-websocket; where they leave room, the project's decisions.md (16–27, 30, 31, 36, 37) and
// clients.md for what their readers depend on.
package wsconn
