// Package httpparse reads HTTP/1.0 and HTTP/1.1 requests and writes the heads of their answers.
//
// [Parser] is incremental and strict. Its caller offers all bytes that it has not consumed, from the same start each time, and gets
// one of three answers: not yet (0 bytes consumed), one whole request (200, and how long it was), or the status to refuse it
// with, after which the connection must end: where the next request would begin is no longer certain. It remembers how far
// it has looked, so the work is linear in the bytes however they arrive, and it owns no memory: a connection at rest costs its 28 bytes.
//
// It does not read sockets or the clock: deadlines are the caller's, who asks [Parser.Phase] which one applies. It does not route, inflate,
// keep cookies or know what a body means; a Content-Encoding field is a field like others.
//
// Who owns which bytes: a [Request] aliases the buffer given to Parse, and is valid until that buffer or the Request is used again. A chunked
// body is joined in place, in that buffer, on the call that returns 200 and never before; bytes after the request are not touched.
// A [Head] owns its bytes; [Head.Append] copies them.
//
// Ordering: requests come out in the order in which they were sent. Within one, lines are judged in their order and the
// first fault decides the status, so the same bytes give the same answer in whatever pieces they arrive. A line is judged when it is
// complete; the method is judged as it comes, so that what is not HTTP at all (a TLS handshake) is refused at its first bytes.
//
// Errors are status codes: 400 malformed, 413 the body, 414 the request line and 431 the head or the trailers over a limit, 417 an
// expectation other than 100-continue, 501 a transfer coding, a tunnel or an overlong method, 505 a version other than 1.x.
//
// Stricter than RFC 9112 has to be, each because two readings of one byte are how requests are smuggled: a line ends with CRLF and nothing else, also
// in a head (§2.2 would allow a bare LF); exactly one space between the parts of the request line (§3); no folded lines (§5.2); a second
// Content-Length is refused even if it is equal to the first (§6.3); Transfer-Encoding beside Content-Length, too (§6.1).
//
// Specifications: RFC 9110 (semantics), RFC 9112 (HTTP/1.1), RFC 3986 (targets).
package httpparse
