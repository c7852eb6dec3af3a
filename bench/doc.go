// Command bench is the harness that measures bosh-server, and what it is compared with.
//
// It builds the command, starts a null XMPP backend, starts each server under test pinned to one core, with the load on another, takes all of them
// through the same scenarios, prints one table, and writes the figures as JSON and as a page of HTML to a folder of results. docs/performance.md
// says what the figures mean.
//
//	go run ./bench                       # bosh-server, and the floors that are installed
//	go run ./bench --quick               # the same in less than a minute, for a first look
//	go run ./bench --peer=all            # with every peer that is installed
//	go run ./bench --million             # the machines of a million sessions, without sockets
//
// CPU time is the server's own, user and system; a ratio compares rounds that were neighbours in time. Every message carries a number: a run in which
// one was lost, doubled or out of order has failed, and ends with exit code 1.
//
// This package is the order of events. The parts are wire (bytes), epoll (sockets), null (the backend), load (the clients), crew (their processes),
// peer (the servers), proc (the measuring) and report (the outcome).
package main
