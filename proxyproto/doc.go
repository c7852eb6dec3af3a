// Package proxyproto reads and writes the header of the PROXY protocol, versions 1 and 2: what a proxy says, before the first byte
// of a connection, about whom it speaks for.
//
// # What it does
//
// Parse reads a header of either version from the first bytes of a connection. It is strict: what is not exactly a header is an
// error at its first wrong byte, and a header has a bound. AppendV2 and AppendLocal write version 2.
//
// # What it does not
//
// It never guesses: whether a header has to be there, and from whom it is believed, is the caller's to know. Of what may follow the
// addresses (TLVs) it reads the checksum and whether the client used TLS. Unix sockets and datagrams are no addresses of ours; such
// a header says nothing.
//
// # Bytes
//
// Parse borrows its input; a Header holds nothing of it. A header of a connection costs two small allocations at most.
//
// # Errors
//
// ErrNone, ErrMalformed, ErrTooLong, ErrChecksum: no header can follow from such bytes, and the connection has to be closed.
//
// # Specification
//
// The PROXY protocol, versions 1 and 2 (HAProxy, doc/proxy-protocol.txt), §2.1, §2.2.
package proxyproto
