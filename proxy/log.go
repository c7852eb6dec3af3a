package proxy

import (
	"context"
	"log/slog"
	"net/netip"

	"go-xmpp-bosh/bosh"
)

// LevelTrace is below slog's levels: stanzas are logged there.
const LevelTrace = slog.Level(-8)

// Logs is the part of a Config about what is logged, beside Logger and its level. The zero value is usable.
type Logs struct {
	// AccessLog is of how many HTTP requests one is logged, at level INFO; 0: none.
	AccessLog int

	// TrimLength is how many bytes of a stanza are logged, at LevelTrace; negative: all.
	TrimLength int
}

// logs says whether anybody reads lines of a level: what costs something is asked first.
func (s *Server) logs(level slog.Level) bool { return s.log.Enabled(context.Background(), level) }

// nameOf is what a session is called in all lines about it; "" where there is none.
func nameOf(w owner) string {
	switch w := w.(type) {
	case *session:
		if w != nil {
			return w.LogID()
		}
	case *socket:
		if w != nil {
			return w.LogID()
		}
	case *probe:
		return w.Name
	}
	return ""
}

// about is what a line says, and whose session it is about, if it is one's.
func about(w owner, args ...any) []any {
	if name := nameOf(w); name != "" {
		return append([]any{"session", name}, args...)
	}
	return args
}

// about is the function for the session that a stream belongs to; one that no longer wants to hear of it still has its name.
func (b *backend) about(args ...any) []any {
	switch b.of.kind {
	case ownerSocket:
		return about(b.srv.sockets.get(b.of.slot), args...)
	case ownerProbe:
		return about(b.srv.probes[b.of.slot], args...)
	case ownerSession:
	}
	return about(b.srv.sessions.get(b.of.slot), args...)
}

// logCreated writes the line with which a BOSH session begins. The caller has asked whether anybody reads it.
func (s *Server) logCreated(ss *session, b *bosh.Body, from netip.Addr) {
	s.log.Debug("session created", "session", ss.LogID(), "transport", "BOSH", "domain", string(b.To()), "address", from)
}

// logOpened writes the line with which a session over WebSocket begins.
func (s *Server) logOpened(w *socket, from netip.Addr) {
	if s.logs(slog.LevelDebug) {
		s.log.Debug("session created", "session", w.LogID(), "transport", "WebSocket", "address", from)
	}
}
