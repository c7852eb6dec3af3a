// Package million holds the protocol machines of a million sessions in one process, without sockets: what they weigh, what their timers cost, what one
// message costs when all the others sit idle, and what the garbage collector makes of them.
//
// A World is a driver as package proxy is one: sessions, streams and timer nodes in slabs, a wheel, the machines' outputs joined to one another. Client
// and server are a script. HTTP and socket records, kernel memory and TLS are not in it; docs/performance.md adds them up.
//
// The clients' own memory (sids) is allocated before anything is measured. All of it belongs to one goroutine.
package million
