package wsconn

import (
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/wsframe"
)

// Session is one client's WebSocket: a record of the driver's, by value. The zero value is free; Create opens it, Output.End says that it
// is free again. It must not be copied in between.
//
// Only become writes the state. The stream lives while streaming is set: in stateOpen always.
type Session struct {
	Tag  uint32 // the driver's own
	Slot uint32 // the driver's: which record this is

	env   *Env
	older *older // framingOlder: what its messages inherit
	hello []byte // owned: the to and from of a header that is not answered, with a NUL between them; nil: none
	pong  []byte // owned: the payload of a ping that is to be answered when the client reads again; nil: none

	deadline timer.Time // 0: none
	nextPing timer.Time // 0: no pings
	until    timer.Time // stateNew: the header's time; stateClosing, stateClosed: the close's; 0: unlimited

	reader  wsframe.Reader
	random  [16]byte // what ids are made of where the server gave none
	over    uint32   // bytes that were sent since the client was found not to read
	deflate wsframe.Deflate

	state   state
	framing framing
	missed  uint8 // pings since something was heard

	streaming bool // there is a stream that has neither ended nor been terminated
	headed    bool // it has been sent a header of ours
	owed      bool // a header of its own is unanswered
	silent    bool // the client has sent nothing since its header was answered
	fresh     bool // owed: it had been silent when it asked for a restart
	pressed   bool // the client does not read what was sent
}

// Create opens the session on a socket that was upgraded. Whether the subprotocol was agreed on makes no difference: the first message decides
// (decisions.md 17). random is for ids that nobody should guess.
func (s *Session) Create(now timer.Time, env *Env, slot uint32, d wsframe.Deflate, random [16]byte) {
	*s = Session{Tag: s.Tag, Slot: slot, env: env, deflate: d, random: random}
	s.reader.Reset(env.Frames, env.Config.MessageBytesMax, d)
	if ping := env.Config.Ping; ping > 0 {
		s.nextPing = now + ping
	}
	s.become(stateNew)
	s.bound(now, env.Config.OpenMax)
}

// Deadline is when HandleTimeout is wanted; 0: not at all. It moves later without notice.
func (s *Session) Deadline() timer.Time { return s.deadline }

// become moves to a state. Each state's entry actions are here.
func (s *Session) become(st state) {
	s.state = st
	s.until = 0
	switch st {
	case stateNew, stateOpen:
	case stateClosing:
		s.drop()
	case stateClosed, stateFree:
		s.drop()
		s.reader.Release()
		if st == stateFree {
			s.deadline = 0
			s.env.Out.End(s)
		}
	}
}

// drop gives back what only a live session needs.
func (s *Session) drop() {
	pool := s.env.Buffers
	pool.Put(s.hello)
	pool.Put(s.pong)
	s.hello, s.pong, s.older = nil, nil, nil
	s.owed, s.nextPing = false, 0
}

// bound gives the state its time; after 0: it has none.
func (s *Session) bound(now, after timer.Time) {
	if after > 0 {
		s.until = now + after
	}
	s.setDeadline()
}

// setDeadline stores when the session next has something to do by itself.
func (s *Session) setDeadline() {
	due := timer.Earlier(s.until, s.nextPing)
	old := s.deadline
	s.deadline = due
	if due != 0 && (old == 0 || due < old) {
		s.env.Out.Deadline(s)
	}
}

// HandleTimeout does what is due by now; nothing, when it comes early.
func (s *Session) HandleTimeout(now timer.Time) {
	if s.deadline == 0 || now < s.deadline {
		return
	}
	if s.until == 0 || now < s.until {
		s.ping(now)
		return
	}
	switch s.state {
	case stateFree, stateOpen:
	case stateNew:
		// There is no stream, and no framing, to say anything in.
		s.end(now, farewell{cond: CondConnectionTimeout, mute: true})
	case stateClosing:
		s.closeSocket(now)
	case stateClosed:
		s.until = 0
		s.setDeadline()
		s.env.Out.AbortSocket(s)
	}
}
