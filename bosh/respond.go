package bosh

import (
	"math"
	"strconv"

	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmlstream"
)

// reply is what the writer of answers is told; the rest follows from the session's state.
type reply struct {
	rid    uint64    // what it answers for good; 0: nothing, so it isn't kept
	handle Handle    // 0: nobody waits; it is kept all the same
	ends   bool      // type='terminate'
	cond   Condition // with ends
	stream *stream   // whose payload and attributes it carries; nil: none
	name   []byte    // the name of a stream that is none of ours
	whole  bool      // ends ends the session, not a stream of it
}

// respond makes an answer: the one place where bodies are written.
func (s *Session) respond(now timer.Time, r *reply) {
	st := r.stream
	if st != nil && st.ended && !r.ends && s.multi {
		// XEP-0124 §16.6: this stream ends, and the session goes on.
		r.ends, r.cond = true, st.cond
		st.told = true
	}
	if st == nil && r.rid == s.rid {
		s.bare = true
	}
	a := answer{rid: r.rid, at: now, handle: r.handle, status: s.status(r)}
	if r.ends {
		a.traits = traitEnds
	}
	if !s.isEmpty(r) {
		head := s.appendHead(s.env.scratch[:0], now, r)
		s.env.scratch = head
		whole := st != nil && len(st.pending) > 0 && len(st.attrs) == 0
		a.buf, a.off = s.assemble(head, st)
		if st != nil {
			if inside := int(a.off) + len(head) + 1; whole && inside <= math.MaxUint16 {
				a.inside = uint16(inside)
			}
			a.traits |= st.traits
			a.stream = s.idOf(st)
			st.delivered()
			s.trim(st)
		}
	}
	s.idleSince = now
	if r.rid != 0 {
		s.creating = false
		s.retain(a)
	}
	s.send(r.handle, &a)
	if r.rid == 0 {
		s.env.Buffers.Put(a.buf)
	}
}

// isEmpty reports whether the answer is the empty body.
func (s *Session) isEmpty(r *reply) bool {
	return r.stream == nil && !r.ends && r.name == nil && !s.needsAck(r) && s.report == 0
}

// needsAck: the answer acknowledges a later request (XEP-0124 §9.1).
func (s *Session) needsAck(r *reply) bool {
	return s.acks && r.rid != s.rid && r.rid != 0 && !s.creating
}

// appendHead appends the answer's start tag, without its end.
func (s *Session) appendHead(dst []byte, now timer.Time, r *reply) []byte {
	dst = append(dst, bodyStart...)
	if r.ends {
		dst = append(dst, terminates...)
		dst = appendCondition(dst, r.cond)
	}
	st := r.stream
	switch {
	case r.name != nil:
		dst = append(dst, " stream='"...)
		dst = xmlstream.AppendEscaped(dst, r.name)
		dst = append(dst, '\'')
	case st != nil && s.multi && !r.whole:
		dst = append(dst, " stream='"...)
		dst = appendUUID(dst, st.name)
		dst = append(dst, '\'')
	}
	if st != nil {
		dst = append(dst, st.attrs...)
	}
	if s.needsAck(r) {
		dst = appendNumber(dst, "ack", s.rid)
	}
	if s.report != 0 && r.rid != 0 {
		dst = s.appendReport(dst, now)
	}
	dst = append(dst, bodyNS...)
	if st != nil && st.hasXBosh {
		dst = append(dst, xboshNS...)
	}
	if st != nil && st.traits&traitStream != 0 { // decisions.md 8
		dst = append(dst, streamNS...)
	}
	return dst
}

// assemble puts an answer together: around the stream's undelivered elements, in the buffer that they are in.
func (s *Session) assemble(head []byte, st *stream) (buf []byte, off uint8) {
	pool := s.env.Buffers
	if st == nil || len(st.pending) == 0 {
		buf = append(pool.Get(len(head)+len(bodyEmptied)), head...)
		return append(buf, bodyEmptied...), 0
	}
	buf, st.pending = st.pending, nil
	size := len(head) + 1
	at := headRoom - size
	if at < 0 { // a long one: the creation's, as a rule
		buf = pool.Grow(buf, -at+len(bodyClose))
		n := len(buf)
		buf = buf[:n-at]
		copy(buf[size:], buf[headRoom:n])
		at = 0
	}
	copy(buf[at:], head)
	buf[at+size-1] = '>'
	return append(pool.Grow(buf, len(bodyClose)), bodyClose...), uint8(at)
}

// status is 200, or what a legacy client understands (XEP-0124 §17.1).
func (s *Session) status(r *reply) uint16 {
	if s.legacy && r.ends && !s.creating {
		return uint16(r.cond.legacyStatus())
	}
	return statusOK
}

// respondRecoverable tells a request's connection to repeat it (XEP-0124 §17.3). That is no answer for good.
func (s *Session) respondRecoverable(now timer.Time, h Handle) {
	s.idleSince = now
	s.send(h, &recoverable)
}

var recoverable = answer{buf: recoverableBody}

// send hands an answer to the driver, if somebody waits for it.
func (s *Session) send(h Handle, a *answer) {
	if h == 0 {
		return
	}
	r := &s.env.response
	*r = Response{Status: max(int(a.status), statusOK), ContentType: s.few().contentType, Body: a.body(), HasSASL: a.traits&traitSASL != 0}
	s.env.Out.Respond(h, r)
	*r = Response{}
}

func appendNumber(dst []byte, name string, n uint64) []byte {
	dst = append(dst, ' ')
	dst = append(dst, name...)
	dst = append(dst, "='"...)
	dst = strconv.AppendUint(dst, n, 10)
	return append(dst, '\'')
}

func appendSeconds(dst []byte, name string, t timer.Time) []byte {
	return appendNumber(dst, name, uint64(t/timer.Second))
}
