package main

import (
	"fmt"
	"time"

	"go-xmpp-bosh/bench/crew"
	"go-xmpp-bosh/bench/load"
	"go-xmpp-bosh/bench/proc"
	"go-xmpp-bosh/bench/report"
)

// setUpAndIdle opens sessions in steps, and measures each step and the rest after it; after the first, paced traffic. Of a server that is
// there for the throughput of its loops, only the first step matters.
func (r *run) setUpAndIdle(s *subject) error {
	var err error
	if s.base, err = proc.KernelMemory(); err != nil {
		return err
	}
	// Once more, now that all servers have started: what processes share counts in part for each.
	if s.figures.Start, err = proc.MemoryOf(s.server.PID()); err != nil {
		return err
	}
	standing := r.first(s.target.Transport)
	if err := r.open(s, standing); err != nil {
		return err
	}
	if s.figures.Loops > 0 {
		return nil
	}
	if err := r.pacedTraffic(s); err != nil {
		return err
	}
	all := r.sessions(s.target.Transport)
	for _, to := range append(r.steps[1:len(r.steps):len(r.steps)], all) {
		if to = min(to, all); to > standing {
			if err := r.open(s, to-standing); err != nil {
				return err
			}
			standing = to
		}
	}
	return nil
}

// open opens n more sessions and measures what that took, and what they hold at rest.
func (r *run) open(s *subject, n int) error {
	s.collections()
	began := time.Now()
	before, err := proc.CPU(s.server.PID())
	if err != nil {
		return err
	}
	c, err := s.load.Open(n, inflight, r.patience+time.Duration(n)*20*time.Millisecond)
	if err != nil {
		return err
	}
	cpu, err := proc.CPU(s.server.PID())
	if err != nil {
		return err
	}
	s.figures.SetUps = append(s.figures.SetUps, report.SetUp{Sessions: n, Wall: time.Since(began), CPU: cpu - before, GC: s.collections()})
	// A session that has said something is what stands about in the world: strophe.js has its second connection by then.
	if _, err := s.load.SendOnce(r.patience); err != nil {
		return err
	}
	if err := s.sound(); err != nil {
		return err
	}
	time.Sleep(r.rest)
	idle := report.Idle{Sessions: c.Ready}
	if idle.Memory, err = proc.MemoryOf(s.server.PID()); err != nil {
		return err
	}
	k, err := proc.KernelMemory()
	if err != nil {
		return err
	}
	idle.Kernel = proc.Kernel{Buffers: k.Buffers - s.base.Buffers, Slab: k.Slab - s.base.Slab, Sockets: k.Sockets - s.base.Sockets}
	s.figures.Idle = append(s.figures.Idle, idle)
	return nil
}

// mostOf is the most sessions that a server's descriptors allow: each session has its client connections and its stream.
func (r *run) mostOf(t load.Transport) int {
	const spare = 256
	if !r.most {
		return 0
	}
	return (crew.DescriptorsMax() - spare) / (t.Sockets() + 1)
}

// growsToMost says whether a subject is measured with as many sessions as it can have: ours are, and the relay beside them.
func (r *run) growsToMost(s *subject) bool {
	return r.most && s.figures.Loops == 0 && (report.IsOurs(s.figures) || s.target.Transport == load.Raw)
}

// mostSessions opens as many as the descriptors allow.
func (r *run) mostSessions(s *subject) error {
	c, err := s.load.Counts()
	if err != nil {
		return err
	}
	if more := r.mostOf(s.target.Transport) - c.Ready; more > 0 {
		if err := r.open(s, more); err != nil {
			return fmt.Errorf("with %d sessions already: %w", c.Ready, err)
		}
	}
	return nil
}

// churnAndClose ends all of a subject's sessions. Its memory is read a while after that, by itself: others are at work meanwhile. Of a server that is there
// for its loops, it is its goroutines that are counted, which ends it.
func (r *run) churnAndClose(s *subject) error {
	if s.figures.Loops > 0 {
		s.figures.Goroutines = s.server.Dump()
		s.stop()
		return nil
	}
	if s.target.Transport != load.Static { // a static answer knows no sessions
		if err := r.churn(s); err != nil {
			return err
		}
	}
	if _, err := s.load.Close(inflight, r.patience); err != nil {
		return err
	}
	pid, after := s.server.PID(), make(chan reading, 1)
	time.AfterFunc(r.afterwards, func() {
		m, err := proc.MemoryOf(pid)
		after <- reading{m, err}
	})
	s.after = after
	return s.sound()
}

// reading is a server's memory, or why it could not be read.
type reading struct {
	proc.Memory
	err error
}

// after waits for the memory when everything has closed, and then counts the goroutines that are left, which ends the server.
func (r *run) after(s *subject) error {
	if s.figures.Loops > 0 {
		return nil
	}
	m := <-s.after
	if m.err != nil {
		return m.err
	}
	s.figures.After = &m.Memory
	s.figures.Goroutines = s.server.Dump()
	return nil
}
