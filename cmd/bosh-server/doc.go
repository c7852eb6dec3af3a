// Command bosh-server is an XMPP connection manager: browsers speak BOSH (XEP-0124, XEP-0206) to it, and it
// opens TCP streams, with TLS, to any XMPP server.
//
// This package holds the settings and main. A setting is a flag of spf13/pflag; layer.go gives it its value from the
// configuration file (configfile.go) or the environment (environment.go) where the command line does not, and remembers
// where it came from (origin.go). notes.go says what --help and docs/configuration.md tell of each; reload.go is SIGHUP.
//
// What a setting does is in package proxy. With --demo the command starts the embedded XMPP server of package demo in the
// same process, serves the domain localhost from it, and the page of package demo/page at /.
//
// bosh-server doctor DOMAIN (doctor.go) runs no server: package doctor says what a client would get from one with these settings. It has exit codes of its own.
//
// Exit codes: 0 after SIGINT or SIGTERM, 1 when the server cannot run, 2 when a setting is wrong.
package main
