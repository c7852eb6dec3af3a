package main

import (
	"fmt"

	"github.com/spf13/pflag"

	"go-xmpp-bosh/proxy"
	"go-xmpp-bosh/timer"
)

// sessionSettings are the flags about BOSH sessions, under node-xmpp-bosh's names where it had them. Times are in
// seconds, but for featuresDelay, which is in milliseconds.
type sessionSettings struct {
	loops            int
	maxSessions      int
	maxWait          int
	maxConnections   int
	window           int
	inactivity       int
	maxInactivity    int
	maxPause         int
	polling          int
	featuresDelay    int
	maxStreams       int
	pidginCompatible bool
}

// dayMax bounds the times: longer ones are mistakes.
const dayMax = 24 * 60 * 60

func (s *sessionSettings) define(f *pflag.FlagSet) {
	d := proxy.DefaultSessions()
	seconds := func(t timer.Time) int { return int(t / timer.Second) }
	f.IntVar(&s.loops, "loops", 1, "event loops, each with a thread of its own and its share of the sessions; more than processor cores help nobody")
	f.IntVar(&s.maxSessions, "max-sessions", 0, "sessions, over BOSH and WebSocket, that there may be; 0: as many as the limit of file descriptors carries")
	f.IntVar(&s.maxWait, "max-wait", seconds(d.WaitMax), "longest time, in seconds, that a request is held; stay below the read time-out of a proxy in front")
	f.IntVar(&s.maxConnections, "max-bosh-connections", d.HoldMax, "requests that a session may have held at once")
	f.IntVar(&s.window, "window-size", d.WindowSize, "requests that a session may have under way at once; at least one more than it holds")
	f.IntVar(&s.inactivity, "default-inactivity", seconds(d.InactivityDefault), "seconds without a request after which a client counts as gone")
	f.IntVar(&s.maxInactivity, "max-inactivity", seconds(d.InactivityMax), "the most of them that a client may ask for")
	f.IntVar(&s.maxPause, "max-pause", seconds(d.PauseMax), "seconds for which a client may pause its session; 0: not at all")
	f.IntVar(&s.polling, "polling", seconds(d.Polling), "least seconds between two polls of a client that holds none; 0: no limit")
	f.IntVar(&s.featuresDelay, "features-delay", int(d.FeaturesDelay/timer.Millisecond), "milliseconds that a session's first answer waits for the server's features; 0: none")
	f.IntVar(&s.maxStreams, "max-streams-per-session", d.StreamsMax, "streams that a session may have; 1: no more than its first")
	f.BoolVar(&s.pidginCompatible, "pidgin-compatible", d.PidginCompatible, "take no later request with a to for a new stream, and wait for the features; libpurple is recognised without it")
}

// check refuses what cannot work.
func (s *sessionSettings) check() error {
	for _, c := range []struct {
		name     string
		n        int
		min, max int
	}{
		{"loops", s.loops, 1, proxy.LoopsMax},
		{"max-sessions", s.maxSessions, 0, 1 << 24},
		{"max-wait", s.maxWait, 1, dayMax},
		{"max-bosh-connections", s.maxConnections, 1, 254},
		{"window-size", s.window, 1, 255},
		{"default-inactivity", s.inactivity, 1, dayMax},
		{"max-inactivity", s.maxInactivity, s.inactivity, dayMax},
		{"max-pause", s.maxPause, 0, dayMax},
		{"polling", s.polling, 0, 3600},
		{"features-delay", s.featuresDelay, 0, 60_000},
		{"max-streams-per-session", s.maxStreams, 1, 64},
	} {
		if c.n < c.min || c.n > c.max {
			return fmt.Errorf("--%s=%d: from %d to %d", c.name, c.n, c.min, c.max)
		}
	}
	return nil
}

// config is what they come to.
func (s *sessionSettings) config() *proxy.Sessions {
	c := proxy.DefaultSessions()
	seconds := func(n int) timer.Time { return timer.Time(n) * timer.Second }
	c.WaitMax = seconds(s.maxWait)
	c.HoldMax = s.maxConnections
	c.WindowSize = s.window
	c.InactivityDefault = seconds(s.inactivity)
	c.InactivityMax = seconds(s.maxInactivity)
	c.PauseMax = seconds(s.maxPause)
	c.Polling = seconds(s.polling)
	c.FeaturesDelay = timer.Time(s.featuresDelay) * timer.Millisecond
	c.StreamsMax = s.maxStreams
	c.PidginCompatible = s.pidginCompatible
	return &c
}
