package bosh

import (
	"crypto/sha1" //nolint:gosec // names only have to be unguessable without the sid
	"encoding/binary"

	"go-xmpp-bosh/timer"
)

// streams is how many records of streams there are, ended ones included.
func (s *Session) streams() int { return 1 + len(s.few().more) }

// stream is the record of one that exists.
func (s *Session) stream(id StreamID) *stream {
	if id == 0 {
		return &s.first
	}
	return &s.rare.more[id-1]
}

// idOf is a record's index.
func (s *Session) idOf(st *stream) StreamID {
	for i, more := 0, s.few().more; i < len(more); i++ {
		if st == &more[i] {
			return StreamID(i + 1)
		}
	}
	return 0
}

// lookUp is the record of a stream; nil: there is none.
func (s *Session) lookUp(id StreamID) *stream {
	if int(id) >= s.streams() {
		return nil
	}
	return s.stream(id)
}

// Tag is what the driver has stored with a stream.
func (s *Session) Tag(id StreamID) uint32 {
	if st := s.lookUp(id); st != nil {
		return st.tag
	}
	return 0
}

// SetTag stores something with a stream.
func (s *Session) SetTag(id StreamID, tag uint32) {
	if st := s.lookUp(id); st != nil {
		st.tag = tag
	}
}

func (s *Session) openStreams() int {
	n := 0
	for i := range s.streams() {
		if !s.stream(StreamID(i)).ended {
			n++
		}
	}
	return n
}

// onlyOpen is the first open stream; nil: none is open.
func (s *Session) onlyOpen() (StreamID, *stream) {
	for i := range s.streams() {
		if st := s.stream(StreamID(i)); !st.ended {
			return StreamID(i), st
		}
	}
	return 0, nil
}

// named is the stream that the body names; nil: it names none, or none of ours.
func (s *Session) named(b *Body) (StreamID, *stream) {
	if len(b.attrs.stream) != uuidSize {
		return 0, nil
	}
	for i := range s.streams() {
		st := s.stream(StreamID(i))
		var text [uuidSize]byte
		if string(appendUUID(text[:0], st.name)) == string(b.attrs.stream) {
			return StreamID(i), st
		}
	}
	return 0, nil
}

// hasPending reports whether the client has something to learn. The creation answer waits for the first stream's features.
func (s *Session) hasPending() bool {
	if s.creating {
		return len(s.first.pending) > 0
	}
	for i := range s.streams() {
		if s.isPending(s.stream(StreamID(i))) {
			return true
		}
	}
	return false
}

// nextPending is the next stream in turn that has something for the client; nil: none has. An answer is one stream's (XEP-0124 §16.4).
func (s *Session) nextPending() *stream {
	n := s.streams()
	for i := range n {
		id := (int(s.turn) + i) % n
		if st := s.stream(StreamID(id)); s.isPending(st) {
			s.turn = uint8((id + 1) % n)
			return st
		}
	}
	return nil
}

// isStreamAdd reports whether the body asks for another stream (XEP-0124 §16.3). COMPAT: libpurple 2 has "to" on every body. It is
// recognised by a payload beside it (clients.md, Consequences 3).
func (s *Session) isStreamAdd(b *Body) bool {
	cfg, a := s.env.Config, &b.attrs
	switch {
	case len(a.to) == 0 || len(b.elements) > 0 || cfg.streams() == 1 || cfg.PidginCompatible:
		return false
	case a.ver != nil || a.hold != nil || a.wait != nil || a.kind != nil || a.restart != nil || a.pause != nil:
		return false
	case a.route != nil || a.from != nil || a.xmppVersion != nil || hashDomain(a.to) != s.domain:
		return true
	}
	return s.sentPayload && !s.addressed
}

// takeStreamAdd opens another stream. The answer to this very request names it.
func (s *Session) takeStreamAdd(now timer.Time, b *Body) {
	name := s.newName()
	id, ok := s.room()
	switch {
	case len(b.attrs.to) > toBytesMax:
		s.refuseNamed(now, name, CondImproperAddressing)
		return
	case !ok:
		s.refuseNamed(now, name, CondPolicyViolation)
		return
	}
	s.answerBefore(now)
	if int(id) == s.streams() {
		r := s.own()
		r.more = append(r.more, stream{})
	}
	st := s.stream(id)
	s.freeStream(st)
	attrs := appendAttr(s.env.Buffers.Get(2*len(b.attrs.to)+len(b.attrs.from)+64), "from", b.attrs.to)
	if n := len(b.attrs.from); n > 0 && n <= fromBytesMax {
		attrs = appendAttr(attrs, "to", b.attrs.from)
	}
	*st = stream{name: name, attrs: append(attrs, " xmpp:version='1.0'"...), hasXBosh: true} // XEP-0206 §4
	s.multi = true
	s.turn = uint8(id)
	s.env.Out.StreamAdd(s, id, b)
}

// room is where a new stream's record goes: that of one which the client knows to be closed, or a new one; false: the limit is reached.
func (s *Session) room() (StreamID, bool) {
	if s.openStreams() >= s.env.Config.streams() {
		return 0, false
	}
	for i, more := 0, s.few().more; i < len(more); i++ {
		if st := &more[i]; st.ended && st.told {
			return StreamID(i + 1), true
		}
	}
	return StreamID(s.streams()), s.streams() < 2*streamsMax
}

// newName makes a name that is unique, and opaque to everybody who doesn't know the sid: a hash of the sid and of the rid at hand.
func (s *Session) newName() (name [16]byte) {
	var in [40]byte
	copy(in[:16], s.sid[:])
	copy(in[16:32], s.first.name[:])
	binary.BigEndian.PutUint64(in[32:], s.rid)
	sum := sha1.Sum(in[:]) //nolint:gosec // as above
	copy(name[:], sum[:])
	return name
}

// answerBefore answers all open requests but the newest, so that it is the next to be answered.
func (s *Session) answerBefore(now timer.Time) {
	s.release = max(s.release, s.rid-1)
	s.settleUpTo(now, s.rid-1)
}

// streamNameMax bounds the names that are sent back.
const streamNameMax = 128

// refuseStream answers the newest request: it names a stream that isn't there (XEP-0124 §16.4). The session goes on.
func (s *Session) refuseStream(now timer.Time, b *Body) {
	if len(b.attrs.stream) > streamNameMax {
		s.fail(now, s.at(s.rid).handle, CondItemNotFound)
		return
	}
	s.refuseText(now, b.attrs.stream, CondItemNotFound)
}

// refuseNamed answers the newest request, which asked for a stream: its name, and that it is closed (XEP-0124 §16.6).
func (s *Session) refuseNamed(now timer.Time, name [16]byte, cond Condition) {
	var text [uuidSize]byte
	s.refuseText(now, appendUUID(text[:0], name), cond)
}

func (s *Session) refuseText(now timer.Time, name []byte, cond Condition) {
	s.answerBefore(now)
	r := reply{rid: s.rid, handle: s.at(s.rid).handle, ends: true, cond: cond, name: name}
	s.respond(now, &r)
}

// hashDomain tells domains apart (FNV-1a, ASCII letters folded). Who finds two that collide has gained nothing.
func hashDomain(b []byte) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range b {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		h = (h ^ uint64(c)) * 1099511628211
	}
	return h
}
