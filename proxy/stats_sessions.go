package proxy

import (
	"context"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"

	"go-xmpp-bosh/bosh"
)

// SessionInfo is what an operator is told about a session: nothing that lets anybody speak for it, and nothing of what it carries.
type SessionInfo struct {
	ID        string    `json:"id"` // the one of the log, and where the session is
	Transport string    `json:"transport"`
	Domain    string    `json:"domain,omitempty"` // of its first stream that is left
	State     string    `json:"state"`
	Streams   int       `json:"streams"`
	Since     time.Time `json:"since"`
	Age       float64   `json:"age_seconds"`
	BytesIn   uint64    `json:"bytes_from_client"`
	BytesOut  uint64    `json:"bytes_to_client"`
}

// SessionPage is a part of the list of sessions.
type SessionPage struct {
	Sessions []SessionInfo `json:"sessions"`
	Next     string        `json:"next,omitempty"` // where the next part begins; "": this was the last
}

// SessionsMax bounds a page, and scanMax how many places are looked at for one, so that the loop is not kept.
const (
	SessionsMax = 1000
	scanMax     = 8192
)

// ErrCursor is the answer to a place in the list that there can't be.
var ErrCursor = errors.New("no such place in the list of sessions")

// cursor is a place in the list: a loop, a table there, and a slot.
type cursor struct {
	loop int
	kind ownerKind
	slot uint32
}

func (c cursor) String() string {
	return strconv.Itoa(c.loop) + "." + strconv.Itoa(int(c.kind)) + "." + strconv.FormatUint(uint64(c.slot), 16)
}

func parseCursor(text string, loops int) (c cursor, err error) {
	if text == "" {
		return c, nil
	}
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return c, ErrCursor
	}
	loop, err1 := strconv.ParseUint(parts[0], 10, 16)
	kind, err2 := strconv.ParseUint(parts[1], 10, 8)
	slot, err3 := strconv.ParseUint(parts[2], 16, 32)
	if err1 != nil || err2 != nil || err3 != nil || int(loop) >= loops || kind > uint64(ownerSocket) {
		return c, ErrCursor
	}
	return cursor{int(loop), ownerKind(kind), uint32(slot)}, nil
}

// scan calls fn for the records in use from a slot on, for scanMax places or until it says no, and gives the slot to go on with; done: there are no more.
func (s *slab[T]) scan(from uint32, fn func(slot uint32, r *T) bool) (next uint32, done bool) {
	end := uint32(len(s.chunks)) * slotsPerChunk
	for slot := from; slot < end; slot++ {
		if slot-from == scanMax {
			return slot, false
		}
		if r := s.get(slot); r != nil && !fn(slot, r) {
			return slot, false
		}
	}
	return end, true
}

// list gives a part of this loop's sessions, from c on.
func (s *Server) list(c cursor, limit int) (found []SessionInfo, next cursor, done bool) {
	more := func(info SessionInfo) bool {
		if len(found) == limit {
			return false
		}
		found = append(found, info)
		return true
	}
	next = c
	if c.kind == ownerSession {
		next.slot, done = s.sessions.scan(c.slot, func(_ uint32, ss *session) bool {
			return ss.Activity() == bosh.ActivityEnded || more(s.infoOf(ss))
		})
		if done {
			next.kind, next.slot = ownerSocket, 0
		}
		return found, next, false
	}
	next.slot, done = s.sockets.scan(c.slot, func(_ uint32, w *socket) bool { return more(s.infoOfSocket(w)) })
	return found, next, done
}

func (s *Server) infoOf(ss *session) SessionInfo {
	info := SessionInfo{ID: s.idOf(ss), Transport: TransportBOSH.String(), State: ss.Activity().String()}
	for st := range ss.Streams() {
		if be := s.backend(&ss.Session, st); be != nil {
			if info.Streams++; info.Streams == 1 {
				info.Domain = be.xmpp.Domain()
			}
		}
	}
	return s.measured(info, &ss.meter)
}

func (s *Server) infoOfSocket(w *socket) SessionInfo {
	info := SessionInfo{ID: s.idOfSocket(w), Transport: TransportWebSocket.String(), State: w.Activity()}
	if be := s.backendOf(w); be != nil {
		info.Streams, info.Domain = 1, be.xmpp.Domain()
	}
	return s.measured(info, &w.meter)
}

