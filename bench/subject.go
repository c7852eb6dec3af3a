package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"go-xmpp-bosh/bench/crew"
	"go-xmpp-bosh/bench/load"
	"go-xmpp-bosh/bench/peer"
	"go-xmpp-bosh/bench/proc"
	"go-xmpp-bosh/bench/report"
)

// subject is a server under test over one transport, with its backend and its load.
type subject struct {
	figures *report.Subject
	server  *peer.Server
	backend *crew.Backend
	load    *crew.Load
	target  load.Target
	base    proc.Kernel // the kernel's memory before its sessions

	standing bool           // its sessions neither come nor go
	after    <-chan reading // its memory, a while after they have closed
}

// inflight is how many set-ups there are at once.
const inflight = 32

// start starts a subject's three parts and takes it through one warm-up session. A transport that the server doesn't speak is noted as missing.
func (r *run) start(f *report.Subject, t load.Transport) (*subject, error) {
	r.progress.say("starting " + f.Name())
	s := &subject{figures: f}
	var err error
	serverCore, loadCore := r.serverCore, r.loadCore
	if f.Loops > 0 {
		serverCore, loadCore = anyCore, anyCore
	}
	if s.backend, err = crew.StartBackend(loadCore); err != nil {
		return nil, err
	}
	s.server, err = peer.Start(f.Server, peer.Setting{
		Dir: filepath.Join(r.dir, strings.ReplaceAll(f.Name(), " ", "-")), Core: serverCore, Backend: s.backend.Addr, Cert: r.cert,
		Tools: r.tools, Binary: r.binary, Loops: f.Loops,
	})
	if err != nil {
		s.stop()
		return nil, err
	}
	f.Version = s.server.Version
	if s.target, f.Missing = s.server.Target(t, f.TLS); f.Missing != "" {
		s.stop()
		return s, nil
	}
	s.target.MessageBytes = r.message
	if s.load, err = crew.StartLoad(loadCore, s.target, max(r.sessions(t), r.mostOf(t)), s.backend); err != nil {
		s.stop()
		return nil, err
	}
	if err = r.warmUp(s); err != nil {
		s.stop()
		return nil, fmt.Errorf("warm-up session: %w", err)
	}
	return s, nil
}

// anyCore pins a process to none.
const anyCore = -1

// warmUp is one session with one message, so that what a server does once is behind it.
func (r *run) warmUp(s *subject) error {
	if _, err := s.load.Open(1, 1, r.patience); err != nil {
		return err
	}
	if _, err := s.load.SendOnce(r.patience); err != nil {
		return err
	}
	if _, err := s.load.Close(1, r.patience); err != nil {
		return err
	}
	if err := s.sound(); err != nil {
		return err
	}
	m, err := proc.MemoryOf(s.server.PID())
	s.figures.Start = m
	return err
}

// sound says what has gone wrong with messages or sessions until now.
func (s *subject) sound() error {
	c, err := s.load.Counts()
	if err != nil {
		return err
	}
	if trouble := c.Trouble(); trouble != "" {
		return errors.New(trouble)
	}
	return nil
}

func (s *subject) stop() {
	if s.load != nil {
		s.load.Stop()
	}
	if s.server != nil {
		s.server.Stop()
	}
	if s.backend != nil {
		s.backend.Stop()
	}
	s.load, s.server, s.backend = nil, nil, nil
}

// collections is what the server's runtime has said since it was last asked. While its sessions stand, all of it counts as steady.
func (s *subject) collections() proc.Summary {
	if s.server.Go == nil {
		return proc.Summary{}
	}
	c := s.server.Go.Take()
	if s.standing {
		s.figures.Steady = s.figures.Steady.Add(c)
	}
	return c
}

// stand marks the time in which sessions neither come nor go.
func (s *subject) stand(yes bool) {
	s.collections()
	s.standing = yes
}
