package proxy

import (
	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/xmlstream"
	"go-xmpp-bosh/xmppconn"
)

// settling is what callbacks leave to be done once the machine that asked for it is no longer on the stack.
type settling struct {
	later   []task
	dirty   []uint32 // sessions that were given stanzas since they were last flushed
	slowed  slowed
	flooded *backend // whose output the request at hand has made too much
	busy    owner    // who is at work on what its client sent
	dead    []grave  // slots that are free once the callback has returned
	counted census   // what the other loops know
}

// task is one output that concerns another machine.
type task struct {
	do      taskKind
	clean   bool
	reason  xmppconn.Reason
	session uint32
	backend uint32
	handle  bosh.Handle
	el      *xmlstream.Element
	ref     *SessionRef
}

type taskKind uint8

const (
	taskRelease   taskKind = iota // session, handle: answer this held request now
	taskGone                      // session, handle: this request's connection is gone
	taskUnsent                    // session, handle: the answer to this request was not taken by its connection
	taskConnect                   // backend: look for a server
	taskEnd                       // backend, reason: tell the session that its stream is over
	taskResponse                  // backend, el: an element for the session
	taskTerminate                 // backend, clean: the session is done with the stream
	taskPressed                   // session, which is a WebSocket: its client does not read
	taskFault                     // ref: end this session, for a function of the program's panicked
)

func (k taskKind) String() string {
	names := [...]string{"release", "gone", "unsent", "connect", "end", "response", "terminate", "pressed", "fault"}
	if int(k) < len(names) {
		return names[k]
	}
	return "invalid"
}

// grave is a record that has ended; the loop may hold a pointer to it until the callback returns.
type grave struct {
	kind slotKind
	slot uint32
}

type slotKind uint8

const (
	slotClient slotKind = iota
	slotSession
	slotBackend
	slotSocket
)

func (k slotKind) String() string {
	switch k {
	case slotClient:
		return "client"
	case slotSession:
		return "session"
	case slotBackend:
		return "backend"
	case slotSocket:
		return "socket"
	}
	return "invalid"
}

// enter begins a callback of the loop. Callbacks never nest. settle is not deferred: a panic must not run what the callback
// had put off.
func (s *Server) enter() {
	for _, g := range s.dead {
		s.leaveAdmission(holder(g))
		switch g.kind {
		case slotClient:
			s.clients.free(g.slot)
			delete(s.callers.clients, g.slot)
		case slotSession:
			s.sessions.free(g.slot)
			s.fall()
		case slotBackend:
			s.backends.free(g.slot)
			delete(s.callers.backends, g.slot)
			if s.program != nil {
				delete(s.program.streams, g.slot)
			}
		case slotSocket:
			s.sockets.free(g.slot)
			s.fall()
			delete(s.callers.sockets, g.slot)
		}
	}
	s.dead = s.dead[:0]
	s.callers.serving = nil
}

// settle ends a callback: it does what was put off and then, since that is what all of it was for, lets each session that
// was given stanzas answer. Flushing may put off more, so it goes round until nothing is left; each round consumes what
// the one before it queued, and nothing queues without an input, so the rounds end.
func (s *Server) settle() {
	for len(s.later) > 0 || len(s.dirty) > 0 {
		for i := 0; i < len(s.later); i++ {
			s.do(s.later[i])
		}
		s.later = s.later[:0]
		for i := 0; i < len(s.dirty); i++ {
			if ss := s.sessions.get(s.dirty[i]); ss != nil {
				ss.dirty = false
				ss.Flush(s.now())
			}
		}
		s.dirty = s.dirty[:0]
	}
	if now := (census{s.env.Counts.Opened, s.env.Counts.Ended, s.sockets.live, s.loop.Conns()}); now != s.counted {
		s.counted = now
		s.note()
	}
}

func (s *Server) do(t task) {
	switch t.do {
	case taskRelease:
		if ss := s.sessions.get(t.session); ss != nil {
			ss.HandleRelease(s.now(), t.handle)
		}
	case taskGone:
		if ss := s.sessions.get(t.session); ss != nil {
			ss.HandleGone(s.now(), t.handle)
		}
	case taskUnsent:
		if ss := s.sessions.get(t.session); ss != nil {
			ss.HandleUnsent(s.now(), t.handle)
		}
	case taskPressed:
		if w := s.sockets.get(t.session); w != nil {
			w.HandlePressure(s.now(), true)
		}
	case taskFault:
		t.ref.terminate(xmppconn.ReasonInternal)
	case taskConnect, taskEnd, taskResponse, taskTerminate:
		if b := s.backends.get(t.backend); b != nil && (!b.ended || t.do == taskEnd) {
			s.doBackend(b, t)
		}
	}
}

func (s *Server) doBackend(b *backend, t task) {
	w := b.owner()
	switch t.do {
	case taskConnect:
		b.connect()
	case taskEnd:
		if b.carried {
			b.refuseCarried(t.reason)
		} else if w != nil {
			b.end(w, t.reason, nil)
		}
	case taskResponse:
		if w != nil {
			b.deliver(w, t.el)
		}
	case taskTerminate:
		if b.carried {
			b.terminateCarried(t.clean)
			return
		}
		b.xmpp.HandleTerminate(s.now(), t.clean)
	case taskRelease, taskGone, taskUnsent, taskPressed, taskFault:
	}
}

// put leaves a task for settle.
func (s *Server) put(t task) { s.later = append(s.later, t) }

// handlePanic is called by the loop when a callback of ours has panicked. What the callback had put off is dropped, since
// it may be what panicked: streams that it was about go with it, and so does the client at work.
func (s *Server) handlePanic(value any, stack []byte) {
	s.log.Error("a fault in bosh-server itself: please report it; one connection was lost", "panic", value, "stack", string(stack))
	dropped, dirty, busy := s.later, s.dirty, s.busy
	s.later, s.dirty, s.busy = nil, nil, nil
	for _, slot := range dirty {
		if ss := s.sessions.get(slot); ss != nil {
			ss.dirty = false
		}
	}
	for _, t := range dropped {
		if t.do == taskConnect || t.do == taskTerminate || t.do == taskEnd {
			if b := s.backends.get(t.backend); b != nil && (t.do != taskEnd || b.carried) {
				b.abort()
			}
		}
	}
	if busy != nil {
		s.enter()
		busy.handleFault(s)
		s.settle()
	}
}

// touch marks a session to be flushed.
func (s *Server) touch(ss *session) {
	if !ss.dirty {
		ss.dirty = true
		s.dirty = append(s.dirty, ss.slot)
	}
}

func (s *Server) bury(kind slotKind, slot uint32) {
	s.dead = append(s.dead, grave{kind, slot})
}
