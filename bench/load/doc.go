// Package load is the harness's load generator: thousands of XMPP clients in one thread.
//
// A Generator opens sessions at one target over one transport, lets all of them send (closed loop: the next message when the last has come back), or
// paces them, or lets them wait for pushed messages, or opens and closes them over and over. Every message carries a number; what is lost, doubled
// or out of order is counted, and latency is recorded from the moment at which a message was due, so that a late sender doesn't flatter its server.
//
// It behaves as browsers' clients do where that costs the server something: BOSH with two connections is strophe.js's way, one request held while the
// next message goes on the other; with one connection the next message is the next poll. It checks no certificate, and validates no XML.
//
// One goroutine, the one that calls Run, owns everything; others come in through Do. TLS handshakes run beside it and are handed over.
// A link owns the bytes of a unit that isn't complete yet.
package load
