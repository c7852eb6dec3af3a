package bosh

import (
	"math/bits"

	"go-xmpp-bosh/timer"
)

// answer is one that was made and may be asked for again (XEP-0124 §14.3).
type answer struct {
	rid    uint64
	at     timer.Time // when it was made
	handle Handle     // the request that it was given to; 0: to several
	buf    []byte     // owned; nil: the empty body
	inside uint16     // where in buf the stream's elements begin; 0: there are none, or it can't be taken apart
	status uint16     // 0: 200
	off    uint8      // where in buf the body begins
	stream StreamID   // whose payload is inside
	traits traits
}

// traits are what the elements of an answer call for.
type traits uint8

const (
	traitSASL   traits = 1 << iota // elements of SASL
	traitStream                    // elements with the prefix stream
	traitEnds                      // type='terminate'
)

func (a *answer) body() []byte {
	if a.buf == nil {
		return emptyBody
	}
	return a.buf[a.off:]
}

// replayFactor: a client that acknowledges nothing gets no more of its answers kept than this times the window.
const replayFactor = 4

// retain closes the books on a request, whose answer has been made, and lets answers go that nobody may ask for any more. Empty answers
// leave no entry, unless it must be known when they were made.
func (s *Session) retain(a answer) {
	s.answered = a.rid
	floor := int64(a.rid) + 1 - int64(s.requests)
	if s.acks { // as many as are not acknowledged
		floor = max(min(floor, int64(s.acked)+1), int64(a.rid)+1-replayFactor*int64(s.requests))
	}
	s.raiseFloor(uint64(max(floor, 1)))
	if a.buf != nil || s.acks {
		s.replay = s.env.appendAnswer(s.replay, a)
	}
}

// raiseFloor releases the answers before floor.
func (s *Session) raiseFloor(floor uint64) {
	s.floor = max(s.floor, floor)
	n := 0
	for n < len(s.replay) && s.replay[n].rid < s.floor {
		s.env.Buffers.Put(s.replay[n].buf)
		n++
	}
	if n == 0 {
		return
	}
	left := copy(s.replay, s.replay[n:])
	clear(s.replay[left:])
	s.replay = s.replay[:left]
	if left == 0 {
		s.env.putAnswers(s.replay)
		s.replay = nil
	}
}

// retained is the kept answer to rid; nil: it is gone, or rid was never answered.
func (s *Session) retained(rid uint64) *answer {
	for i := range s.replay {
		if s.replay[i].rid == rid {
			return &s.replay[i]
		}
	}
	if s.floor <= rid && rid <= s.answered {
		return &emptyAnswer
	}
	return nil
}

var emptyAnswer answer

// IsStale reports whether a request with this rid was answered so long ago that its answer is not kept any more: to repeat it ends the session (XEP-0124 §14.3).
func (s *Session) IsStale(rid uint64) bool {
	return s.state == stateOpen && 0 < rid && rid <= s.answered && s.retained(rid) == nil
}

// repeat handles a request whose rid has been taken before (XEP-0124 §14.3). It takes no effect again.
func (s *Session) repeat(now timer.Time, h Handle, rid uint64) {
	s.pauseOver(rid)
	if rid <= s.answered {
		a := s.retained(rid)
		switch {
		case a == nil:
			s.fail(now, h, CondItemNotFound)
		case s.countRepeat(now, h):
			s.reply(now, h, a)
		}
		return
	}
	o := s.at(rid)
	if o.isVoid() { // decided, though its turn has not come
		if s.countRepeat(now, h) {
			s.reply(now, h, &emptyAnswer)
		}
		return
	}
	s.repeatHeld(now, h, &o.handle)
	if s.state == stateOpen {
		o.until = s.waitEnd(now, rid)
	}
}

// waitEnd is when the wait of a request that is held again runs out: not after that of one behind it, which is answered after it.
func (s *Session) waitEnd(now timer.Time, rid uint64) timer.Time {
	until := now + timer.Time(s.wait)
	for rid++; rid <= s.rid; rid++ {
		if o := s.at(rid); o.handle != 0 {
			until = min(until, o.until)
		}
	}
	return until
}

// reply answers with what was answered before.
func (s *Session) reply(now timer.Time, h Handle, a *answer) {
	s.idleSince = now
	s.resend(h, a)
}

// resend gives an answer once more. From now on there are two connections on which it may arrive.
func (s *Session) resend(h Handle, a *answer) {
	if a != &emptyAnswer {
		a.handle = 0
	}
	s.send(h, a)
}

// repeatHeld moves what is held to the newest copy of its request. The copy before it, which may be dead without our knowing, gets
// an error that says to repeat it: an answer like any other would lose data, should it overtake (decisions.md 2).
func (s *Session) repeatHeld(now timer.Time, h Handle, at *Handle) {
	if !s.countRepeat(now, h) {
		return
	}
	old := *at
	*at = h
	if old != 0 {
		s.respondRecoverable(now, old)
	}
}

// countRepeat reports whether the client may repeat once more (XEP-0124 §14.3); if not, the session has ended.
func (s *Session) countRepeat(now timer.Time, h Handle) bool {
	limit := s.env.Config.RepeatsMax
	if limit == 0 {
		return true
	}
	if int(s.repeats) >= min(limit, 255) {
		s.fail(now, h, CondPolicyViolation)
		return false
	}
	s.repeats++
	return true
}

// answersKept bounds each free list of room for answers; there is one for each of the few sizes that usual sessions need: 1, 2 and 4. Room for one, which a session
// takes when it speaks after a rest, is made several at once.
const (
	answersKept  = 1024
	answersLists = 3
	answersChunk = 16
)

// appendAnswer appends to a session's answers. Their room is made to measure: idle sessions have one answer, or none.
func (env *Env) appendAnswer(list []answer, a answer) []answer {
	if len(list) == cap(list) {
		longer := append(env.roomForAnswers(max(1, 2*cap(list))), list...)
		env.putAnswers(list)
		list = longer
	}
	return append(list, a)
}

// roomForAnswers gives room for n answers.
func (env *Env) roomForAnswers(n int) []answer {
	class := bits.Len(uint(n)) - 1
	if class == 0 && len(env.free[0]) == 0 {
		chunk := make([]answer, answersChunk)
		for i := range chunk {
			env.free[0] = append(env.free[0], chunk[i:i:i+1])
		}
	}
	if class >= answersLists || len(env.free[class]) == 0 {
		return make([]answer, 0, n)
	}
	list := env.free[class]
	last := len(list) - 1
	room := list[last]
	list[last] = nil
	env.free[class] = list[:last]
	return room
}

// putAnswers takes room back, and clears it.
func (env *Env) putAnswers(list []answer) {
	class := bits.Len(uint(cap(list))) - 1
	if class < 0 || class >= answersLists || len(env.free[class]) == answersKept {
		return
	}
	clear(list[:cap(list)])
	env.free[class] = append(env.free[class], list[:0])
}

// Trim gives the memory that waits for further answers to the garbage collector.
func (env *Env) Trim() { env.free, env.scratch = [answersLists][][]answer{}, nil }
