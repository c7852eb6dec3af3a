package million

import (
	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/buffer"
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/wsconn"
	"go-xmpp-bosh/wsframe"
	"go-xmpp-bosh/xmlstream"
	"go-xmpp-bosh/xmppconn"
)

// Kind is what the sessions of a world are.
type Kind string

// The kinds.
const (
	BOSH      Kind = "bosh"
	WebSocket Kind = "websocket"
)

func (k Kind) String() string { return string(k) }

// link is what either kind of session has of its stream's.
type link struct {
	stream      xmppconn.Stream
	streamTimer timer.Node
	timer       timer.Node // the session's
}

type boshRecord struct {
	bosh.Session
	link
}

type socketRecord struct {
	wsconn.Session
	link
}

// chunkRecords is how many records one allocation holds, as in package proxy.
const chunkRecords = 64

// slab holds records that never move.
type slab[T any] struct{ chunks []*[chunkRecords]T }

func (s *slab[T]) at(i uint32) *T { return &s.chunks[i/chunkRecords][i%chunkRecords] }

func (s *slab[T]) grow(n int) {
	for len(s.chunks)*chunkRecords < n {
		s.chunks = append(s.chunks, new([chunkRecords]T))
	}
}

// World is a driver with its sessions, and the far ends of both their sides.
type World struct {
	kind    Kind
	now     timer.Time
	wheel   *timer.Wheel
	buffers buffer.Pool
	parser  bosh.Parser
	config  bosh.Config
	sockets wsconn.Config

	env       bosh.Env
	socketEnv wsconn.Env
	streamEnv xmppconn.Env

	bosh slab[boshRecord]
	ws   slab[socketRecord]
	open int

	clients []client // allocated before anything is measured
	answer  []byte   // the last one to a BOSH client
	answers uint64   // to requests of BOSH clients
	frames  uint64   // to WebSocket clients
	sent    uint64   // writes to servers
	ended   uint64   // sessions that ended, which none should
	request []byte
}

// client is what a client knows of its session.
type client struct {
	sid [48]byte
	n   uint8  // bytes of sid
	rid uint32 // requests made
}

// New makes a world with room for n clients.
func New(kind Kind, n int) *World {
	w := &World{kind: kind, now: 1000, config: bosh.DefaultConfig(), sockets: wsconn.DefaultConfig(), clients: make([]client, n)}
	w.wheel = timer.NewWheel(w.now)
	scan := xmlstream.NewPool()
	w.env = bosh.Env{Config: &w.config, Out: (*boshSide)(w), Buffers: &w.buffers, Parser: &w.parser}
	w.socketEnv = wsconn.Env{Config: &w.sockets, Out: (*socketSide)(w), Buffers: &w.buffers, Frames: wsframe.NewPool(&w.buffers), Scan: scan}
	w.streamEnv = xmppconn.NewEnv((*streamSide)(w), &w.buffers, scan)
	return w
}

// link of the session in a slot.
func (w *World) link(slot uint32) *link {
	if w.kind == BOSH {
		return &w.bosh.at(slot).link
	}
	return &w.ws.at(slot).link
}

// arm sets a timer to a deadline, if that is earlier than what is set; as a driver's, it catches up lazily with those that move later.
func (w *World) arm(n *timer.Node, due timer.Time) {
	if due != 0 && (!n.Armed() || due < n.Due()) {
		w.wheel.Set(n, due)
	}
}

// keys of timers: the slot, and whose it is.
const streamKey = 1

// Advance lets time pass, and says how many timers fired.
func (w *World) Advance(to timer.Time) (fired int) {
	w.now = to
	w.wheel.Advance(to, func(n *timer.Node) {
		fired++
		slot := uint32(n.Key >> 1)
		if n.Key&streamKey != 0 {
			w.fire(n, &w.link(slot).stream)
			return
		}
		if w.kind == BOSH {
			s := w.bosh.at(slot)
			before := w.answers
			w.fire(n, &s.Session)
			if w.answers != before {
				w.poll(slot)
			}
			return
		}
		s := w.ws.at(slot)
		before := w.frames
		w.fire(n, &s.Session)
		if w.frames != before {
			w.pong(slot)
		}
	})
	return fired
}

// machine is what has a deadline.
type machine interface {
	Deadline() timer.Time
	HandleTimeout(now timer.Time)
}

func (w *World) fire(n *timer.Node, m machine) {
	if due := m.Deadline(); due > w.now {
		w.wheel.Set(n, due)
		return
	} else if due != 0 {
		m.HandleTimeout(w.now)
	}
	w.arm(n, m.Deadline())
}
