package loop

import "sync"

// posting is the only part of a loop that other goroutines touch.
type posting struct {
	mu       sync.Mutex
	queue    []func()
	arriving []*parcel // connections from other loops
	running  []func()  // scratch of the loop
	phase    phase
	woken    bool // a task that will run the queue is on its way
	stop     bool
	inTask   bool // of the loop: a triggered task is running, so all events of the batch are over
}

// phase is where a loop is in its life.
type phase uint8

const (
	phaseNew phase = iota
	phaseRunning
	phaseEnded
)

func (p phase) String() string {
	switch p {
	case phaseNew:
		return "new"
	case phaseRunning:
		return "running"
	case phaseEnded:
		return "ended"
	}
	return "invalid"
}

// Post makes f run on the loop, in the order of the calls. It may be called from any goroutine. What is posted to a loop that has ended
// doesn't run, and the answer is false.
func (l *Loop) Post(f func()) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.phase == phaseEnded {
		return false
	}
	l.queue = append(l.queue, f)
	if !l.woken {
		l.woken = true
		_ = l.poller.trigger(l.runPosted)
	}
	return true
}

// runPosted is the task of the poller that runs what was posted.
func (l *Loop) runPosted() bool {
	l.tick()
	l.inTask = true
	l.handlePosted()
	l.settle()
	l.inTask = false
	return !l.stopping
}

// handlePosted runs what has been posted by now. What is posted meanwhile has to wait for the next turn: a triggered task would
// run in this one, and a function that posts itself would never let the poller look at a socket.
func (l *Loop) handlePosted() {
	l.mu.Lock()
	l.running, l.queue = l.queue, l.running[:0]
	l.mu.Unlock()
	for i, f := range l.running {
		l.running[i] = nil
		l.guarded(f)
		l.finish()
	}
	l.mu.Lock()
	l.stopping = l.stopping || l.stop // asked for by now; who asks later wakes us
	l.woken = len(l.queue) > 0
	l.again = l.again || l.woken
	l.mu.Unlock()
}

// handlePostedAgain continues handlePosted in the next turn.
func (l *Loop) handlePostedAgain() {
	l.mu.Lock()
	waiting := len(l.queue) > 0
	l.mu.Unlock()
	if waiting {
		l.handlePosted()
	}
}

// start begins the loop's life, unless it was stopped already.
func (l *Loop) start() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stop || l.phase != phaseNew {
		return false
	}
	l.phase = phaseRunning
	return true
}

func (l *Loop) requestStop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stop = true
	if l.phase == phaseRunning && !l.woken {
		l.woken = true
		_ = l.poller.trigger(l.runPosted)
	}
}

// endPosting keeps other goroutines away from the poller, whose descriptors are about to be closed.
func (l *Loop) endPosting() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.phase = phaseEnded
	l.queue = nil
}
