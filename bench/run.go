package main

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"go-xmpp-bosh/bench/load"
	"go-xmpp-bosh/bench/peer"
	"go-xmpp-bosh/bench/report"
)

// run is one run of the harness.
type run struct {
	*options
	dir      string // thrown away
	tools    string // for what peers are made of; kept
	cert     peer.Certificate
	report   *report.Report
	subjects []*subject // those that are measured
	progress *progress
	ended    chan os.Signal
}

func newRun(o *options, stderr io.Writer) (*run, error) {
	dir, err := os.MkdirTemp("", "bosh-server-bench-")
	if err != nil {
		return nil, fmt.Errorf("a folder for the run: %w", err)
	}
	r := &run{options: o, dir: dir, progress: &progress{w: stderr, began: time.Now()}, ended: make(chan os.Signal, 1)}
	signal.Notify(r.ended, os.Interrupt, syscall.SIGTERM)
	if r.cert, err = peer.NewCertificate(dir); err != nil {
		return r, err
	}
	if o.binary == "" {
		r.progress.say("building bosh-server")
		o.binary = filepath.Join(dir, "bosh-server")
		if err := build(o.binary); err != nil {
			return r, err
		}
	}
	if o.binary, err = filepath.Abs(o.binary); err != nil {
		return r, fmt.Errorf("--binary: %w", err)
	}
	if r.tools, err = filepath.Abs(filepath.Join("build", "bench")); err != nil {
		return r, fmt.Errorf("folder for tools: %w", err)
	}
	r.report = newReport(o)
	return r, nil
}

// stop ends what still runs and throws the folder away.
func (r *run) stop() {
	for _, s := range r.subjects {
		s.stop()
	}
	os.RemoveAll(r.dir) //nolint:errcheck // a temporary folder
}

// all takes the subjects through the scenarios. Each is set up and measured at rest by itself; then all stand, idle but for one at a time, for the rounds.
func (r *run) all() error {
	r.choose()
	steps := []struct {
		name string
		do   func(*subject) error
	}{
		{"set-up and idle", r.setUpAndIdle},
		{"the most sessions", r.mostSessions},
		{"churn", r.churn},
		{"close", r.closeAll},
	}
	if err := r.each(steps[0].name, steps[0].do); err != nil {
		return err
	}
	for round := range r.rounds {
		if err := r.each(fmt.Sprintf("round %d of %d", round+1, r.rounds), func(s *subject) error { return r.traffic(s, round) }); err != nil {
			return err
		}
	}
	for _, step := range steps[1:] {
		if err := r.each(step.name, step.do); err != nil {
			return err
		}
	}
	r.progress.say(fmt.Sprintf("waiting %v after the last session", r.afterwards))
	time.Sleep(r.afterwards)
	r.report.Closing = r.afterwards.Seconds()
	return r.each("memory after everything closed", r.after)
}

// each does a step for every subject that hasn't failed; one's failure doesn't keep the others from being measured.
func (r *run) each(name string, do func(*subject) error) error {
	for _, s := range r.subjects {
		if s.figures.Failure != "" {
			continue
		}
		select {
		case sig := <-r.ended:
			return fmt.Errorf("ended by %v", sig)
		default:
		}
		r.progress.say(name + ": " + s.figures.Name())
		if err := do(s); err != nil {
			s.figures.Failure = err.Error()
			r.progress.say("FAILED: " + s.figures.Name() + ": " + err.Error())
			s.stop()
		}
	}
	return nil
}

// transports are what each server is asked for, in the table's order.
var transports = []load.Transport{load.BOSH2, load.BOSH1, load.WebSocket, load.Framed, load.Raw, load.Static}

// choose makes the list of subjects: every server over every transport that it is known to speak. What can't be had is in the report with its reason.
func (r *run) choose() {
	for _, name := range r.peers {
		for _, tls := range []bool{false, true} {
			for _, t := range transports {
				if !spoken(name, t, tls) {
					continue
				}
				f := &report.Subject{Server: name, Transport: t.String(), TLS: tls}
				if !r.wanted(f.Name()) || r.quick && tls && t != load.WebSocket && t != load.Raw {
					continue
				}
				r.report.Subjects = append(r.report.Subjects, f)
				if f.Missing = peer.Missing(name); f.Missing != "" {
					continue
				}
				s, err := r.start(f, name, t, tls)
				if err != nil {
					f.Failure = err.Error()
					continue
				}
				if f.Missing == "" {
					r.subjects = append(r.subjects, s)
				}
			}
		}
	}
}

// spoken is what is measured of each server: TLS only of ours and of the floors, to keep the run short.
func spoken(name string, t load.Transport, tls bool) bool {
	browser := t == load.BOSH2 || t == load.BOSH1 || t == load.WebSocket
	switch name {
	case "haproxy":
		return t == load.Raw
	case "nginx":
		return t == load.Static && !tls
	case "node-xmpp-bosh":
		return (t == load.BOSH2 || t == load.BOSH1 || t == load.Framed) && !tls
	case peer.Ours:
		return browser
	}
	return browser && !tls
}
