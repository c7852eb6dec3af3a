package proxy

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync/atomic"
	"testing"
)

func TestResolverRunsABoundedNumberAtOnce(t *testing.T) {
	tasks := make(chan func())
	var now, most atomic.Int32
	gate := make(chan struct{})
	r := newResolver(func(f func()) { tasks <- f })
	r.lookup = func(context.Context, string) ([]netip.Addr, error) {
		n := now.Add(1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		<-gate
		now.Add(-1)
		return []netip.Addr{netip.MustParseAddr("192.0.2.1")}, nil
	}
	const n = 5 * lookupsMax
	answered := 0
	for i := range n {
		if !r.resolve(query{fmt.Sprint("host", i), wanted, func(a []netip.Addr, err error) {
			if err != nil || len(a) != 1 {
				t.Errorf("answer %v, %v", a, err)
			}
			answered++
		}}) {
			t.Fatalf("look-up %d refused", i)
		}
	}
	close(gate)
	for range n {
		(<-tasks)()
	}
	if answered != n || r.running != 0 || len(r.waiting) != 0 {
		t.Fatalf("answered %d of %d, %d running, %d waiting", answered, n, r.running, len(r.waiting))
	}
	if m := most.Load(); m > lookupsMax {
		t.Fatalf("%d look-ups at once, limit %d", m, lookupsMax)
	}
}

func TestResolverRefusesBeyondItsQueue(t *testing.T) {
	gate := make(chan struct{})
	tasks := make(chan func(), lookupsMax)
	r := newResolver(func(f func()) { tasks <- f })
	r.lookup = func(context.Context, string) ([]netip.Addr, error) { <-gate; return nil, nil }
	for i := range lookupsMax + lookupsQueued {
		if !r.resolve(query{"x", wanted, func([]netip.Addr, error) {}}) {
			t.Fatalf("look-up %d refused", i)
		}
	}
	if r.resolve(query{"x", wanted, nil}) {
		t.Fatal("the queue has no end")
	}
	r.waiting = nil
	close(gate)
	for range lookupsMax {
		(<-tasks)()
	}
}

func wanted() bool { return true }

// Those who have left don't hold up the others.
func TestResolverSkipsWhoHasLeft(t *testing.T) {
	tasks := make(chan func(), 2*lookupsMax)
	gate := make(chan struct{})
	var asked atomic.Int32
	r := newResolver(func(f func()) { tasks <- f })
	r.lookup = func(context.Context, string) ([]netip.Addr, error) { asked.Add(1); <-gate; return nil, nil }
	done := 0
	for i := range 1000 + lookupsMax {
		r.resolve(query{"gone", func() bool { return i < lookupsMax }, func([]netip.Addr, error) { done++ }})
	}
	r.resolve(query{"honest", wanted, func([]netip.Addr, error) { done++ }})
	close(gate)
	for range lookupsMax + 1 {
		(<-tasks)()
	}
	if n := asked.Load(); n != lookupsMax+1 || done != lookupsMax+1 || len(r.waiting) != 0 {
		t.Fatalf("%d looked up, %d done, %d waiting", n, done, len(r.waiting))
	}
}

func TestIsNoSuchHost(t *testing.T) {
	for _, c := range []struct {
		err  error
		want bool
	}{
		{&net.DNSError{IsNotFound: true}, true},
		{fmt.Errorf("wrapped: %w", &net.DNSError{IsNotFound: true}), true},
		{&net.DNSError{IsTimeout: true}, false},
		{errors.New("other"), false},
		{nil, false},
	} {
		if got := isNoSuchHost(c.err); got != c.want {
			t.Errorf("isNoSuchHost(%v) = %v", c.err, got)
		}
	}
}
