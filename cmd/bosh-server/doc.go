// Command bosh-server is an XMPP connection manager: browsers speak BOSH (XEP-0124, XEP-0206) to it, and it
// opens TCP streams, with TLS, to any XMPP server.
//
// This package holds the flags and main; everything else is in package proxy. With --demo it starts the
// embedded XMPP server of package demo in the same process and serves the domain localhost from it.
//
// Exit codes: 0 after SIGINT or SIGTERM, 1 when the server cannot run, 2 when a setting is wrong.
package main
