package bosh

import (
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmlstream"
)

// stream is one of a session's streams, as its client sees it: what has come for the client and isn't delivered.
type stream struct {
	name    [16]byte
	pending []byte // owned: headRoom free bytes, then complete elements; nil: none
	attrs   []byte // owned: attributes for the next body that carries this stream's payload; nil: none
	tag     uint32 // the driver's
	cond    Condition

	added    bool   // the server has opened it
	ended    bool   // closed by either side
	told     bool   // and the client knows
	paused   bool   // the driver was told to stop reading
	hasXBosh bool   // attrs have the prefix xmpp
	traits   traits // what pending calls for
}

// headRoom is kept free before a stream's elements, so that an answer's start tag can be put there: one without attributes but an acknowledgement. For a longer
// one the elements are moved.
const headRoom = 80

// hasPayload reports whether something waits to be put into a body.
func (st *stream) hasPayload() bool { return len(st.pending) > 0 || len(st.attrs) > 0 }

// isPending reports whether the client has something to learn of the stream. When the whole session ends, that says it for each.
func (s *Session) isPending(st *stream) bool {
	return st.hasPayload() || s.state == stateOpen && st.ended && !st.told
}

// delivered: all that was pending has gone into an answer. assemble has taken the buffer over.
func (st *stream) delivered() {
	st.hasXBosh, st.traits = false, 0
}

// trim drops the attributes, which few answers have.
func (s *Session) trim(st *stream) {
	s.env.Buffers.Put(st.attrs)
	st.attrs, st.hasXBosh = nil, false
}

// freeStream gives a stream's buffers back.
func (s *Session) freeStream(st *stream) {
	s.env.Buffers.Put(st.pending)
	st.pending = nil
	s.trim(st)
	st.delivered()
}

// HandleStreamAdded: the server has opened the stream.
func (s *Session) HandleStreamAdded(_ timer.Time, id StreamID, hdr StreamHeader) {
	st := s.lookUp(id)
	if s.state != stateOpen || st == nil || st.ended || st.added {
		return
	}
	st.added = true
	if hdr.Secure && s.creating && id == 0 {
		st.attrs = append(s.env.Buffers.Grow(st.attrs, len(secureAttr)), secureAttr...)
	}
	if len(hdr.ID) == 0 || len(hdr.ID) > authidBytesMax {
		return
	}
	pool := s.env.Buffers
	if len(st.attrs) == 0 {
		st.attrs = append(pool.Get(len(" xmpp:version='1.0'")), " xmpp:version='1.0'"...)
		st.hasXBosh = true
	}
	st.attrs = appendAttr(pool.Grow(st.attrs, len(" authid=''")+len(hdr.ID)), "authid", hdr.ID) // XEP-0206 §4
}

// secureAttr stands in the creation answer of a session that is encrypted on all of its way, as far as is known then (XEP-0124 §19).
const secureAttr = " secure='true'"

// authidBytesMax bounds the stream id that is passed on.
const authidBytesMax = 256

// HandleStreamRestarted: the server has opened the stream anew. Its features follow; the client is told nothing else.
func (s *Session) HandleStreamRestarted(timer.Time, StreamID, StreamHeader) {}

// HandleStanza takes an element from the server: a stanza, features, what belongs to a negotiation. It goes out with Flush.
func (s *Session) HandleStanza(now timer.Time, id StreamID, el *xmlstream.Element) {
	st := s.lookUp(id)
	switch {
	case s.state == stateNone || st == nil:
	case s.state == stateEnded || st.ended:
		s.noClient(id, el)
	default:
		s.enqueue(st, el)
		s.press()
	}
}

// enqueue appends an element to what the client is to get. Each is written so that it may stand in a <body/>.
func (s *Session) enqueue(st *stream, el *xmlstream.Element) {
	pool := s.env.Buffers
	size := len(el.Raw) + el.AppendSize() + len(bodyClose)
	if st.pending == nil {
		st.pending = pool.Get(headRoom + size)[:headRoom]
	}
	st.pending = pool.Grow(st.pending, size)
	switch string(el.Space()) {
	case xmlstream.NSStreams:
		st.pending = el.AppendStreamTo(st.pending, xmlstream.NSBind, false)
		st.traits |= traitStream
		return
	case xmlstream.NSSASL, xmlstream.NSSASL2:
		st.traits |= traitSASL
	}
	st.pending = el.AppendTo(st.pending, xmlstream.NSBind)
}

// Flush answers a held request with what has come since. It ends a batch of stanzas, so that they share an answer.
func (s *Session) Flush(now timer.Time) {
	if s.state == stateOpen {
		s.settle(now)
	}
}

// HandleStreamEnd: the server, or the way to it, has ended the stream. el is its stream error, or nil.
func (s *Session) HandleStreamEnd(now timer.Time, id StreamID, cond Condition, el *xmlstream.Element) {
	st := s.lookUp(id)
	if s.state != stateOpen || st == nil || st.ended {
		return
	}
	if el != nil {
		s.enqueue(st, el) // XEP-0206 §6: behind the stanzas
	}
	st.close(cond)
	if s.openStreams() == 0 {
		s.end(now, cond, endedByServer, 0, nil)
		return
	}
	s.settle(now)
}

// close ends the stream; its client learns of it in an answer.
func (st *stream) close(cond Condition) {
	st.ended, st.cond, st.paused = true, cond, false
}

// undelivered counts the bytes that the session keeps for its client: what is pending, and what isn't acknowledged.
func (s *Session) undelivered() int {
	n := max(0, len(s.first.pending)-headRoom)
	for i, more := 0, s.few().more; i < len(more); i++ {
		n += max(0, len(more[i].pending)-headRoom)
	}
	if s.acks {
		for i := range s.replay {
			if s.replay[i].rid > s.acked {
				n += len(s.replay[i].buf) - int(s.replay[i].off)
			}
		}
	}
	return n
}

// press stops the reading of the session's streams when too much is undelivered.
func (s *Session) press() {
	if s.undelivered() <= s.env.Config.PendingHighBytes {
		return
	}
	s.pressed = true
	for i := range s.streams() {
		if st := s.stream(StreamID(i)); !st.ended && !st.paused {
			st.paused = true
			s.env.Out.PauseStream(s, StreamID(i))
		}
	}
}

// relieve lets them be read again.
func (s *Session) relieve() {
	if !s.pressed || s.undelivered() > s.env.Config.PendingLowBytes {
		return
	}
	s.pressed = false
	for i := range s.streams() {
		if st := s.stream(StreamID(i)); !st.ended && st.paused {
			st.paused = false
			s.env.Out.ResumeStream(s, StreamID(i))
		}
	}
}
