package exactlyonce

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"
)

// patience bounds a trial; none is expected to take that long.
const patience = 2 * time.Minute

// newTrial has the numbers of the environment, or these.
func newTrial(t *testing.T, sessions, messages, kills int) *trial {
	t.Helper()
	return &trial{
		tb: t, seed: env(t, envSeed, rand.Uint64()), sessions: sessions,
		messages: int(env(t, envMessages, uint64(messages))), kills: int(env(t, envKills, uint64(kills))),
	}
}

// Twenty sessions exchange 10,000 messages each way while a thousand of their connections are killed; every message arrives
// once, in order.
func TestEveryMessageArrivesOnce(t *testing.T) { testEveryMessageArrivesOnce(t, 1) }

// The same with several loops: connections move to the loops of their sessions.
func TestEveryMessageArrivesOnceOnLoops(t *testing.T) { testEveryMessageArrivesOnce(t, 3) }

func testEveryMessageArrivesOnce(t *testing.T, loops int) {
	t.Helper()
	defer wantNoGoroutinesLeft(t, runtime.NumGoroutine())
	trial := newTrial(t, 20, 500, 50)
	trial.loops = loops
	trial.run(patience)
	kinds := wantKills(t, trial)
	repeats, recoverable := 0, 0
	for i, c := range trial.clients {
		if c.got.last != trial.messages {
			t.Errorf("session %d, %v: %d messages, want %d", i, down, c.got.last, trial.messages)
		}
		repeats += c.repeats
		recoverable += c.errors
	}
	t.Logf("seed %d: %d sessions, %d messages each way; %d repeats, %d recoverable errors; killed%s",
		trial.seed, trial.sessions, trial.sessions*trial.messages, repeats, recoverable, kinds)
	if recoverable == 0 {
		t.Error("no request was asked for again with type='error'")
	}
}

// Clients that never repeat a request, but go on with the next rid, as strophe.js does after the page was reloaded (decisions.md
// 32): what they send arrives once; what they are sent may be missing only where the server wrote it to a connection of whose
// death it could not know; nothing is doubled or out of order.
func TestGoingOnLosesOnlyWhatWasOnTheWire(t *testing.T) {
	for _, rst := range []bool{false, true} {
		t.Run(ending(rst), func(t *testing.T) {
			defer wantNoGoroutinesLeft(t, runtime.NumGoroutine())
			trial := newTrial(t, 10, 200, 20)
			trial.goOn, trial.goOnRST = true, rst
			trial.run(patience)
			kinds := wantKills(t, trial)
			missing := 0
			for _, c := range trial.clients {
				wantExplained(t, trial, c)
				missing += len(c.got.missing)
			}
			t.Logf("seed %d: %d messages each way, %d missing as they may; killed%s", trial.seed, trial.sessions*trial.messages, missing, kinds)
		})
	}
}

// wantExplained checks the messages that a client has not got. None was sent after the backend had heard of the client
// again; and, if the server was told by FIN, so that the network could read what it still wrote, each is in there.
func wantExplained(t *testing.T, trial *trial, c *client) {
	t.Helper()
	for _, g := range c.gaps {
		bound, err := trial.backend.accounts[c.session].sentBefore(g.notice)
		if err != nil || g.to-1 > bound {
			t.Errorf("seed %d: session %d, %v: %d to %d are missing, but when the client had gone on (%d) only %d were sent, %v",
				trial.seed, c.session, down, g.from+1, g.to-1, g.notice, bound, err)
		}
	}
	if trial.goOnRST {
		return
	}
	for _, n := range c.got.missing {
		if !trial.network.isLost(c.session, n) {
			t.Errorf("seed %d: session %d, %v: %d is missing, but was never written to a dying connection", trial.seed, c.session, down, n)
		}
	}
}

// wantKills checks that there were as many as promised, and of each kind.
func wantKills(t *testing.T, trial *trial) string {
	t.Helper()
	var text strings.Builder
	w, total := &weights, 0
	if trial.goOn {
		w = &weightsGoOn
	}
	sum := 0
	for f, n := range trial.network.kinds {
		total += n
		sum += w[f]
	}
	for f, n := range trial.network.kinds {
		if w[f] == 0 {
			continue
		}
		fmt.Fprintf(&text, " %d %v,", n, fault(f))
		if expected := total * w[f] / sum; n == 0 && expected >= 8 {
			t.Errorf("seed %d: no connection was killed %v, about %d should have been", trial.seed, fault(f), expected)
		}
	}
	if want := trial.sessions * trial.kills; total < want {
		t.Errorf("seed %d: %d connections were killed, want %d", trial.seed, total, want)
	}
	return fmt.Sprintf("%s %d in all", text.String(), total)
}

// wantNoGoroutinesLeft waits until there are no more goroutines than before.
func wantNoGoroutinesLeft(t *testing.T, before int) {
	t.Helper()
	if t.Failed() {
		return
	}
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before; <-tick.C {
		if time.Now().After(deadline) {
			var stacks [1 << 16]byte
			t.Errorf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks[:], true)])
			return
		}
	}
}
