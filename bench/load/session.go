package load

import (
	"go-xmpp-bosh/bench/epoll"
	"go-xmpp-bosh/bench/wire"
)

// phase is a session's life.
type phase uint8

const (
	phaseOpening phase = iota
	phaseReady
	phaseClosing
	phaseOver
)

func (p phase) String() string {
	switch p {
	case phaseOpening:
		return "opening"
	case phaseReady:
		return "ready"
	case phaseClosing:
		return "closing"
	case phaseOver:
		return "over"
	}
	return "unknown"
}

// session is one client. Only the generator's setPhase writes the phase.
type session struct {
	number int
	at     int // in the generator's list
	phase  phase
	step   wire.Step
	jid    string
	sid    string // BOSH
	rid    uint64 // BOSH: of the last request
	links  [2]*link

	due     int64  // when the next message is, or was, to be sent; 0: none
	sentAt  int64  // Static: when the last one was due
	sent    uint32 // numbers of the last messages
	echoed  uint32
	pushed  uint32
	awaited bool // a message is under way
	silent  bool // no echo since the closed loops began
	closing bool // churn: ends with the next echo
}

// link is one connection of a session.
type link struct {
	fd       int
	s        *session
	side     uint8
	busy     bool // BOSH, Static: a request waits for its answer
	upgraded bool // WebSocket: frames are spoken
	begun    []byte
	out      epoll.Output
	tls      *tlsLink
}
