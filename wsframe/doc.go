// Package wsframe reads and writes WebSocket messages on the server's side: frames, fragments, control frames, UTF-8, permessage-deflate, and the
// handshake that comes before them.
//
// [Reader] is incremental and strict. Its caller offers all bytes that it has not consumed, from the same start each time, and gets at most one
// [Event] a call. What an incomplete frame has brought is unmasked in place and, if it is text, checked at once; the Reader remembers
// how far, so the work is linear in the bytes however they arrive. [Shake] judges the request that asks for the upgrade and
// negotiates; the Append functions write the server's frames, which are never masked and never fragmented.
//
// It does not read sockets or the clock, answer a ping, or wait for the peer's close frame: those are its caller's. It does not know what a message means, nor
// which paths and origins may be upgraded.
//
// Who owns which bytes: the bytes given to [Reader.Next] are borrowed, and written to. [Message].Data is borrowed by whoever gets it, until the next call of a Reader
// of the same [Pool]: it aliases the bytes given to Next, or a buffer of the Pool's when the message came in fragments or compressed. A Reader owns a
// buffer only between the first and the last fragment of a message that came in several frames with content; an idle connection costs its struct.
// Compressors and decompressors belong to the Pool: no connection keeps one, since every message is compressed on its own (no context take-over, either way).
//
// Ordering: events come in the order of the frames; a control frame between fragments comes before their message. Faults are met in the order of
// the bytes, so the same bytes give the same events in whatever pieces they arrive. A compressed message is judged when it is complete.
//
// Errors are an [EventBad] with the [CloseCode] to send: 1002 for what RFC 6455 forbids, 1003 binary, 1007 not UTF-8 or not DEFLATE, 1009 too big, on the wire or
// inflated. The first one, like the peer's close frame, is the last event of a Reader: it consumes and ignores what follows (RFC 6455 §5.5.1, §7.1.7).
// For the handshake they are status codes: 400, or 426 for a version that is not 13. The Append functions cannot fail.
//
// Limits: a message is at most as long as the limit given to [Reader.Reset], before inflating and after; a length beyond it is refused when it is
// declared. A final DEFLATE block may be followed by others only so often in one message.
//
// Specifications: RFC 6455 (WebSocket), RFC 7692 (permessage-deflate), RFC 3629 (UTF-8), RFC 1951 (DEFLATE).
package wsframe
