package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

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
}

const (
	inflight = 32               // set-ups at once
	patience = 60 * time.Second // for whatever has to come to an end
)

// start starts a subject's three parts and takes it through one warm-up session. A transport that the server doesn't speak is noted as missing.
func (r *run) start(f *report.Subject, name string, t load.Transport, tls bool) (*subject, error) {
	r.progress.say("starting " + f.Name())
	s := &subject{figures: f}
	var err error
	if s.backend, err = crew.StartBackend(r.loadCore); err != nil {
		return nil, err
	}
	s.server, err = peer.Start(name, peer.Setting{
		Dir: filepath.Join(r.dir, strings.ReplaceAll(f.Name(), " ", "-")), Core: r.serverCore, Backend: s.backend.Addr, Cert: r.cert,
		Tools: r.tools, Binary: r.binary,
	})
	if err != nil {
		s.stop()
		return nil, err
	}
	f.Version = s.server.Version
	if s.target, f.Missing = s.server.Target(t, tls); f.Missing != "" {
		s.stop()
		return s, nil
	}
	s.target.MessageBytes = r.message
	if s.load, err = crew.StartLoad(r.loadCore, s.target, max(r.sessions(t), r.mostOf(t)), s.backend); err != nil {
		s.stop()
		return nil, err
	}
	if err = s.warmUp(); err != nil {
		s.stop()
		return nil, fmt.Errorf("warm-up session: %w", err)
	}
	return s, nil
}

// warmUp is one session with one message, so that what a server does once is behind it.
func (s *subject) warmUp() error {
	if _, err := s.load.Open(1, 1, patience); err != nil {
		return err
	}
	if _, err := s.load.SendOnce(patience); err != nil {
		return err
	}
	if _, err := s.load.Close(1, patience); err != nil {
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

// collections is what the server's runtime has said since it was last asked.
func (s *subject) collections() proc.Summary {
	if s.server.Go == nil {
		return proc.Summary{}
	}
	return s.server.Go.Take()
}
