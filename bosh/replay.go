package bosh

import "go-xmpp-bosh/timer"

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
	if a.buf != nil || s.acks {
		if s.replay == nil {
			s.replay = s.env.answers()
		}
		s.replay = append(s.replay, a)
	}
	floor := int64(a.rid) + 1 - int64(s.requests)
	if s.acks { // as many as are not acknowledged
		floor = max(min(floor, int64(s.acked)+1), int64(a.rid)+1-replayFactor*int64(s.requests))
	}
	s.raiseFloor(uint64(max(floor, 1)))
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

// answersKept bounds the free list, answersCap is the room of what it holds.
const (
	answersKept = 1024
	answersCap  = 4
)

// answers gives room for a few answers.
func (env *Env) answers() []answer {
	n := len(env.free)
	if n == 0 {
		return make([]answer, 0, answersCap)
	}
	a := env.free[n-1]
	env.free[n-1] = nil
	env.free = env.free[:n-1]
	return a
}

// putAnswers takes it back, empty.
func (env *Env) putAnswers(a []answer) {
	if cap(a) == answersCap && len(env.free) < answersKept {
		env.free = append(env.free, a[:0])
	}
}

// Trim gives the memory that waits for further answers to the garbage collector.
func (env *Env) Trim() { env.free, env.scratch = nil, nil }
