package main

import (
	"errors"
	"fmt"
	"time"

	"go-xmpp-bosh/bench/load"
	"go-xmpp-bosh/bench/proc"
	"go-xmpp-bosh/bench/report"
)

// traffic is one round of echo and push.
func (r *run) traffic(s *subject, round int) error {
	echo, err := r.echo(s, round)
	if err != nil {
		return fmt.Errorf("echo: %w", err)
	}
	s.figures.Echo = append(s.figures.Echo, echo)
	switch {
	case s.target.Transport == load.Static:
		s.figures.NoPush = "it has nothing to push"
		return nil
	case !s.server.Pushes:
		s.figures.NoPush = "it is an XMPP server itself, and has no backend that could push"
		return nil
	}
	push, err := r.push(s, round)
	if err != nil {
		return fmt.Errorf("push: %w", err)
	}
	s.figures.Push = append(s.figures.Push, push)
	return nil
}

// fewAreBusy is a round of echo in which most sessions rest.
func (r *run) fewAreBusy(s *subject) error {
	c, err := s.load.Counts()
	if err != nil {
		return err
	}
	if r.busy == 0 || r.busy >= c.Ready || s.figures.Loops > 0 {
		return nil
	}
	if err := s.load.Echo(r.busy, r.patience); err != nil {
		return err
	}
	time.Sleep(r.lead)
	t, err := r.measured(s, r.window, turns(r.busy), echoed)
	if err != nil {
		return fmt.Errorf("echo of %d: %w", r.busy, err)
	}
	t.Sessions = r.busy
	s.figures.Busy = &t
	return r.calm(s)
}

// measured is a while of traffic that has already begun; it goes on until so many messages have come, or for too long.
func (r *run) measured(s *subject, while time.Duration, enough uint64, counted func(load.Count) uint64) (t report.Traffic, err error) {
	s.collections()
	if _, err := s.load.TakeLatency(); err != nil {
		return t, err
	}
	before, err := s.load.Counts()
	if err != nil {
		return t, err
	}
	began := time.Now()
	cpu0, err := proc.CPU(s.server.PID())
	if err != nil {
		return t, err
	}
	after, cpu1 := before, cpu0
	for counted(after)-counted(before) < enough && time.Since(began) < windowMax {
		time.Sleep(while)
		if cpu1, err = proc.CPU(s.server.PID()); err != nil {
			return t, err
		}
		t.Wall, t.CPU = time.Since(began), cpu1-cpu0
		if after, err = s.load.Counts(); err != nil {
			return t, err
		}
	}
	latency, err := s.load.TakeLatency()
	if err != nil {
		return t, err
	}
	t.GC, t.Sessions, t.Messages = s.collections(), after.Ready, counted(after)-counted(before)
	at := func(q float64) time.Duration { return time.Duration(latency.ValueAtQuantile(q)) }
	t.Latency = report.Latency{P50: at(50), P99: at(99), P999: at(99.9), Max: time.Duration(latency.Max())}
	if t.Messages == 0 {
		return t, fmt.Errorf("no message came in %v; %s", while, after.Trouble())
	}
	return t, nil
}

// windowMax is how long a measurement may take.
const windowMax = 12 * time.Second

// turnsEach is how often each session has to have had its turn. They answer in waves: of each session as much as a turn's work may be half-way when a
// measurement begins, and when it ends.
const turnsEach = 4

// turns is how many messages are enough, with so many under way.
func turns(underWay int) uint64 { return uint64(turnsEach * max(underWay, inflight)) }

func echoed(c load.Count) uint64 { return c.Echoed }

// echo has all sessions send, the next message when the last has come back. After the first round system calls are counted, when they can be.
func (r *run) echo(s *subject, round int) (t report.Traffic, err error) {
	c, err := s.load.Counts()
	if err != nil {
		return t, err
	}
	if err := s.load.Echo(load.All, r.patience); err != nil {
		return t, err
	}
	time.Sleep(r.lead)
	if t, err = r.measured(s, r.window, turns(c.Ready), echoed); err != nil {
		return t, err
	}
	t.Round = round
	if err := r.calm(s); err != nil || round > 0 {
		return t, err
	}
	return t, r.systemCalls(s)
}

