// Package xmppconn is the client's side of an XMPP stream to a server, as a pure state machine, and the pure rules of where
// that server is and whether it may be reached.
//
// # What it does
//
// A Stream speaks the initiating entity's part of RFC 6120 for a client that cannot do so itself: it sends the stream header,
// goes along when the server names another host,
// negotiates STARTTLS by policy, waits for the features and hides from them what the client must not use, restarts the
// stream when the client asks, cuts what the server sends into top-level elements, and closes the stream.
//
// It watches two things that pass through it, since they change what it may do: SASL (a restart waits for its success) and
// XEP-0198 (a stream that can be resumed is not closed behind its client's back, one with stream management gets no stanza
// that its client did not send).
//
// Targets, Table, ParseDomain, Classify and their kin say which hosts serve a domain, in which order, which addresses may be
// connected to, and where TLS is demanded. They resolve and connect nothing.
//
// # What it does not
//
// It knows no socket, clock, resolver or certificate. It does not look into stanzas, keeps none once they are sent, and takes
// no part in SASL, XEP-0198 or any other negotiation: all of that is the client's.
//
// # Bytes
//
// What an input is given is borrowed: it is used during the call only. What an Output is given is borrowed too, and dead
// when the call returns: elements alias the bytes given to HandleData (or the Env's scratch), headers and what is sent are
// the Env's scratch. A stream owns, in a buffer of the Env's pool, what its client sent before the stream was ready. At rest
// it owns nothing but its parameters.
//
// What reaches the server is the client's own bytes, element by element, each complete and well-formed, with the namespace
// declarations it relied on put into its start tag (decisions.md 37). The client never sees and never sends stream tags.
//
// # Ordering
//
// Elements leave in the order they came, in both directions. What the client sends before the stream, or the restarted
// stream, has its features waits in order, bounded by Env.PendingBytesMax, and goes out then (decisions.md 36).
//
// Outputs only queue. They never fail and never call back in (but for Bounce, which says so). A stream that has ended
// ignores every input; End is called at most once, and nothing is put out for the client after it.
//
// # Time
//
// Deadline says when HandleTimeout is wanted; Output.Deadline tells when that moment moved earlier. Connecting, each stage
// of opening a stream, and closing have a deadline; an open stream has none.
//
// # Errors
//
// A stream ends for a Reason. No reason or stream error holds anything that a client or server sent.
//
// # Specifications
//
// RFC 6120 §4 (streams), §5 (STARTTLS), §8.3 (stanza errors), §11 (XML); XEP-0206 §5 and §7; XEP-0198 §5 and §9; XEP-0478;
// XEP-0368; RFC 6761; decisions.md 23, 29–31, 36–44.
package xmppconn
