package proxyproto

import (
	"bytes"
	"errors"
	"net/netip"
)

// Bounds of a header, in bytes. Version 1's is its specification's; of version 2 the addresses take 232 at most, and what proxies
// add (names, certificates' subjects, cloud ids) a few hundred.
const (
	v1BytesMax = 107
	v2BytesMax = 4096
)

// What is wrong with the first bytes of a connection.
var (
	ErrNone      = errors.New("no PROXY protocol header")
	ErrMalformed = errors.New("malformed PROXY protocol header")
	ErrTooLong   = errors.New("PROXY protocol header too long")
	ErrChecksum  = errors.New("PROXY protocol header with a wrong checksum")
)

// Header is what a proxy says about a connection.
type Header struct {
	// Source is the client's address, Destination the one that it connected to. Both are invalid when the proxy speaks for itself
	// (a health check), or names none that is ours to use: then the connection's own addresses count.
	Source, Destination netip.AddrPort

	// TLS: the client's connection to the proxy is encrypted.
	TLS bool
}

var v2Signature = []byte("\r\n\r\n\x00\r\nQUIT\n")

const v1Signature = "PROXY "

// Parse reads a header from the first bytes of a connection, and says how many it takes; 0 without an error: more are needed.
func Parse(b []byte) (h Header, n int, err error) {
	switch {
	case len(b) == 0:
		return h, 0, nil
	case b[0] == v2Signature[0]:
		return parseV2(b)
	default:
		return parseV1(b)
	}
}

// startsAlike reports whether b may be the start of what begins with a signature, as far as it goes.
func startsAlike(b, signature []byte) bool {
	n := min(len(b), len(signature))
	return bytes.Equal(b[:n], signature[:n])
}
