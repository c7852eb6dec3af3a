package null

import (
	"cmp"
	"slices"

	"go-xmpp-bosh/bench/epoll"
	"go-xmpp-bosh/bench/wire"
)

// pusher sends to all bound sessions in turn, with so many messages under way that the server under test always has work, and never
// two to one session as long as the window is no larger than the number of sessions.
type pusher struct {
	arrived epoll.Counter
	on      bool
	window  uint64
	size    int
	targets []int // descriptors
	next    int
	base    uint64 // of arrived, when the push began
	sent    uint64
	message []byte
}

func (p *pusher) full() bool {
	return p.sent-(p.arrived.Load()-p.base) >= p.window
}

// StartPush begins to push; it is called inside Do. The number of sessions is returned.
func (s *Server) StartPush(window, size int) int {
	p := &s.push
	p.targets = p.targets[:0]
	for fd, c := range s.conns {
		if c.jid != "" {
			p.targets = append(p.targets, fd)
		}
	}
	slices.SortFunc(p.targets, func(a, b int) int { return cmp.Compare(s.table[a].number, s.table[b].number) })
	p.window = uint64(max(1, min(window, len(p.targets))))
	p.size, p.next, p.sent = size, 0, 0
	p.base = p.arrived.Load()
	p.on = len(p.targets) > 0
	return len(p.targets)
}

// StopPush ends it; it is called inside Do. It returns how many messages were sent.
func (s *Server) StopPush() uint64 {
	s.push.on = false
	return s.push.sent
}

// pushBatch bounds the messages between two looks at the sockets.
const pushBatch = 64

func (s *Server) pushSome() {
	p := &s.push
	if !p.on {
		return
	}
	for range pushBatch {
		if p.full() {
			return
		}
		fd := p.targets[p.next]
		p.next = (p.next + 1) % len(p.targets)
		c := s.find(fd)
		if c == nil || c.jid == "" {
			p.on = false // a session went: the run has failed, and says so elsewhere
			return
		}
		c.pushed++
		p.message = wire.AppendMessage(p.message[:0], c.jid, wire.Mark{Kind: wire.KindPush, Seq: c.pushed, Time: epoll.Now()}, p.size)
		if err := c.out.Send(s.poll, fd, p.message); err != nil {
			s.drop(fd)
			return
		}
		p.sent++
	}
}
