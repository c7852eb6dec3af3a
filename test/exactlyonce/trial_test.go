package exactlyonce

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go-xmpp-bosh/proxy"
)

// domainFormat names a session's domain.
const domainFormat = "s%d.example.org"

// trial is one run: sessions through a network to a server and on to a backend.
type trial struct {
	tb       testing.TB
	seed     uint64
	sessions int
	loops    int  // of the server
	messages int  // of each session, each way
	kills    int  // of each session, at least
	goOn     bool // clients never repeat, but go on with the next rid
	goOnRST  bool // and the server is told by RST rather than FIN

	ctx        context.Context
	cancel     context.CancelCauseFunc
	serverAddr string
	network    *network
	backend    *backend
	clients    []*client
	journals   []journal
}

// fail ends the trial; the first reason counts.
func (t *trial) fail(err error) { t.cancel(err) }

// pace says how many messages to send at once before the n-th, and how long to wait then: one by one when the kills lag behind.
func (t *trial) pace(rng *rand.Rand, session, n int) (burst int, gap time.Duration) {
	if n > t.messages || t.network.kills(session)*t.messages < t.kills*n {
		return 1, time.Duration(1000+rng.IntN(4000)) * time.Microsecond
	}
	return 1 + rng.IntN(6), time.Duration(rng.IntN(3000)) * time.Microsecond
}

// run is the trial.
func (t *trial) run(patience time.Duration) {
	t.tb.Helper()
	ctx, stop := context.WithTimeoutCause(context.Background(), patience, errTooLong)
	defer stop()
	t.ctx, t.cancel = context.WithCancelCause(ctx)
	t.journals = make([]journal, t.sessions)
	if err := t.play(); err != nil {
		t.report(err)
	}
}

var errTooLong = errors.New("it takes too long")

// play starts everything, plays all sessions and stops everything.
func (t *trial) play() (err error) {
	if t.backend, err = newBackend(t); err != nil {
		return err
	}
	cfg := proxy.Config{Listen: []string{"127.0.0.1:0"}, Backends: new(proxy.Backends)}
	if err := cfg.Backends.Add("*=" + t.backend.listener.Addr().String()); err != nil {
		return err
	}
	server, err := proxy.NewGroup(cfg, max(1, t.loops))
	if err != nil {
		return err
	}
	served := make(chan error, 1)
	go func() { served <- server.Run() }()
	t.serverAddr = server.Addrs()[0].String()
	if t.network, err = newNetwork(t); err != nil {
		return err
	}
	var wg sync.WaitGroup
	undone := make([]error, t.sessions)
	for i := range t.sessions {
		c := newClient(t, i)
		t.clients = append(t.clients, c)
		wg.Go(func() {
			if undone[i] = c.run(); undone[i] != nil {
				t.fail(undone[i])
			}
		})
	}
	wg.Wait()
	for i := range t.sessions {
		select {
		case <-t.backend.accounts[i].ended:
		case <-t.ctx.Done():
		}
	}
	cause := context.Cause(t.ctx)
	if errors.Is(cause, errTooLong) {
		cause = errors.Join(append(undone, cause)...)
	}
	t.cancel(nil)
	t.network.close()
	t.backend.close()
	server.Stop()
	return errors.Join(cause, <-served)
}

// report fails the test with the last events of the session that the error names.
func (t *trial) report(err error) {
	t.tb.Helper()
	text := err.Error()
	if _, after, ok := strings.Cut(text, "session "); ok {
		var session int
		if _, err := fmt.Sscan(strings.TrimRight(strings.Fields(after)[0], ",:"), &session); err == nil && session >= 0 && session < t.sessions {
			text += "\nthe last events of this session:\n" + t.journals[session].String()
		}
	}
	t.tb.Fatalf("seed %d: %s\n(replay with %s=%d)", t.seed, text, envSeed, t.seed)
}

// journal keeps the last events of a session.
type journal struct {
	mu     sync.Mutex
	events []string
}

const journalMax = 80

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return strings.Join(j.events, "\n")
}

// note writes an event down.
func (t *trial) note(session int, format string, args ...any) {
	j := &t.journals[session]
	line := time.Now().Format("05.000000 ") + fmt.Sprintf(format, args...)
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.events) == journalMax {
		copy(j.events, j.events[1:])
		j.events = j.events[:journalMax-1]
	}
	j.events = append(j.events, line)
}

// pause waits, unless the context ends before.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

const (
	envSeed     = "BOSH_SERVER_TEST_SEED"
	envMessages = "BOSH_SERVER_TEST_MESSAGES"
	envKills    = "BOSH_SERVER_TEST_KILLS"
)

// env is a number of the environment.
func env(tb testing.TB, name string, otherwise uint64) uint64 {
	tb.Helper()
	v := os.Getenv(name)
	if v == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(v, 10, 64)
	if err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	return n
}
