package loop

import "runtime/debug"

// work is what callbacks leave to be done once no handler is on the stack. Each list may hold a connection that has been closed, and even used again,
// since: the flags of the connection decide, not the list.
type work struct {
	dirty []*Conn // state changed: flush, and bring the poller up to date
	later []*Conn // flagOffer, flagDrain
	dead  []death

	laterSpare []*Conn // the arrays of the round before
	deadSpare  []death

	leaving []*parcel // connections that were given to other loops

	closing   []int // descriptors to be closed after this batch of events, which may still name them
	triggered bool  // a task that closes them is on its way

	current *Conn // whose handler is running
	movedTo *Conn // where it has moved its connection
}

// death is a connection whose HandleClose is due.
type death struct {
	c   *Conn
	err error
}

// settle ends a callback: everything it made is sent, what it closed is closed, the clock is set.
func (l *Loop) settle() {
	l.finish()
	l.setClock()
	if len(l.closing) == 0 {
		return
	}
	if l.inTask || l.stopping {
		l.closeNow()
	} else if !l.triggered {
		l.triggered = true
		_ = l.poller.trigger(l.closeTask)
	}
}

// finish does the deferred work. Handlers called from here may make more of it, so it goes round; a handler that always does (one that dials again as soon as it is
// refused, say) is cut off until the next turn, when others have had theirs.
func (l *Loop) finish() {
	for range roundsMax {
		l.sendParcels()
		if len(l.dirty) == 0 && len(l.dead) == 0 && len(l.later) == 0 {
			return
		}
		l.flushDirty()
		l.bury()
		l.runLater()
	}
	l.again = l.again || len(l.dirty)+len(l.dead)+len(l.later)+len(l.leaving) > 0
}

// flushDirty brings each connection that a callback has touched up to date.
func (l *Loop) flushDirty() {
	for i := 0; i < len(l.dirty); i++ {
		c := l.dirty[i]
		l.dirty[i] = nil
		if c.has(flagDirty) {
			c.unset(flagDirty)
			c.update()
		}
	}
	l.dirty = l.dirty[:0]
}

// runLater calls the handlers whose turn was put off. What they put off in their turn waits for the next round.
func (l *Loop) runLater() {
	batch := l.later
	l.later, l.laterSpare = l.laterSpare, nil
	for i, c := range batch {
		batch[i] = nil
		if c.has(flagLater) {
			c.unset(flagLater)
			l.guarded(c.handleLater)
		}
	}
	l.laterSpare = batch[:0]
}

// bury ends dead connections. Their HandleClose may cause more deaths, for the next round.
func (l *Loop) bury() {
	batch := l.dead
	l.dead, l.deadSpare = l.deadSpare, nil
	for i, d := range batch {
		batch[i] = death{}
		l.guarded(func() { d.c.bury(d.err) })
	}
	l.deadSpare = batch[:0]
}

// closeTask runs after the batch's events.
func (l *Loop) closeTask() bool {
	l.triggered = false
	l.closeNow()
	return !l.stopping
}

func (l *Loop) closeNow() {
	for _, fd := range l.closing {
		l.kernel.close(fd)
	}
	l.closing = l.closing[:0]
}

// guarded calls f, which calls a handler. A panic in it is a bug of the handler, and costs the one connection whose handler it was.
func (l *Loop) guarded(f func()) {
	if l.cfg.HandlePanic != nil {
		defer l.recovered()
	}
	l.current = nil
	f()
}

func (l *Loop) recovered() {
	v := recover()
	if v == nil {
		return
	}
	if l.current != nil {
		l.current.Abort()
	}
	l.cfg.HandlePanic(v, debug.Stack())
}
