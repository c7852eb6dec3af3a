package bosh

import (
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmlstream"
)

type state uint8

const stateNone state = 0

type Session struct {
	env   *Env
	sid   [16]byte
	slot  uint32
	state state
}

func (s *Session) Create(now timer.Time, env *Env, slot uint32, sid, stream [16]byte, h Handle, b *Body) {
}

func (s *Session) HandleRequest(now timer.Time, h Handle, b *Body) {}

func (s *Session) HandleGone(now timer.Time, h Handle) {}

func (s *Session) HandleRelease(now timer.Time, h Handle) {}

func (s *Session) HandleTimeout(now timer.Time) {}

func (s *Session) Deadline() timer.Time { return 0 }

func (s *Session) HandleStreamAdded(now timer.Time, st StreamID, hdr StreamHeader) {}

func (s *Session) HandleStreamRestarted(now timer.Time, st StreamID, hdr StreamHeader) {}

func (s *Session) HandleStanza(now timer.Time, st StreamID, el *xmlstream.Element) {}

func (s *Session) HandleStreamEnd(now timer.Time, st StreamID, cond Condition, errEl *xmlstream.Element) {
}
func (s *Session) Flush(now timer.Time)                                      {}
func (s *Session) HandleShutdown(now timer.Time, cond Condition, uri []byte) {}
func (s *Session) Slot() uint32                                              { return s.slot }
func (s *Session) Tag(st StreamID) uint32                                    { return 0 }
func (s *Session) SetTag(st StreamID, tag uint32)                            {}
func (s *Session) LogID() string                                             { return "" }
