// Package demo is a small XMPP server for one domain, in the same process as bosh-server: what `make run`
// puts behind the proxy and what tests log in to. It is a convenience, not a product: plain code, a goroutine or two
// per connection, one lock, everything in memory.
//
// What it does: streams, SASL, resource binding (RFC 6120); roster, subscriptions, presence and messages
// between its users (RFC 6121); service discovery (XEP-0030), vcard-temp (XEP-0054, of users), software
// version (XEP-0092), ping (XEP-0199), entity time (XEP-0202). Any other request to the server is answered with
// service-unavailable.
//
// Without a password it offers PLAIN and ANONYMOUS and takes everybody. With one it offers SCRAM-SHA-256, SCRAM-SHA-1 and
// PLAIN and takes every user name with that password. SCRAM compares the password's bytes: it does not
// run SASLprep.
//
// What it does not: TLS (it listens on loopback only), other servers, offline messages (the sender is told), stream management
// (XEP-0198), carbons, anything on disk. User names are folded to lower case, not run through PRECIS.
//
// # Flow
//
// conn.serve is one connection from its first byte to its last, in order: stream, SASL, stream, bind, stanzas. It reads
// with encoding/xml, on purpose not with the proxy's own scanner: what passes through the proxy meets a second opinion here.
// A stanza becomes a tree of elements with resolved namespaces, and is written
// out from it again: the same in meaning, not in bytes.
//
// A stanza is handled as a whole under Server.mu, so what one connection sends reaches another in order. Handling
// only appends to outboxes; each connection has a goroutine that writes its own. Elements are owned by nobody
// and never changed once read.
//
// # Limits
//
// A stanza has a size, a depth and a number of elements; an outbox has a size, and who sends to a full one waits before
// the next stanza is read (throttle). What accounts keep (rosters, requests, vCards) is bounded per account and in total. An
// account that keeps nothing is forgotten when its last session ends.
//
// # Errors
//
// streamError ends a stream with its condition, saslFailure ends a SASL attempt; both are words of RFC 6120. Any
// other error is a connection that is gone.
package demo
