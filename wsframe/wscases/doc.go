// Package wscases is a table of WebSocket conversations: what a client sends after the handshake, and what the server's side has to make of it. It
// is plain data, so that the same cases run against the frame reader alone and, over sockets, against the whole server.
//
// It has what RFC 6455 and RFC 7692 say about frames, messages, text and compression, in families of one file each: sizes, masks and lengths, control
// frames, reserved bits and opcodes, fragments, text, closing, limits, compression. A server that takes binary messages would differ
// in the cases that end with 1003.
//
// It does not read anything itself and knows no reader. What it returns is made anew by each call and belongs to the caller; nothing in it fails.
package wscases
