// Package integration tests the whole of bosh-server from outside: the command as it is shipped, started as a
// child process, with real parts on both sides of it.
//
// On the XMPP side stand Prosody and ejabberd from Debian (each with its own configuration, data and certificates
// in a temporary folder), the embedded server of --demo, and, where a test needs a server that misbehaves or one
// whose received bytes it can read, a backend written in the test. On the HTTP side stand unchanged clients:
// strophe.js (strophe.mjs), its old version 1.2, stanza and node-xmpp-client under Node, strophe.js and converse.js
// in headless Chromium (client_*.mjs); over WebSocket the same, @xmpp/client, and strophe.js 1.1 for the framing
// before RFC 7395 (client_ws_*.mjs); and, for input that no client library would send, plain sockets. converse.js
// leaves screenshots in build/screenshots.
//
// The tests have the build tag integration; "make test" installs their parts and runs them:
//
//	go test -tags integration ./test/integration
//
// A part that is missing skips its tests with the reason, but fails them where test/install.sh could have
// installed it (root on Debian). BOSH_SERVER names a ready-made binary to test instead of the one that is
// built here, with the race detector where there is a C compiler. CLIENTS_WIRE=1 prints what went between a
// client and bosh-server when its test fails; CLIENTS_ALL=1 runs the clients that are skipped for a known reason.
//
// Everything listens on loopback, on free ports. Nothing sleeps: a test waits for a line of output, for bytes
// on a socket, for the end of a process, each with a bound. Every child dies with the test that started it.
//
// Files fixture_*_test.go hold the parts, the others the tests.
package integration
