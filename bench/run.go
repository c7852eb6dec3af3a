package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
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

// step is something that is done to the subjects one after the other.
type step struct {
	name string
	who  func(*subject) bool // nil: all
	do   func(*subject) error
}

// all takes the subjects through the scenarios. Each is set up and measured at rest by itself; then all stand, idle but for one at a time, for the rounds.
func (r *run) all() error {
	if r.choose(); len(r.report.Subjects) == 0 {
		return errors.New("--only: nobody has such a name")
	}
	steps := []step{{"set-up and idle", nil, r.setUpAndIdle}}
	for round := range max(r.rounds, r.others) {
		steps = append(steps, step{
			fmt.Sprintf("round %d of %d", round+1, r.rounds),
			func(s *subject) bool { return round < r.roundsOf(s) },
			func(s *subject) error { return r.round(s, round) },
		})
	}
	for _, st := range append(steps, step{"the most sessions", r.growsToMost, r.mostSessions}, step{"churn and close", nil, r.churnAndClose}) {
		if err := r.each(st); err != nil {
			return err
		}
	}
	r.report.Closing = r.afterwards.Seconds()
	return r.each(step{"memory after everything closed", nil, r.after})
}

// roundsOf is how many rounds of echo and push a subject has.
func (r *run) roundsOf(s *subject) int {
	if report.IsOurs(s.figures) || report.IsFloor(s.figures) {
		return r.rounds
	}
	return r.others
}

// round is one round of traffic. From the first to the last the sessions stand, which is when collections count.
func (r *run) round(s *subject, round int) error {
	if round == 0 {
		s.stand(true)
	}
	if err := r.traffic(s, round); err != nil {
		return err
	}
	if round == 0 {
		if err := r.fewAreBusy(s); err != nil {
			return err
		}
	}
	if round+1 == r.roundsOf(s) {
		s.stand(false)
	}
	return nil
}

// each does a step for every subject that hasn't failed; one's failure doesn't keep the others from being measured.
func (r *run) each(st step) error {
	for _, s := range r.subjects {
		if s.figures.Failure != "" || st.who != nil && !st.who(s) {
			continue
		}
		select {
		case sig := <-r.ended:
			return fmt.Errorf("ended by %v", sig)
		default:
		}
		r.progress.say(st.name + ": " + s.figures.Name())
		if err := st.do(s); err != nil {
			s.figures.Failure = st.name + ": " + err.Error()
			if said := strings.ReplaceAll(s.server.Said(), r.dir, "…"); said != "" {
				s.figures.Failure += report.SaidMark + strings.ReplaceAll(said, "\n", " | ")
			}
			r.progress.say("FAILED: " + s.figures.Name() + ": " + s.figures.Failure)
			s.stop()
		}
	}
	return nil
}

// transports are what each server is asked for, in the table's order.
var transports = []load.Transport{load.BOSH2, load.BOSH1, load.WebSocket, load.Framed, load.Raw, load.Static}

// choose makes the list of subjects: every server over every transport that it is known to speak, and bosh-server with one loop and with more, on whatever
// core is free. What can't be had is in the report with its reason.
func (r *run) choose() {
	for _, name := range r.peers {
		for _, tls := range []bool{false, true} {
			for _, t := range transports {
				if spoken(name, t, tls) && (!r.quick || !tls || t == load.WebSocket || t == load.Raw) {
					r.add(&report.Subject{Server: name, Transport: t.String(), TLS: tls}, t)
				}
			}
		}
	}
	if r.loops == 0 {
		return
	}
	for _, t := range []load.Transport{load.BOSH2, load.WebSocket} {
		for _, loops := range []int{1, r.loops} {
			r.add(&report.Subject{Server: peer.Ours, Transport: t.String(), Loops: loops}, t)
		}
	}
}

// add starts a subject, if it is wanted and can be had.
func (r *run) add(f *report.Subject, t load.Transport) {
	if !r.wanted(f.Name()) {
		return
	}
	r.report.Subjects = append(r.report.Subjects, f)
	if f.Missing = peer.Missing(f.Server); f.Missing != "" {
		return
	}
	s, err := r.start(f, t)
	if err != nil {
		f.Failure = err.Error()
		return
	}
	if f.Missing == "" {
		r.subjects = append(r.subjects, s)
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
