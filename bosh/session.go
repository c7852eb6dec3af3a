package bosh

import "go-xmpp-bosh/timer"

// state is how far a session has come. What else there is to know (creating, held, told, paused, pressed) is orthogonal to it.
type state uint8

const (
	stateNone  state = iota // free, or forgotten: every input is ignored
	stateOpen               // requests take effect
	stateEnded              // over; who still asks learns why, for a while (decisions.md 6)
)

func (st state) String() string {
	switch st {
	case stateNone:
		return "none"
	case stateOpen:
		return "open"
	case stateEnded:
		return "ended"
	}
	return "invalid"
}

// Session is one BOSH session: a record of the driver's, by value. The zero value is free; Create opens it, Output.End says
// that it is free again. It must not be copied in between.
//
// Rids divide its requests: up to answered they have been answered, and from floor on their answers are still here; up to
// rid they have taken effect and are open; above, a few wait in kept for one that is missing. Only settle, end and
// answerEnded move answered, only take moves rid.
type Session struct {
	env  *Env
	sid  [16]byte
	slot uint32

	state state
	by    ending    // stateEnded: who ended it
	cond  Condition // stateEnded: why

	creating bool // the creation is unanswered: the client does not know its sid
	hasURI   bool // stateEnded: the first stream's pending is where to go instead
	told     bool // stateEnded: a living connection was told so
	legacy   bool // the client gave no ver: HTTP statuses stand in for conditions (XEP-0124 §17.1)
	polls    bool // hold or wait is 0: a polling session (XEP-0124 §12)
	multi    bool // more than one stream has been opened (XEP-0124 §16.4)
	acks     bool // both sides acknowledge (XEP-0124 §9)
	keyed    bool // rare.key holds the key sequence's next hash (XEP-0124 §15)
	pressed  bool // too much is undelivered: the streams are not read

	sentPayload bool // some body had a payload; with addressed, this recognises libpurple (clients.md)
	addressed   bool // a body that was neither creation nor restart had both "to" and a payload
	polled      bool // the newest request was an empty one
	bare        bool // its answer was too (both: XEP-0124 §12)

	hold     uint8 // requests that may be held
	requests uint8 // the window (XEP-0124 §14.2), and how many answers are kept
	turn     uint8 // the stream whose turn it is
	repeats  uint8 // since the newest request

	wait       uint32 // ms
	inactivity uint32 // ms; 0: unlimited
	pause      uint32 // ms; in force instead of inactivity until the next request; 0: none

	rid      uint64 // the newest that has taken effect
	answered uint64 // the newest that was answered
	floor    uint64 // the oldest whose answer is retained
	release  uint64 // open requests up to here are answered without waiting
	acked    uint64 // the newest whose answer the client has; valid with acks
	report   uint64 // the missing answer that the next one reports; 0: none (XEP-0124 §9.2)
	reported uint64 // the newest that was reported

	near [nearMax]open // the open requests, by rid modulo its length; or rare.wide, when the window is larger

	kept   []keptRequest // arrived before their turn, by rid; nil: none
	replay []answer      // the retained answers that are not just empty, by rid; nil: none

	first stream // stream 0
	rare  *rare  // nil: nothing of that

	arrived   timer.Time // when the newest request took effect
	idleSince timer.Time // the last answer, or the death of the last held connection: inactivity runs from here
	forgetAt  timer.Time // stateEnded: when nobody needs to ask any more
	deadline  timer.Time // 0: none

	domain uint64 // a hash of the domain of the session
}

// Slot is the session's number, which its sid names.
func (s *Session) Slot() uint32 { return s.slot }

// Deadline is when HandleTimeout is wanted; 0: not at all. It moves later without notice.
func (s *Session) Deadline() timer.Time { return s.deadline }

// setState moves the session on. Each state's entry actions are here.
func (s *Session) setState(now timer.Time, st state) {
	s.env.Counts.move(s.state, st)
	s.state = st
	switch st {
	case stateOpen:
		s.idleSince = now
	case stateEnded:
	case stateNone:
		s.free()
		s.env.Out.End(s)
	}
}

// setDeadline stores when the session next has something to do by itself.
func (s *Session) setDeadline() {
	due := s.nextDeadline()
	old := s.deadline
	s.deadline = due
	if due != 0 && (old == 0 || due < old) {
		s.env.Out.Deadline(s)
	}
}

func (s *Session) nextDeadline() timer.Time {
	switch s.state {
	case stateNone:
		return 0
	case stateEnded:
		return s.forgetAt
	case stateOpen:
	}
	due := s.idleDeadline()
	if o := s.front(); o != nil && o.handle != 0 {
		due = o.until // those behind it can't be due before: answers are made in rid order
	}
	for i := range s.kept {
		if s.kept[i].handle != 0 {
			due = timer.Earlier(due, s.kept[i].until)
		}
	}
	return due
}

// HandleTimeout does what is due by now; nothing, when it comes early.
func (s *Session) HandleTimeout(now timer.Time) {
	switch s.state {
	case stateNone:
		return
	case stateEnded:
		if now >= s.forgetAt {
			s.forget(now)
		}
		return
	case stateOpen:
	}
	s.expireKept(now)
	s.settle(now)
	if due := s.idleDeadline(); due != 0 && now >= due {
		s.fade(now)
	}
}
