// Package bosh is the BOSH session (XEP-0124, XEP-0206) as a pure state machine: requests, stanzas and ticks of a clock in, answers and calls
// on a Connector out.
//
// # What it does
//
// A Session takes the requests of one client, in the order of their rids, whatever order they come in. It holds them until the server has something to say, or
// the client's patience ends; it answers in rid order, keeps its answers for repeats, and keeps for its client what came while nobody asked. It
// decides who has gone, who asks too often, and how a session ends. A Parser checks a request's document as a whole and reads its attributes.
//
// # What it doesn't
//
// It knows no HTTP, no socket, no clock, no XMPP: a request is a Handle, the time is a parameter, a stream is whatever the Connector carries. It makes
// no randomness: names come from the driver, or are hashes of what the driver gave. It doesn't look into payloads beyond their namespace.
//
// # Who drives it
//
// The driver finds the session by Body.Slot and MatchSID, and gives it requests (HandleRequest), the death of connections (HandleGone), the need for an answer (HandleRelease),
// what the server says (HandleStreamAdded, HandleStanza, then Flush; HandleStreamEnd) and the time (HandleTimeout, when Deadline has come). A request without sid is Create's. What belongs to no
// session is answered with TerminateBody.
//
// # Ordering
//
// Requests take effect in rid order, each exactly once. Answers are made in rid order, each request is answered exactly once, and a repeat of an answered rid gets
// the same bytes. What can't be answered for good (an earlier copy of a repeated request, one whose predecessor never came) gets an error that asks for a repeat
// (XEP-0124 §17.3). A stanza that HandleStanza took is delivered in an answer, once, in order, or given to NoClient; an answer is one stream's.
//
// Outputs only queue: they never fail, and must not call back in. State is updated before they are called. A session that is over ignores every input.
//
// # Who owns which bytes
//
// What an input is given is borrowed. What an output is given is borrowed too. A session owns, in buffers of the Env's pool: what is pending for the client, the
// answers that may be asked for again, and the documents of requests that came too early. An empty answer is kept as a fact, not as bytes, so an idle session owns
// nothing. Each of these is bounded: by the window, by the marks of Config (above which the server isn't read), and by the size of a body.
//
// # Errors
//
// Toward the client: a Condition, chosen where the rule is. A document that is no request leaves every session alone; Parse says which condition its sender gets.
//
// # Files
//
// create: the terms and the creation answer. window: rid order. take: what a request does. hold: what waits and when it is answered. respond: the
// one writer of answers. replay: repeats. activity: inactivity, haste, pause. ack, keys, streams: XEP-0124 §9, §15, §16. stream: what a server sends, pressure. end,
// bounce: every way to end.
//
// # Specifications
//
// XEP-0124 1.11.2, XEP-0206 1.4; where they leave room, the project's decisions.md (1–11, 28, 30–36), and clients.md for what their readers depend on.
package bosh
