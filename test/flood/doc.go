// Package flood floods the command from one address, while a hundred well-behaved sessions from other addresses talk, half of them over BOSH and half over WebSocket.
//
// Run it as it is shipped: the binary, its log on standard error, its metrics at --admin. The flood is connections that say nothing, heads and bodies that never end, sessions that nobody
// goes on with, sessions that send without end, and clients that never read what they have asked for, or what their XMPP server sends. In each variant none of the hundred may fail or lose a
// message, and the log has to stay readable: each complaint at most once a second, saying what to do.
//
//   - With limits per address, behind a proxy that speaks the PROXY protocol (HAProxy's way): loopback itself is never limited.
//   - With nothing configured, and fewer file descriptors than the flood has connections.
//
// Nothing is asserted about time; waits are for events, with a bound.
package flood
