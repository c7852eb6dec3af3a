package main

import (
	"fmt"

	"github.com/spf13/pflag"

	"go-xmpp-bosh/proxy"
	"go-xmpp-bosh/timer"
)

// admitSettings are the flags about who may have how much. 0 is unlimited.
type admitSettings struct {
	sessionsPerAddress    int
	connectionsPerAddress int
	sessionsPerDomain     int
	requests, bytes       int
	login                 int    // seconds
	memory                int    // MiB
	machineFrom           string // of memory, when it was left out: whose it is a share of
}

func (s *admitSettings) define(f *pflag.FlagSet) {
	f.IntVar(&s.sessionsPerAddress, "max-sessions-per-address", 0, "sessions of one client address, an IPv6 address by its /64, loopback excepted; 0: unlimited")
	f.IntVar(&s.connectionsPerAddress, "max-connections-per-address", 0, "HTTP connections and WebSockets of one client address, likewise; those of --trusted-proxies are not counted; 0: unlimited")
	f.IntVar(&s.sessionsPerDomain, "max-sessions-per-domain", 0, "streams to one XMPP domain; 0: unlimited")
	f.IntVar(&s.requests, "max-requests-per-second", 0, "BOSH requests, or stanzas over WebSocket, of one session, over ten seconds; 0: unlimited")
	f.IntVar(&s.bytes, "max-bytes-per-second", 0, "bytes that one session's client may send, over ten seconds; 0: unlimited")
	f.IntVar(&s.login, "login-timeout", 300, "seconds that a session has to log in (or to register); 0: unlimited")
	f.IntVar(&s.memory, "max-memory", 0, "MiB of memory, of the process and of the kernel for its connections, from which on new sessions are refused; 0: unlimited; left out: three quarters of what the machine, or the process's cgroup, has")
}

// check refuses what cannot work.
func (s *admitSettings) check(f *pflag.FlagSet) error {
	if !f.Changed("max-memory") {
		n, from := machineMemory(thisMachine)
		s.memory, s.machineFrom = int(n>>20)*memoryShare/4, from
	}
	for _, c := range []struct {
		name   string
		n, max int
	}{
		{"max-sessions-per-address", s.sessionsPerAddress, 1 << 24},
		{"max-connections-per-address", s.connectionsPerAddress, 1 << 24},
		{"max-sessions-per-domain", s.sessionsPerDomain, 1 << 24},
		{"max-requests-per-second", s.requests, 1 << 20},
		{"max-bytes-per-second", s.bytes, 1 << 30},
		{"login-timeout", s.login, dayMax},
		{"max-memory", s.memory, 1 << 24},
	} {
		if c.n < 0 || c.n > c.max {
			return fmt.Errorf("--%s=%d: from 0 (unlimited) to %d", c.name, c.n, c.max)
		}
	}
	if f.Changed("max-memory") && s.memory > 0 && s.memory < 32 {
		return fmt.Errorf("--max-memory=%d: the process alone takes about 20 MiB; give 32 or more, or 0 (unlimited)", s.memory)
	}
	return nil
}

// apply makes a configuration of them.
func (s *admitSettings) apply(c *proxy.Config) {
	c.Admission = proxy.Admission{
		SessionsPerAddress:    s.sessionsPerAddress,
		ConnectionsPerAddress: s.connectionsPerAddress,
		SessionsPerDomain:     s.sessionsPerDomain,
		RequestsPerSecond:     s.requests,
		BytesPerSecond:        s.bytes,
		LoginTimeout:          timer.Time(s.login) * timer.Second,
		MemoryMax:             uint64(s.memory) << 20,
	}
}
