// Package proxy joins what the other packages are made of: client sockets, HTTP, BOSH sessions, XMPP streams and
// backend sockets. It is the one place that knows who is connected to whom.
//
// # What it does
//
// A Server is one loop's world: its listeners, its HTTP connections (client), its sessions (session) and its backend
// connections (backend), each in a slab, by slot number. It routes requests, finds or makes their sessions, resolves and
// dials backends under the address policy, and carries what one machine puts out to the machine that it concerns.
//
// # What it does not
//
// It takes no protocol decision: those are httpparse's, bosh's and xmppconn's. It does not read the clock or touch a
// file descriptor: that is loop's.
//
// # Ordering
//
// Each callback of the loop is bracketed by enter and settle. Machines only queue their outputs; what an output means for
// another machine is put on Server.later and done by settle, so no machine is ever called from inside itself. Stanzas that
// came in one read are flushed to their session together, at the end of the callback.
//
// # Bytes
//
// Everything that a callback is given is borrowed from the loop and dead when the callback returns. Answers that wait for
// their turn on a pipelined connection are owned, in buffers of the loop's pool.
//
// # Programs
//
// A Program's functions (program.go; package boshserver is their form for others) are called in the middle of a machine's work. So nothing that a program asks for
// is done from inside: SessionRef and Stream post it. What a function returns (another element, a refusal) is used when it has returned. A stream
// that a program carries is a backend without a connection, whose machine stays at its first stage.
//
// # Goroutines
//
// All methods but New, Run, Shutdown, Stop, and those of SessionRef and Stream run on the loop. There are no goroutines of this package's own; names are looked up over sockets of
// the loop.
//
// # Reaching a server
//
// A dialing (connect.go) goes through the targets of a domain, one after the other: the client's route; else the lines of --backend; else the domain's
// SRV records, or itself. The addresses of one target race (attempt.go), each under the address policy; the first connection that is up becomes the
// backend's. lookup.go and lookup_socket.go drive the DNS client.
//
// # Looking on
//
// A Prober (probe.go) is a Server that listens nowhere. Its streams belong to probes, which send nothing, and are told each step of the search and the
// stream (watch.go); streams of clients go the same way, with nobody who looks on.
package proxy
