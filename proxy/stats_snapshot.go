package proxy

import (
	"context"
	"errors"
	"time"
)

// Stats is a copy of the counters, with what there is at the moment.
type Stats struct {
	Counters

	At      time.Time
	Started time.Time // of the process

	HTTP       [phaseMoved]int // connections of clients, by what they wait for; see HTTPStates
	WebSockets int
	XMPP       [xmppStates]int // connections to servers; see XMPPStates
	DNSCached  int

	Loops    int
	Draining bool
	MaxFull  int // --max-sessions, of all loops; 0: none

	Domains map[string][Transports]int // streams by domain; only for the operators' page

	History [samples]Sample // the newest last; SampleSeconds each
	period  int64           // which the newest is
}

// SampleSeconds is what a Sample stands for.
const SampleSeconds = int(samplePeriod / 1000)

// HTTPStates names the places of Stats.HTTP.
func HTTPStates() (names [int(phaseMoved)]string) {
	for i := range names {
		names[i] = phase(i).String()
	}
	return names
}

const xmppStates = 3

// XMPPStates names the places of Stats.XMPP.
func XMPPStates() [xmppStates]string { return [...]string{"connecting", "handshake", "open"} }

// started is when the process was, as near as makes no difference.
var started = time.Now()

// active is how many sessions a transport has.
func (s *Server) active(t Transport) uint64 {
	if t == TransportBOSH {
		return s.env.Counts.Opened - s.env.Counts.Ended
	}
	return s.stats.Sessions[t].Active()
}

// snapshot copies the numbers, on the loop.
func (s *Server) snapshot() *Stats {
	st := &Stats{Counters: s.stats.Counters, At: time.Now(), Started: started, Loops: 1, Draining: s.drain.begun, MaxFull: s.cfg.MaxSessions}
	st.Sessions[TransportBOSH] = Tally(s.env.Counts)
	st.DNS = s.names.machine.Counts()
	st.DNSCached = s.names.machine.Cached()
	st.HTTP[phaseHeld] = s.clients.live
	for _, p := range [...]phase{phaseIdle, phaseHead, phaseBody} {
		st.HTTP[p] = s.stats.phases[p]
		st.HTTP[phaseHeld] -= s.stats.phases[p]
	}
	st.WebSockets = s.sockets.live
	st.XMPP = [xmppStates]int{s.stats.searching, s.stats.shaking, s.backends.live - s.stats.searching - s.stats.shaking}
	st.period = int64(s.now() / samplePeriod)
	st.History = s.stats.past(st.period)
	return st
}

// merge adds another loop's.
func (st *Stats) merge(o *Stats) {
	st.Counters.merge(&o.Counters)
	for i := range st.HTTP {
		st.HTTP[i] += o.HTTP[i]
	}
	st.WebSockets += o.WebSockets
	for i := range st.XMPP {
		st.XMPP[i] += o.XMPP[i]
	}
	st.DNSCached += o.DNSCached
	st.Loops += o.Loops
	st.Draining = st.Draining || o.Draining
	for name, n := range o.Domains {
		sum := st.Domains[name]
		for t := range n {
			sum[t] += n[t]
		}
		if st.Domains != nil {
			st.Domains[name] = sum
		}
	}
	for i := range st.History { // o may be older
		if k := int64(i) + st.period - o.period; 0 <= k && k < samples {
			st.History[i].merge(&o.History[k])
		}
	}
}

// errNoAnswer is what who asks a loop is told that does not answer in time, or has ended.
var errNoAnswer = errors.New("the event loop does not answer")

// ask has f run on the loop, and gives what it returns. The loop never waits: who has left finds the answer unread.
func ask[T any](ctx context.Context, s *Server, f func() T) (answer T, err error) {
	got := make(chan T, 1)
	s.loop.Post(func() {
		s.enter()
		got <- f()
		s.settle()
	})
	select {
	case answer = <-got:
		return answer, nil
	case <-ctx.Done():
		return answer, errors.Join(errNoAnswer, ctx.Err())
	}
}

// Stats gives the numbers as they are. It may be called from any goroutine; ctx bounds the wait for the loop.
func (s *Server) Stats(ctx context.Context) (*Stats, error) { return ask(ctx, s, s.snapshot) }

// Observe is Stats for who will come again: for a while the loop's lag is taken every second.
func (s *Server) Observe(ctx context.Context) (*Stats, error) {
	return ask(ctx, s, func() *Stats {
		s.look()
		return s.snapshot()
	})
}

// Stats gives the numbers of all loops together, as Server.Stats does.
func (g *Group) Stats(ctx context.Context) (*Stats, error) { return g.together(ctx, (*Server).Stats) }

// Observe is Server.Observe over all loops.
func (g *Group) Observe(ctx context.Context) (*Stats, error) {
	return g.together(ctx, (*Server).Observe)
}

func (g *Group) together(ctx context.Context, of func(*Server, context.Context) (*Stats, error)) (*Stats, error) {
	all, err := of(g.servers[0], ctx)
	for _, s := range g.servers[1:] {
		st, e := of(s, ctx)
		if err = errors.Join(err, e); err != nil {
			return nil, err
		}
		all.merge(st)
	}
	return all, err
}

// publish leaves the numbers for the other loops of a Group.
func (s *Server) publish() { s.publishWith(s.backends.live <= scanMax) }

// publishAll is publish with the domains, however many there are.
func (s *Server) publishAll() { s.publishWith(true) }

func (s *Server) publishWith(domains bool) {
	if len(s.peers) < 2 {
		return
	}
	st := s.snapshot()
	if domains {
		st.Domains = s.byDomain()
	} else if before := s.published.Load(); before != nil {
		st.Domains = before.Domains
	}
	s.published.Store(st)
}

// everywhere is a snapshot of all loops, with their domains or not. What the others have published is at most as old as their last sample, or as the last time
// that somebody looked.
func (s *Server) everywhere(domains bool) *Stats {
	st := s.snapshot()
	if domains {
		st.Domains = s.byDomain()
	}
	for _, p := range s.peers {
		if p == s {
			continue
		}
		if other := p.published.Load(); other != nil {
			st.merge(other)
		}
		if domains {
			p.loop.Post(p.publishAll)
		} else {
			p.loop.Post(p.publish)
		}
	}
	return st
}
