package wsconn

import (
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/wsframe"
)

// ping asks whether the client is there, again and again, whatever else goes to and fro: what stands in between may close a connection on
// which only one side speaks. Two questions without anything heard since, and it is taken for dead.
func (s *Session) ping(now timer.Time) {
	if s.missed >= missedMax {
		s.die(CondConnectionTimeout)
		return
	}
	if s.overflows() { // it sends, and never reads
		s.refuse(now, CondPolicyViolation)
		return
	}
	s.missed++
	s.nextPing = now + s.env.Config.Ping
	s.env.frame = wsframe.AppendPing(s.env.frame[:0], nil)
	s.send(s.env.frame)
	s.setDeadline()
}

// overflows reports whether a client that does not read was sent too much since. Its server is paused; what still comes is what had been
// read by then, and what the client itself goes on asking for. One element more than the limit passes, however large.
func (s *Session) overflows() bool {
	limit := s.env.Config.PendingMax
	return limit > 0 && s.pressed && int(s.over) >= limit
}

// pongRoom is the largest payload of a ping (RFC 6455 §5.5).
const pongRoom = 125

// handlePing answers a ping with what it said. To a client that does not read, only the latest is answered, when it does again
// (RFC 6455 §5.5.3): else its pings would pile up here as pongs.
func (s *Session) handlePing(payload []byte) {
	switch {
	case !s.state.isLive(): // our close is out
	case s.pressed:
		if s.pong == nil {
			s.pong = s.env.Buffers.Get(pongRoom)
		}
		s.pong = append(s.pong[:0], payload...)
	default:
		s.sendPong(payload)
	}
}

func (s *Session) sendPong(payload []byte) {
	s.env.frame = wsframe.AppendPong(s.env.frame[:0], payload)
	s.send(s.env.frame)
}

// HandlePressure: what waits for the client to read has passed the high-water mark, or has fallen below the low one, which is a sign of
// life too.
func (s *Session) HandlePressure(_ timer.Time, pressed bool) {
	if s.pressed == pressed || s.state == stateFree || s.state == stateClosed {
		return
	}
	s.pressed, s.over = pressed, 0
	if !pressed {
		s.missed = 0
		if s.pong != nil {
			s.sendPong(s.pong)
			s.env.Buffers.Put(s.pong)
			s.pong = nil
		}
	}
	switch {
	case !s.streaming:
	case pressed:
		s.env.Out.PauseStream(s)
	default:
		s.env.Out.ResumeStream(s)
	}
}
