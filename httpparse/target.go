package httpparse

import "bytes"

var (
	rootPath   = []byte("/")
	serverPath = []byte("*")
)

// readTarget takes the target apart (RFC 9112 §3.2). r.Method, r.MethodText and r.Target are set.
func (r *Request) readTarget() (status int) {
	switch t := r.Target; {
	case string(r.MethodText) == "CONNECT":
		return StatusNotImplemented // a tunnel is a proxy's to give (RFC 9110 §9.3.6)
	case len(t) == 0:
		return StatusBadRequest
	case t[0] == '/':
		r.setPath(t)
	case string(t) == "*" && r.Method == OPTIONS:
		r.Path = t
	default:
		return r.readAbsolute(t)
	}
	return StatusOK
}

func (r *Request) setPath(t []byte) {
	r.Path = t
	if q := bytes.IndexByte(t, '?'); q >= 0 {
		r.Path, r.Query = t[:q], t[q+1:]
	}
}

// readAbsolute reads "http://authority/path?query": a server must take it although only proxies are sent it (RFC 9112 §3.2.2).
func (r *Request) readAbsolute(t []byte) (status int) {
	colon := bytes.IndexByte(t, ':')
	if colon < 0 || !isFold(t[:colon], "http") && !isFold(t[:colon], "https") || !bytes.HasPrefix(t[colon:], []byte("://")) {
		return StatusBadRequest
	}
	t = t[colon+3:]
	end := bytes.IndexAny(t, "/?")
	if end < 0 {
		end = len(t)
	}
	// No user name: one in a http URI is a phisher's (RFC 9110 §4.2.4). No empty host (§4.2.1).
	if r.Host = t[:end]; len(r.Host) == 0 || r.Host[0] == ':' || !isHost(r.Host) {
		return StatusBadRequest
	}
	r.setPath(t[end:])
	if len(r.Path) == 0 {
		r.Path = rootPath
		if r.Method == OPTIONS && r.Query == nil {
			r.Path = serverPath // RFC 9112 §3.2.4
		}
	}
	return StatusOK
}

// isHost reports whether b is "host" or "host:port" (RFC 9110 §7.2). The host may be empty: that is how a target without authority is sent.
func isHost(b []byte) bool {
	i := 0
	if len(b) > 0 && b[0] == '[' {
		if i = skip(b, 1, charIP6); i == len(b) || b[i] != ']' || i == 1 {
			return false
		}
		i++
	} else {
		i = skip(b, 0, charHost)
	}
	if i < len(b) && b[i] == ':' {
		for i++; i < len(b) && isDigit(b[i]); i++ {
		}
	}
	return i == len(b)
}
