package proxy

import (
	"errors"
	"fmt"
	"net/url"

	"go-xmpp-bosh/httpparse"
)

// originsMax bounds how many origins may be named: an exchange notes its own in a byte.
const originsMax = 254

// origins is whose pages may read our answers and open a WebSocket (--allow-origin), with the response heads for each: those say whom they are for. The
// heads of a request without an origin, or with one that is not allowed, are the first.
type origins struct {
	any   bool
	names []string
	heads []heads // one more than names: heads[i+1] are names[i]'s
}

// newOrigins takes origins as browsers send them; none, or "*", is any. extra are fields for all heads.
func newOrigins(names []string, extra []Header) (origins, error) {
	o := origins{any: len(names) == 0}
	for _, name := range names {
		if name == "*" {
			o.any = true
			continue
		}
		if u, err := url.Parse(name); err != nil || name != "null" && (u.Scheme == "" || u.Host == "" || u.Scheme+"://"+u.Host != name) {
			return o, fmt.Errorf("%q is no origin: it is SCHEME://HOST or SCHEME://HOST:PORT, as in https://chat.example.org, or *", name)
		}
		o.names = append(o.names, name)
	}
	if o.any {
		o.names = nil
		o.heads = []heads{newHeads(extra, "Access-Control-Allow-Origin", "*")}
		return o, nil
	}
	if len(o.names) > originsMax {
		return o, errors.New("too many origins")
	}
	// Vary also where the origin is missing or wrong: a cache must not give that answer to another.
	o.heads = []heads{newHeads(extra, "Vary", "Origin")}
	for _, name := range o.names {
		o.heads = append(o.heads, newHeads(
			extra, "Access-Control-Allow-Origin", name, "Access-Control-Allow-Credentials", "true", "Vary", "Origin"))
	}
	return o, nil
}

// find is the number of the heads that a request's answer takes.
func (o *origins) find(r *httpparse.Request) uint8 {
	if len(o.names) == 0 {
		return 0
	}
	origin, _ := r.Header("Origin")
	for i, name := range o.names {
		if string(origin) == name {
			return uint8(i + 1)
		}
	}
	return 0
}

// allow reports whether a WebSocket may be opened. One that names no origin isn't a browser's (RFC 6455 §10.2).
func (o *origins) allow(r *httpparse.Request) bool {
	if o.any || o.find(r) != 0 {
		return true
	}
	_, ok := r.Header("Origin")
	return !ok
}

// headsFor are the heads of an exchange's answers.
func (s *Server) headsFor(e *exchange) *heads { return &s.origins.heads[e.origin] }

// CheckOrigins says what is wrong with a list for Config.AllowOrigins.
func CheckOrigins(names []string) error {
	_, err := newOrigins(names, nil)
	return err
}
