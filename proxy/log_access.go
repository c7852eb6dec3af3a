package proxy

import (
	"log/slog"
	"net/netip"

	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/httpparse"
	"go-xmpp-bosh/timer"
)

// accessLog writes a line about one of so many HTTP requests. What it remembers of those that it has chosen is not in their exchanges, so
// that the others pay nothing.
type accessLog struct {
	count  int // requests since the last that was chosen
	chosen map[bosh.Handle]*access
}

// access is a request that will be logged when it is answered.
type access struct {
	method, path string
	from         netip.Addr
	at           timer.Time
}

// pathBytesMax is how much of a path is logged: it is the client's choice.
const pathBytesMax = 200

// noteRequest chooses one of so many requests.
func (c *client) noteRequest(e *exchange, r *httpparse.Request) {
	s := c.srv
	a := &s.access
	if a.count++; a.count < s.cfg.AccessLog || !s.logs(slog.LevelInfo) {
		return
	}
	a.count = 0
	if a.chosen == nil {
		a.chosen = map[bosh.Handle]*access{}
	}
	path := r.Path // without its query, which may be a whole request (serveGet)
	if len(path) > pathBytesMax {
		path = path[:pathBytesMax]
	}
	a.chosen[c.handle(e)] = &access{method: r.Method.String(), path: string(path), from: c.origin(r).Addr(), at: s.now()}
}

// noteAnswer writes the line, if the request was chosen.
func (c *client) noteAnswer(e *exchange, status, bytes int, session owner) {
	s := c.srv
	a := s.access.chosen[c.handle(e)]
	if a == nil {
		return
	}
	delete(s.access.chosen, c.handle(e))
	if e.headOnly {
		bytes = 0
	}
	if ss := s.sessions.get(e.session - 1); e.session != 0 && ss != nil {
		session = ss
	}
	s.log.Info("request", about(session,
		"method", a.method, "path", a.path, "status", status, "bytes", bytes, "ms", int64(s.now()-a.at), "address", a.from)...)
}

// noteGone writes the line of a request whose connection has ended before its answer: with status 0.
func (c *client) noteGone(e *exchange) {
	if len(c.srv.access.chosen) > 0 {
		c.noteAnswer(e, 0, 0, nil)
	}
}

// forgetRequest drops one that is another loop's to log.
func (c *client) forgetRequest(e *exchange) { delete(c.srv.access.chosen, c.handle(e)) }
