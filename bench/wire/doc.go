// Package wire is what travels in the harness's traffic: the numbered message, HTTP requests and answers, WebSocket frames, and the
// few XMPP elements of a log-in.
//
// It scans bytes and knows no socket. It is no parser: it finds what the harness's own peers are known to write, as cheaply as that can be
// done, so that the server under test stays the bottleneck. What doesn't look right is counted as a failure of the run by the caller.
//
// Append… functions append to what they are given and return it, owned by the caller. Everything returned by the cutting and finding functions
// aliases the input.
//
// Specifications: RFC 9112 §6 (message bodies), RFC 6455 §5 (frames), RFC 7395 (XMPP in them), RFC 6120 (log-in), XEP-0124 (the body element).
package wire