// calm lets what is under way come back, and says what was lost.
func (r *run) calm(s *subject) error {
	if _, err := s.load.Calm(r.patience); err != nil {
		return err
	}
	return s.sound()
}

// Thousands of sessions in closed loops go in step: under strace a second holds some of their calls and the echoes of others, and what that makes of one message
// was off by half. So a few send, until each has had many turns.
const (
	traced      = 50
	tracedTurns = 20
)

// systemCalls counts those of one message, under strace. Whatever stops then stops for longer, collections too, which don't count.
func (r *run) systemCalls(s *subject) error {
	defer s.stand(s.standing)
	s.stand(false)
	if err := s.load.Echo(traced, r.patience); err != nil {
		return err
	}
	tracer, err := proc.StartTracer(s.server.PID())
	if err != nil {
		r.progress.say("system calls are not counted: " + err.Error())
		return r.calm(s)
	}
	before, err := s.load.Counts()
	after := before
	for began := time.Now(); err == nil && after.Echoed-before.Echoed < traced*tracedTurns && time.Since(began) < windowMax; {
		time.Sleep(r.trace)
		after, err = s.load.Counts()
	}
	calls, stopErr := tracer.Stop()
	if err := errors.Join(err, stopErr); err != nil {
		return err
	}
	s.figures.Calls = map[string]float64{}
	for name, n := range calls {
		s.figures.Calls[name] = float64(n) / float64(max(1, after.Echoed-before.Echoed))
	}
	return r.calm(s)
}

// push has the backend send to all sessions in turn.
func (r *run) push(s *subject, round int) (t report.Traffic, err error) {
	start, err := s.load.Counts()
	if err != nil {
		return t, err
	}
	sessions, err := s.backend.Push(min(start.Ready, pushWindow), r.message)
	if err != nil {
		return t, err
	}
	if sessions != start.Ready {
		return t, fmt.Errorf("the backend has %d sessions, the clients %d", sessions, start.Ready)
	}
	time.Sleep(r.lead)
	if t, err = r.measured(s, r.window, turns(min(start.Ready, pushWindow)), func(c load.Count) uint64 { return c.Pushed }); err != nil {
		return t, err
	}
	t.Round = round
	sent, err := s.backend.StopPush()
	if err != nil {
		return t, err
	}
	return t, r.allPushed(s, start.Pushed+sent)
}

// pushWindow is how many pushed messages may be under way.
const pushWindow = 1000

// allPushed waits until every pushed message has arrived.
func (r *run) allPushed(s *subject, want uint64) error {
	for until := time.Now().Add(r.patience); ; time.Sleep(5 * time.Millisecond) {
		c, err := s.load.Counts()
		switch {
		case err != nil:
			return err
		case c.Pushed == want:
			return s.sound()
		case c.Pushed > want || time.Now().After(until):
			return fmt.Errorf("%d pushed messages arrived of %d; %s", c.Pushed, want, c.Trouble())
		}
	}
}

// pacedTraffic has each session send one message in each interval, and measures some of them one by one: a single 99th percentile says little.
func (r *run) pacedTraffic(s *subject) error {
	if err := s.load.Paced(r.interval); err != nil {
		return err
	}
	time.Sleep(r.interval + r.lead) // each session's first message is behind it
	for window := range r.windows {
		t, err := r.measured(s, r.interval, 1, echoed)
		if err != nil {
			return fmt.Errorf("paced: %w", err)
		}
		t.Round = window
		s.figures.Paced = append(s.figures.Paced, t)
	}
	return r.calm(s)
}

// churn opens sessions that end after one message, beside those that stand; what it counts are whole sessions.
func (r *run) churn(s *subject) error {
	if _, err := s.load.Close(inflight, r.patience); err != nil {
		return err
	}
	if err := s.load.Churn(inflight); err != nil {
		return err
	}
	time.Sleep(r.lead)
	t, err := r.measured(s, r.window, 2*inflight, func(c load.Count) uint64 { return c.Closed })
	if err != nil {
		return fmt.Errorf("churn: %w", err)
	}
	s.figures.Churn = &t
	return r.calm(s)
}
