package proxy

import (
	"hash/maphash"
	"net/netip"
	"sync"
	"sync/atomic"
)

// shared is what the loops of a Group know of one another for the sake of limits, which are for all of them together. It is touched when a connection, a session or a stream
// begins or ends, and never for a message.
type shared struct {
	sessions counts[netip.Addr] // by address
	conns    counts[netip.Addr] // by address
	domains  counts[string]     // streams by domain
	loads    []load             // by loop
}

func newShared(loops int) *shared { return &shared{loads: make([]load, max(1, loops))} }

// counts counts by key. It is in parts so that loops seldom wait for one another, and then for no more than a look into a map. Without a limit it stays empty.
type counts[K comparable] struct {
	parts [countsParts]countsPart[K]
}

const countsParts = 32

type countsPart[K comparable] struct {
	mu sync.Mutex
	n  map[K]int
	_  [48]byte // a cache line each
}

// countsSeed is nobody's to know who would like all keys in one part.
var countsSeed = maphash.MakeSeed()

func (c *counts[K]) part(k K) *countsPart[K] {
	return &c.parts[maphash.Comparable(countsSeed, k)%countsParts]
}

// take adds one for k, if that stays within limit.
func (c *counts[K]) take(k K, limit int) bool {
	p := c.part(k)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.n == nil {
		p.n = map[K]int{}
	}
	if p.n[k] >= limit {
		return false
	}
	p.n[k]++
	return true
}

// give takes one away.
func (c *counts[K]) give(k K) {
	p := c.part(k)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.n[k]--; p.n[k] <= 0 {
		delete(p.n, k)
	}
}

// load is what one loop has. The loop writes it when it changes; the others read it when a session is about to begin.
type load struct {
	sessions    atomic.Int64 // of both kinds
	descriptors atomic.Int64 // that these may come to take
	conns       atomic.Int64
	_           [40]byte // a cache line each
}

// census changes whenever a session or a connection begins or ends.
type census struct {
	opened, ended  uint64 // over BOSH
	sockets, conns int
}

// note publishes what this loop has, if others want to know.
func (s *Server) note() {
	if len(s.shared.loads) < 2 {
		return
	}
	l := &s.shared.loads[s.index]
	l.sessions.Store(int64(s.live()))
	l.descriptors.Store(int64(s.descriptorsTaken()))
	l.conns.Store(int64(s.loop.Conns()))
}

// others adds up what the other loops have published.
func (s *Server) others() (sessions, descriptors, conns int) {
	if len(s.shared.loads) < 2 {
		return 0, 0, 0
	}
	for i := range s.shared.loads {
		if l := &s.shared.loads[i]; i != s.index {
			sessions += int(l.sessions.Load())
			descriptors += int(l.descriptors.Load())
			conns += int(l.conns.Load())
		}
	}
	return sessions, descriptors, conns
}
