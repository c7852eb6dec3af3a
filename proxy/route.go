package proxy

import "bytes"

// routes knows which request paths are served.
type routes struct {
	bosh []byte // the BOSH path without its last slash: "/http-bind"
}

func newRoutes(boshPath string) routes {
	return routes{bosh: bytes.TrimRight([]byte(boshPath), "/")}
}

// isBosh reports whether a cleaned path is the BOSH endpoint: with or without its last slash, alone or under a prefix
// (/PREFIX/http-bind/), which is how node-xmpp-bosh's users spread instances behind one host name. What only begins
// or ends alike is another path (decisions.md 13).
func (r *routes) isBosh(path []byte) bool {
	return bytes.HasSuffix(bytes.TrimRight(path, "/"), r.bosh)
}
