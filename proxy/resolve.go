package proxy

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"time"
)

// Bounds of the address look-ups: how many run at once, how many may wait, how long one takes.
const (
	lookupsMax    = 16
	lookupsQueued = 4096
	lookupTimeout = 5 * time.Second
)

// A lookupFunc resolves a host name; it may block.
type lookupFunc func(ctx context.Context, host string) ([]netip.Addr, error)

// resolver runs address look-ups in a bounded number of short-lived goroutines and hands each result
// to the loop through post. It is owned by the loop; only the goroutines' bodies run elsewhere.
type resolver struct {
	post    func(func())
	lookup  lookupFunc
	running int
	waiting []query
}

// query is a name that waits. done is called on the loop, once, never from inside resolve; not at all when wanted says,
// by the time that its turn has come, that nobody waits for it any more.
type query struct {
	host   string
	wanted func() bool
	done   func([]netip.Addr, error)
}

func newResolver(post func(func())) *resolver {
	r := net.Resolver{PreferGo: true}
	return &resolver{post: post, lookup: func(ctx context.Context, host string) ([]netip.Addr, error) {
		return r.LookupNetIP(ctx, "ip", host)
	}}
}

// resolve starts a look-up, or queues it; it reports false when even the queue is full.
func (r *resolver) resolve(q query) bool {
	if r.running < lookupsMax {
		r.start(q)
		return true
	}
	if len(r.waiting) >= lookupsQueued {
		return false
	}
	r.waiting = append(r.waiting, q)
	return true
}

func (r *resolver) start(q query) {
	r.running++
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), lookupTimeout)
		addrs, err := r.lookup(ctx, q.host)
		cancel()
		r.post(func() {
			r.running--
			r.startNext()
			q.done(addrs, err)
		})
	}()
}

// startNext gives the free place to the first that still wants it: those who have left must not hold up the others.
func (r *resolver) startNext() {
	for len(r.waiting) > 0 {
		next := r.waiting[0]
		r.waiting[0] = query{}
		r.waiting = r.waiting[1:]
		if next.wanted() {
			r.start(next)
			return
		}
	}
}

// isNoSuchHost tells a name that does not exist from a resolver that did not answer.
func isNoSuchHost(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}
