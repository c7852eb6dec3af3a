package lookup

import (
	"go-xmpp-bosh/timer"
)

// Resolver is a DNS client. It belongs to one loop.
type Resolver struct {
	cfg Config
	out Output

	cache    cache
	queries  map[question]*query // in flight or waiting
	waiting  []*query            // those that wait, in order; some may have been given up
	inFlight int
	starting bool // beginNext is at work
	searches map[Ticket]*search
	tries    map[Try]*query
	lastTry  Try
	best     int // index of the resolver to begin with

	wheel  *timer.Wheel
	timed  map[uint64]timed // who has a node in the wheel, by its key
	serial uint64
	due    timer.Time // what Output.Deadline has told; 0: nothing is due
	counts Counts
}

// timed is what a node in the wheel is for.
type timed interface {
	handleTimer(r *Resolver, now timer.Time)
}

// New makes a Resolver.
func New(cfg Config, out Output) *Resolver {
	cfg = cfg.withDefaults()
	return &Resolver{
		cfg:      cfg,
		out:      out,
		cache:    newCache(cfg.CacheMax),
		queries:  map[question]*query{},
		searches: map[Ticket]*search{},
		tries:    map[Try]*query{},
		wheel:    timer.NewWheel(0),
		timed:    map[uint64]timed{},
	}
}

// Deadline is when HandleTimeout is wanted; 0: never. It may be early: then HandleTimeout does nothing.
func (r *Resolver) Deadline() timer.Time {
	due, ok := r.wheel.Next()
	if !ok {
		return 0
	}
	return max(due, 1)
}

// HandleTimeout: the deadline may have passed.
func (r *Resolver) HandleTimeout(now timer.Time) {
	r.due = 0
	r.wheel.Advance(now, func(n *timer.Node) {
		if t := r.timed[n.Key]; t != nil {
			delete(r.timed, n.Key)
			t.handleTimer(r, now)
		}
	})
	r.tell()
}

// arm has t's handleTimer called at due; it moves a timer that is armed.
func (r *Resolver) arm(now timer.Time, n *timer.Node, t timed, due timer.Time) {
	if r.wheel.Len() == 0 { // it has slept, and would wake early
		r.wheel.Advance(now, nil)
	}
	if n.Key == 0 {
		r.serial++
		n.Key = r.serial
	}
	r.timed[n.Key] = t
	r.wheel.Set(n, due)
}

func (r *Resolver) disarm(n *timer.Node) {
	r.wheel.Cancel(n)
	delete(r.timed, n.Key)
}

// tell ends an input: the owner learns of a deadline that has moved earlier.
func (r *Resolver) tell() {
	due := r.Deadline()
	switch {
	case due == 0:
		r.due = 0
	case r.due == 0 || due < r.due:
		r.due = due
		r.out.Deadline()
	}
}

// Idle reports whether nothing is asked, and nobody waits.
func (r *Resolver) Idle() bool { return len(r.queries) == 0 && len(r.searches) == 0 }

// Cached is how many answers are kept.
func (r *Resolver) Cached() int { return len(r.cache.entries) }
