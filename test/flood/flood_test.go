package flood

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"
)

const attacker = "198.51.100.7"

// crowd are the well-behaved sessions.
type crowd struct {
	t    *testing.T
	all  []talker
	said []string
	ids  int
}

// join adds sessions from addresses of their own, every other one over BOSH. A server that asks to come again later is asked again.
func (c *crowd) join(s *server, n int, from func(i int) dialer) {
	c.t.Helper()
	var fresh []talker
	for range n {
		i := len(c.all) + len(fresh)
		domain, dial := fmt.Sprintf("d%d.example", i), from(i)
		if i%2 == 0 {
			b := newBOSH(s, dial, domain)
			c.t.Cleanup(b.close)
			fresh = append(fresh, b)
			continue
		}
		w := &socket{domain: domain, dial: dial, addr: s.addr}
		c.t.Cleanup(func() {
			if w.conn != nil {
				w.conn.Close()
			}
		})
		fresh = append(fresh, w)
	}
	c.each(fresh, func(ctx context.Context, k talker) error { return insist(ctx, k) })
	c.all = append(c.all, fresh...)
}

// insist begins a session, as often as it takes: a new client may have to wait, or to try again.
func insist(ctx context.Context, k talker) (err error) {
	for range repeatsMax {
		if err = k.begin(ctx); err == nil || ctx.Err() != nil {
			return err
		}
	}
	return err
}

// each runs f for some of them at once.
func (c *crowd) each(list []talker, f func(ctx context.Context, k talker) error) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), patience)
	defer cancel()
	errs := make(chan error)
	for _, k := range list {
		go func() {
			err := f(ctx, k)
			if err != nil {
				err = fmt.Errorf("%s: %w", k.name(), err)
			}
			errs <- err
		}()
	}
	for range list {
		if err := <-errs; err != nil {
			c.t.Error(err)
		}
	}
	if c.t.Failed() {
		c.t.FailNow()
	}
}

// talk has each of them exchange n messages.
func (c *crowd) talk(n int) {
	c.t.Helper()
	first := c.ids
	c.ids += n
	c.each(c.all, func(ctx context.Context, k talker) error {
		for i := range n {
			if err := k.say(ctx, fmt.Sprintf("%s-%d", k.name(), first+i)); err != nil {
				return err
			}
		}
		return nil
	})
	for _, k := range c.all {
		for i := range n {
			c.said = append(c.said, fmt.Sprintf("%s-%d", k.name(), first+i))
		}
	}
}

// wantAll: every message has reached the XMPP server once.
func (c *crowd) wantAll(x *xmpp) {
	c.t.Helper()
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, id := range c.said {
		if n := x.got[id]; n != 1 {
			c.t.Errorf("%s has arrived %d times", id, n)
		}
	}
	repeated := 0
	for _, k := range c.all {
		if b, ok := k.(*bosh); ok {
			repeated += b.repeated
		}
	}
	c.t.Logf("%d sessions, %d messages each way, %d requests repeated", len(c.all), len(c.said), repeated)
}

// Behind HAProxy with limits per address the flood gets what its address may have, whatever it does.
func TestFloodWithLimits(t *testing.T) {
	t.Parallel()
	x := startXMPP(t)
	s := startServer(t, x, 0, "--proxy-protocol", "--trusted-proxies=127.0.0.1",
		"--max-connections-per-address=64", "--max-sessions-per-address=8", "--max-requests-per-second=30",
		"--http-head-timeout=1", "--http-body-timeout=1")
	stop := begin(t, s, s.behindProxy(attacker), append(connectionsOf(100), sessionsOf(100)...), true)
	defer stop()
	s.awaitHits(t, "connections-per-address")
	good := &crowd{t: t}
	good.join(s, 100, func(i int) dialer { return s.behindProxy(fmt.Sprintf("203.0.113.%d", i+1)) })
	good.talk(2)
	s.awaitHits(t, "connections-per-address", "head-time", "body-time")
	good.talk(2)
	stop()

	// What the connections kept from being met: the limits of sessions.
	stop = begin(t, s, s.behindProxy("198.51.100.8"), sessionsOf(12), true)
	defer stop()
	s.awaitHits(t, "sessions-per-address")
	good.talk(2)
	stop()
	stop = begin(t, s, s.behindProxy("198.51.100.9"), nil, true)
	defer stop()
	s.awaitHits(t, "requests-per-second")
	good.talk(2)
	stop()
	good.wantAll(x)
	s.end(t)
	s.wantReadable(t)
}

// With nothing configured, and fewer descriptors than the flood has connections: who is in stays in, who comes gets in as long as there is room for sessions, and else is told to come
// again later.
func TestFloodOutOfTheBox(t *testing.T) {
	t.Parallel()
	x := startXMPP(t)
	s := startServer(t, x, 800)
	from := func(int) dialer { return s.direct("127.0.0.1") }
	good := &crowd{t: t}
	good.join(s, 60, from)
	good.talk(2)

	stop := begin(t, s, s.direct("127.0.0.2"), connectionsOf(300), false)
	defer stop()
	s.awaitHits(t, "connections")
	good.talk(2)
	good.join(s, 40, from)
	good.talk(2)

	also := begin(t, s, s.direct("127.0.0.2"), sessionsOf(300), true)
	defer also()
	s.awaitHits(t, "descriptors")
	good.talk(2)
	s.wantBusy(t)
	good.talk(2)
	also()
	stop()
	good.wantAll(x)
	s.end(t)
	s.wantReadable(t)
}

// wantBusy: one more session is refused in the way that clients understand.
func (s *server) wantBusy(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		b := newBOSH(s, s.direct("127.0.0.1"), "late.example")
		err := b.begin(ctx)
		b.close()
		if errors.Is(err, errBusy) {
			return
		}
		if ctx.Err() != nil {
			t.Fatalf("a session too many: %v", err)
		}
		select { // it got in, or was not heard: the flood takes its place soon
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
		}
	}
}
