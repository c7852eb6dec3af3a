// Package websocket shows over real sockets that the server speaks WebSocket as RFC 6455, RFC 7692 and RFC 7395 have it, with whatever client
// and network there is.
//
// A proxy.Server stands between a backend and a client, both played by the tests. The backend speaks enough XMPP for a stream
// without authentication, and keeps what it is sent by the stream's domain, of which each session has one of its own. The client
// writes raw frames, in the pieces that the test wants, and reads frames.
//
// Files: backend, client, server and frames (the parts); expect (what the table of cases means for a server that speaks XMPP) and cases (the table
// of wsframe/wscases, its text as it is); wrap and stanzas (the same with the text in a stanza, so that it comes to the backend);
// dirty (connections that die without goodbye); stopped and kernel (a client that stops reading, with the server in a process of its own).
package websocket
