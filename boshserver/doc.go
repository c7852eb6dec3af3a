// Package boshserver is bosh-server as a part of another Go program: an XMPP connection manager for BOSH (XEP-0124, XEP-0206) and WebSocket (RFC 7395), whose
// events the program hears, whose stanzas it may change in both directions, and which it may join to something else than an XMPP server. docs/embedding.md
// is the guide; the examples run.
//
// # What it does
//
// [New] makes a [Server] from a [Config], [Server.Start] lets it serve in goroutines of its own, [Server.Shutdown] ends it. [Hooks] hear what happens. A [Connector]
// takes over the streams to a domain, each with a [Backend] of the program's; all other domains are served over XMPP. [Session] and [Stream] are handles by which a program speaks to a client.
//
// # What it does not
//
// It has no flags, and no settings beside the few of Config: Config.Adjust reaches all others, but those may change with any version. It does not log in
// for a client: SASL, resource binding and the rest of RFC 6120 are a Backend's to speak, as they are an XMPP server's.
//
// # Goroutines
//
// A server has one event loop, on one goroutine, or as many as Config.Loops says. Hooks, Connectors and Backends are called on it, one call at a time for each loop, and nobody else is served
// meanwhile: they must not block. What takes time goes to a goroutine of the program's, which gets a copy ([Stanza.Clone], [Stanza.String]). With several loops calls come at the same time
// from each; all calls about one session come from one.
//
// All methods of Server, Session and Stream may be called from any goroutine, from inside of handlers too. They wait for nothing, but Shutdown and Wait, which a handler must not call:
// what they ask for is done on the loop, in the order of the calls, once the handler that is running has returned.
//
// A handler that takes 10 ms or more is named in the log, once a second at most. One that panics costs its session, which ends with internal-server-error, and is logged with its stack.
//
// # Who owns which bytes
//
// A [Stanza] is borrowed: it is good until the handler returns, and empty afterwards. Of a [Request] that is true of Attr. Strings are copies. Session and Stream are values that may be kept, compared, and used as keys of
// maps; when what they stand for is over, their methods do nothing.
//
// # Order
//
// Of each stream: StreamAdd; then StreamAdded and stanzas, perhaps StreamRestart and StreamRestarted and more of them; then StreamTerminate or StreamEnd, once. NoClient may come until SessionEnd, which is the last call of a
// session. Stanzas keep their order, those of Stream.Respond too.
//
// # Counted stanzas
//
// Clients and servers that have enabled stream management (XEP-0198) count each other's stanzas. A program must not make these counts differ: where stanzas are counted, one that a hook drops is replaced by an
// empty answer to no question (an iq of type result with the id "filtered"), which its receiver counts and has to ignore; one of Session.Send's is not sent, which is logged. A changed stanza stays one. What was not acknowledged is the server's
// to deliver again, so NoClient is not called there.
//
// # Errors
//
// What a program sends or puts in the place of a stanza is checked first: one complete element, well-formed, of a kind that cannot break a stream. Anything else is refused with an error
// and logged; a stanza whose replacement was refused goes on as it is.
//
// # Undelivered stanzas
//
// NoClient has what a BOSH client did not fetch or, when it fell silent, did not acknowledge (XEP-0124 §9). A WebSocket has no acknowledgements below XMPP: what was written to one that then died may have arrived or not, and nobody is
// told; only what comes after its end is known not to. That is what XEP-0198 is for.
package boshserver
