package proxy

import "bytes"

// routes knows which request paths are served.
type routes struct {
	bosh    []byte   // the BOSH path without its last slash: "/http-bind"
	sockets [][]byte // the paths for WebSockets, likewise
}

func newRoutes(boshPath string, socketPaths []string) routes {
	r := routes{bosh: bytes.TrimRight([]byte(boshPath), "/")}
	for _, p := range socketPaths {
		r.sockets = append(r.sockets, bytes.TrimRight([]byte(p), "/"))
	}
	return r
}

// isBosh reports whether a cleaned path is the BOSH endpoint: with or without its last slash, alone or under a prefix
// (/PREFIX/http-bind/), which is how node-xmpp-bosh's users spread instances behind one host name. What only begins
// or ends alike is another path (decisions.md 13).
func (r *routes) isBosh(path []byte) bool {
	return bytes.HasSuffix(bytes.TrimRight(path, "/"), r.bosh)
}

// isWebSocket is isBosh for the paths where WebSockets are opened.
func (r *routes) isWebSocket(path []byte) bool {
	path = bytes.TrimRight(path, "/")
	for _, p := range r.sockets {
		if bytes.HasSuffix(path, p) {
			return true
		}
	}
	return false
}
