package bosh

import "go-xmpp-bosh/timer"

// ending says who ended a session, and so who is told what.
type ending uint8

const (
	endedByServer  ending = iota // its last stream ended, or we do: the oldest request learns it
	endedByClient                // its terminate
	endedByFault                 // a request broke the rules
	endedBySilence               // nobody asks any more
)

func (e ending) String() string {
	switch e {
	case endedByServer:
		return "server"
	case endedByClient:
		return "client"
	case endedByFault:
		return "fault"
	case endedBySilence:
		return "silence"
	}
	return "invalid"
}

// lingerTime is for how long, beyond wait, a session that has ended remembers why; and, without wait, for a client that has ended it itself and was answered, in
// case it has not got the answer.
const lingerTime = 5 * timer.Second

// HandleShutdown ends the session from our side: CondSystemShutdown, or CondSeeOtherURI with where to go (XEP-0124 §17.2), or any
// other condition.
func (s *Session) HandleShutdown(now timer.Time, cond Condition, uri []byte) {
	if s.state == stateOpen {
		s.end(now, cond, endedByServer, 0, uri)
	}
}

// fail ends the session because of a request.
func (s *Session) fail(now timer.Time, h Handle, cond Condition) {
	s.end(now, cond, endedByFault, h, nil)
}

// end is how every session ends. offender is the request that is its reason, if any.
func (s *Session) end(now timer.Time, cond Condition, by ending, offender Handle, uri []byte) {
	creating := s.creating
	s.by, s.cond = by, cond
	s.setState(now, stateEnded)
	for i := range s.streams() { // nothing more is granted
		s.trim(s.stream(StreamID(i)))
	}
	if by == endedBySilence {
		s.forget(now)
		return
	}
	if uri != nil && s.multi || offender == 0 && s.held() == 0 && !s.isAwaited() {
		s.bounce(false) // no answer will carry it
	}
	if uri != nil {
		s.enqueueURI(uri)
	}
	s.answerOpen(now, offender)
	s.answerKept(now)
	if s.told {
		s.bounce(true)
	}
	s.leaveStreams(by == endedByClient)
	if cond != CondNone {
		s.env.Out.Error(s, cond)
	}
	if creating { // nobody knows the sid
		s.setState(now, stateNone)
		return
	}
	s.setForgetAt(now)
	s.setDeadline()
}

// isAwaited reports whether a request that came too early waits for an answer.
func (s *Session) isAwaited() bool {
	for i := range s.kept {
		if s.kept[i].handle != 0 {
			return true
		}
	}
	return false
}

// enqueueURI has the answer that ends the session say where to go (XEP-0124 §17.2).
func (s *Session) enqueueURI(uri []byte) {
	st, pool := &s.first, s.env.Buffers
	if st.pending == nil {
		st.pending = pool.Get(headRoom + len(uri) + len("<uri></uri>") + len(bodyClose))[:headRoom]
	}
	st.pending = appendURI(pool.Grow(st.pending, len(uri)+len("<uri></uri>")), uri)
	s.hasURI = true
}

// answerOpen answers all open requests of a session that has ended, and the offender.
func (s *Session) answerOpen(now timer.Time, offender Handle) {
	for s.answered < s.rid {
		rid := s.answered + 1
		o := s.at(rid)
		if o.isGone() { // the last one: its repeat will learn it
			break
		}
		if o.isVoid() {
			s.retain(answer{rid: rid, at: now})
			continue
		}
		blamed := o.handle == offender
		if blamed {
			offender = 0
		}
		s.answerLast(now, rid, o.handle, blamed)
	}
	if offender != 0 {
		s.answerLast(now, 0, offender, true)
	}
}

// answerLast answers one request of a session that has ended: the oldest learns why, and gets what is pending (XEP-0124 §13);
// the others get an empty body, or the blame put on another (§17.2).
func (s *Session) answerLast(now timer.Time, rid uint64, h Handle, blamed bool) {
	r := reply{rid: rid, handle: h}
	switch {
	case s.owesPayload(blamed):
		r.stream = s.nextPending()
	case s.by == endedByFault && !blamed:
		r.ends, r.cond = true, CondOtherRequest
	case s.by == endedByFault || !s.told:
		r.ends, r.cond = true, s.cond
	}
	if r.ends {
		s.tell(&r)
	}
	s.respond(now, &r)
}