func (s *Server) measured(info SessionInfo, m *meter) SessionInfo {
	age := time.Duration(s.now()-m.since) * time.Millisecond
	info.Age, info.Since = age.Seconds(), time.Now().Add(-age).UTC().Truncate(time.Second)
	info.BytesIn, info.BytesOut = m.in, m.out
	return info
}

// An id is the name that the session has in the log, and where it is: a letter for the table, the loop, the slot. The name comes first, so an id of a session
// that is gone is never another's.
func (s *Server) idOf(ss *session) string { return ss.LogID() + "-" + s.place('b', ss.slot) }

func (s *Server) idOfSocket(w *socket) string { return w.LogID() + "-" + s.place('w', w.Slot) }

func (s *Server) place(table byte, slot uint32) string {
	b := []byte{byte(s.index), byte(slot >> 24), byte(slot >> 16), byte(slot >> 8), byte(slot)}
	return string(table) + hex.EncodeToString(b)
}

// placeOf reads the end of an id.
func placeOf(id string) (c cursor, ok bool) {
	_, text, _ := strings.Cut(id, "-")
	if len(text) != 11 || text[0] != 'b' && text[0] != 'w' {
		return c, false
	}
	b, err := hex.DecodeString(text[1:])
	if err != nil {
		return c, false
	}
	if text[0] == 'w' {
		c.kind = ownerSocket
	}
	c.loop, c.slot = int(b[0]), uint32(b[1])<<24|uint32(b[2])<<16|uint32(b[3])<<8|uint32(b[4])
	return c, true
}

// endSession ends the session with that id, and reports whether there is one.
func (s *Server) endSession(c cursor, id string) bool {
	if c.kind == ownerSocket {
		w := s.sockets.get(c.slot)
		if w == nil || s.idOfSocket(w) != id {
			return false
		}
		w.HandleShutdown(s.now(), "")
		return true
	}
	ss := s.sessions.get(c.slot)
	if ss == nil || ss.Activity() == bosh.ActivityEnded || s.idOf(ss) != id {
		return false
	}
	// None of XEP-0124 §17.2 says that an operator wants it so.
	ss.HandleShutdown(s.now(), bosh.CondUndefinedCondition, nil)
	return true
}

// Sessions lists up to limit sessions from a place on, which is a SessionPage's Next, or "" for the first. It may be called from any goroutine.
func (s *Server) Sessions(ctx context.Context, from string, limit int) (SessionPage, error) {
	return listAll(ctx, []*Server{s}, from, limit)
}

// Sessions is Server.Sessions over all loops.
func (g *Group) Sessions(ctx context.Context, from string, limit int) (SessionPage, error) {
	return listAll(ctx, g.servers, from, limit)
}

// listAll goes from loop to loop, in turns that are short for each.
func listAll(ctx context.Context, servers []*Server, from string, limit int) (page SessionPage, err error) {
	c, err := parseCursor(from, len(servers))
	page.Sessions = []SessionInfo{}
	limit = min(max(limit, 1), SessionsMax)
	type part struct {
		found []SessionInfo
		next  cursor
		done  bool
	}
	for err == nil && c.loop < len(servers) {
		var p part
		s := servers[c.loop]
		p, err = ask(ctx, s, func() (p part) {
			p.found, p.next, p.done = s.list(c, limit-len(page.Sessions))
			return p
		})
		page.Sessions = append(page.Sessions, p.found...)
		c = p.next
		switch {
		case p.done:
			c = cursor{loop: c.loop + 1}
		case len(page.Sessions) == limit:
			page.Next = c.String()
			return page, err
		}
	}
	return page, err
}

// EndSession ends the session with that id, and reports whether there is one. It may be called from any goroutine.
func (s *Server) EndSession(ctx context.Context, id string) (bool, error) {
	return endIn(ctx, []*Server{s}, id)
}

// EndSession is Server.EndSession over all loops.
func (g *Group) EndSession(ctx context.Context, id string) (bool, error) {
	return endIn(ctx, g.servers, id)
}

func endIn(ctx context.Context, servers []*Server, id string) (bool, error) {
	c, ok := placeOf(id)
	if !ok || c.loop >= len(servers) {
		return false, nil
	}
	s := servers[c.loop]
	return ask(ctx, s, func() bool { return s.endSession(c, id) })
}
