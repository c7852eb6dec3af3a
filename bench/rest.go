package main

import (
	"fmt"
	"time"

	"go-xmpp-bosh/bench/crew"
	"go-xmpp-bosh/bench/load"
	"go-xmpp-bosh/bench/peer"
	"go-xmpp-bosh/bench/proc"
	"go-xmpp-bosh/bench/report"
)

// setUpAndIdle opens sessions in two steps, and measures each step and the rest after it; between them, paced traffic.
func (r *run) setUpAndIdle(s *subject) error {
	var err error
	if s.base, err = proc.KernelMemory(); err != nil {
		return err
	}
	// Once more, now that all servers have started: what processes share counts in part for each.
	if s.figures.Start, err = proc.MemoryOf(s.server.PID()); err != nil {
		return err
	}
	if err := r.open(s, r.first); err != nil {
		return err
	}
	if err := r.pacedTraffic(s); err != nil {
		return err
	}
	if more := r.sessions(s.target.Transport) - r.first; more > 0 {
		return r.open(s, more)
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
	c, err := s.load.Open(n, inflight, patience+time.Duration(n)*20*time.Millisecond)
	if err != nil {
		return err
	}
	cpu, err := proc.CPU(s.server.PID())
	if err != nil {
		return err
	}
	s.figures.SetUps = append(s.figures.SetUps, report.SetUp{Sessions: n, Wall: time.Since(began), CPU: cpu - before, GC: s.collections()})
	// A session that has said something is what stands about in the world: strophe.js has its second connection by then.
	if _, err := s.load.SendOnce(patience); err != nil {
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

// mostSessions opens as many as the descriptors allow: of ours, and of the relay beside it.
func (r *run) mostSessions(s *subject) error {
	if !r.most || s.figures.Server != peer.Ours {
		return nil
	}
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

func (r *run) closeAll(s *subject) error {
	if _, err := s.load.Close(inflight, patience); err != nil {
		return err
	}
	return s.sound()
}

// after reads the memory when everything has closed, and then how many goroutines are left, which ends the server.
func (r *run) after(s *subject) error {
	m, err := proc.MemoryOf(s.server.PID())
	if err != nil {
		return err
	}
	s.figures.After = &m
	s.figures.Goroutines = s.server.Dump()
	return nil
}