// owesPayload: where there have been several streams, an answer that ends the session can't carry payload, since it names no stream
// (XEP-0124 §16.4 and §16.6). Answers before it do, as long as there are any.
func (s *Session) owesPayload(blamed bool) bool {
	if !s.multi || blamed || s.told || s.hasURI || !s.hasPending() {
		return false
	}
	return s.held() > 1 || s.by == endedByServer && s.openStreams() == 0
}

// tell makes r the answer that ends the session.
func (s *Session) tell(r *reply) {
	r.whole = true
	if !s.told && (!s.multi || s.hasURI) && s.first.hasPayload() {
		r.stream = &s.first
	}
	s.told = s.told || r.handle != 0
}

// answerKept answers the requests that came before their turn. It won't come.
func (s *Session) answerKept(now timer.Time) {
	cond := s.cond
	if s.by == endedByClient || s.by == endedByFault {
		cond = CondOtherRequest
	}
	for len(s.kept) > 0 {
		h := s.kept[0].handle
		s.dropKept(0)
		if h != 0 {
			r := reply{handle: h, ends: true, cond: cond}
			s.tell(&r)
			s.respond(now, &r)
		}
	}
}

// leaveStreams closes what is still open.
func (s *Session) leaveStreams(clean bool) {
	for i := range s.streams() {
		if st := s.stream(StreamID(i)); !st.ended {
			st.close(CondNone)
			st.told = true
			s.env.Out.StreamTerminate(s, StreamID(i), clean)
		}
	}
}

// setForgetAt: who was told may ask again for a while; who wasn't has as long as any client (decisions.md 6).
func (s *Session) setForgetAt(now timer.Time) {
	if s.told && s.by == endedByClient {
		s.forgetAt = now + lingerTime
		return
	}
	s.forgetAt = now + timer.Time(s.wait) + lingerTime
	limit := s.inactivity
	if s.pause > 0 {
		limit = s.pause
	}
	if !s.told && limit > 0 {
		s.forgetAt = s.idleSince + timer.Time(limit)
	}
}

// answerEnded answers a request to a session that has ended (decisions.md 6).
func (s *Session) answerEnded(now timer.Time, h Handle, rid uint64) {
	if rid != 0 {
		if a := s.retained(rid); a != nil {
			s.resend(h, a)
			return
		}
	}
	// The client's own terminate may have taken effect without a connection to answer it on (decisions.md 6).
	own := s.by == endedByClient && rid == s.rid && rid > s.answered
	if !own && (s.told || rid <= s.answered || s.by == endedByClient) {
		cond := s.cond
		switch {
		case rid == 0:
			cond = CondBadRequest
		case rid <= s.answered, s.by == endedByClient, cond == CondNone:
			cond = CondItemNotFound
		}
		r := reply{handle: h, ends: true, cond: cond, whole: true}
		s.respond(now, &r)
		return
	}
	s.rid, s.answered = max(s.rid, rid), rid-1
	s.answerLast(now, rid, h, s.by == endedByFault)
	s.setForgetAt(now)
	s.setDeadline()
}

// fade ends the session because nobody asks any more: from now on it is as if it never was (XEP-0124 §10).
func (s *Session) fade(now timer.Time) { s.end(now, CondItemNotFound, endedBySilence, 0, nil) }

// forget is the end of the end: what nobody fetched is reported, and the record is free.
func (s *Session) forget(now timer.Time) {
	if s.by == endedBySilence {
		s.bounceUnacknowledged()
	}
	s.bounce(true)
	s.leaveStreams(false)
	s.answerOpen(now, 0) // there are only those who came where they could know nothing of
	s.answerKept(now)
	s.setState(now, stateNone)
}

// free gives all memory back. The slot and the tags stay readable for the driver's End.
func (s *Session) free() {
	for i := range s.streams() {
		s.freeStream(s.stream(StreamID(i)))
	}
	s.raiseFloor(s.answered + 1)
	for len(s.kept) > 0 {
		s.dropKept(0)
	}
	if s.rare != nil {
		*s.rare = rare{more: s.rare.more}
	}
	s.creating, s.deadline, s.sid = false, 0, [16]byte{}
}
