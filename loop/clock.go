package loop

import (
	"time"

	"go-xmpp-bosh/timer"
)

// clock is the loop's time and what waits for it. One timer descriptor stands for both wheels; it is set when the earliest moment moves forward or
// after it fired, and never while nothing waits, so that an idle loop sleeps.
type clock struct {
	ns      int64 // as of the callback's begin
	timers  *timer.Wheel
	waits   *timer.Wheel // the loop's own: connections, handshakes, listeners; keys are a waitKind and a descriptor
	timerFD int
	setFor  int64 // ns; what timerFD is set for, 0 = nothing
	moved   bool  // a wheel's first moment may have moved forward
	again   bool  // work is left for the next turn
	turns   int64 // callbacks so far

	second     int64 // the calendar's, as of its last reading
	secondTill int64 // ns; when to read it again

	fireTimer, fireWait func(*timer.Node) // bound once: no allocation later
}

// farthest is a time that still counts in nanoseconds: three centuries of uptime.
const farthest timer.Time = 1 << 43

// waitKind says what a node of the loop's own wheel is in: the upper half of its key.
type waitKind uint32

const (
	waitConn waitKind = iota
	waitHandshake
	waitListener
)

func (k waitKind) String() string {
	switch k {
	case waitConn:
		return "connection"
	case waitHandshake:
		return "handshake"
	case waitListener:
		return "listener"
	}
	return "invalid"
}

func waitKey(k waitKind, fd int) uint64 { return uint64(k)<<32 | uint64(uint32(fd)) }

func (l *Loop) startClock() error {
	fd, err := l.kernel.openTimer()
	if err != nil {
		return err
	}
	if err := l.poller.set(fd, interestNone, interestEdge); err != nil {
		l.kernel.close(fd)
		return err
	}
	l.timerFD = fd
	l.tick()
	l.timers, l.waits = timer.NewWheel(l.Now()), timer.NewWheel(l.Now())
	l.fireTimer = func(n *timer.Node) {
		l.guarded(func() { l.cfg.HandleTimer(n.Key) })
		l.finish()
	}
	l.fireWait = func(n *timer.Node) {
		l.guarded(func() { l.handleWait(n) })
		l.finish()
	}
	return nil
}

// tick begins a callback.
func (l *Loop) tick() {
	l.ns = l.kernel.now()
	l.turns++
}

// Now is the time at which the running callback began, in milliseconds since the machine started: the same for all loops of a machine. It is never 0.
func (l *Loop) Now() timer.Time { return timer.Time(l.ns/int64(time.Millisecond)) + 1 }

// Elapsed is how long the running callback has taken so far, as of a new reading of the clock.
func (l *Loop) Elapsed() time.Duration { return time.Duration(l.kernel.now() - l.ns) }

// WallSeconds is the calendar's time in seconds since 1970, for dates in answers.
func (l *Loop) WallSeconds() int64 {
	if l.ns >= l.secondTill {
		t := l.kernel.wall()
		l.second = t.Unix()
		l.secondTill = l.ns + int64(time.Second) - int64(t.Nanosecond())
	}
	return l.second
}

// handleTimers runs what is due.
func (l *Loop) handleTimers() {
	l.setFor, l.moved, l.again = 0, true, false
	l.handlePostedAgain()
	l.waits.Advance(l.Now(), l.fireWait)
	l.timers.Advance(l.Now(), l.fireTimer)
}

// handleWait serves a node of the loop's own wheel.
func (l *Loop) handleWait(n *timer.Node) {
	kind, fd := waitKind(n.Key>>32), int(uint32(n.Key))
	switch kind {
	case waitConn:
		if c := l.at(fd); c != nil && n == &c.node {
			c.handleWait()
		}
	case waitHandshake:
		if c := l.at(fd); c != nil && c.tls != nil && c.tls.hs != nil && n == &c.tls.hs.node {
			c.die(&TLSError{ErrTimeout})
		}
	case waitListener:
		for _, ls := range l.listeners {
			if n == &ls.node {
				ls.handleRest()
				return
			}
		}
	}
}

// wait arms a node of the loop's own wheel.
func (l *Loop) wait(n *timer.Node, kind waitKind, fd int, due timer.Time) {
	n.Key = waitKey(kind, fd)
	l.waits.Set(n, due)
	l.moved = true
}

// setClock sets the timer descriptor for the earliest moment, if that is not what it is set for.
func (l *Loop) setClock() {
	if !l.moved && !l.again {
		return
	}
	l.moved = false
	var due int64
	switch next := l.nextWait(); {
	case l.again:
		due = l.ns
	case next == 0:
		return
	default:
		due = int64(min(next, farthest)-1) * int64(time.Millisecond)
	}
	if l.setFor != 0 && l.setFor <= due {
		return
	}
	l.setFor = max(due, 1)
	l.kernel.setTimer(l.timerFD, max(due-l.kernel.now(), 1))
}

// nextWait is the moment at which a wheel wants to be advanced; 0 = never.
func (l *Loop) nextWait() timer.Time {
	a, _ := l.timers.Next()
	b, _ := l.waits.Next()
	return timer.Earlier(a, b)
}
