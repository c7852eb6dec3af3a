package demo

import "sync"

// outbox is the output of one connection: whoever holds something for the peer appends, one goroutine takes.
type outbox struct {
	mu     sync.Mutex
	more   sync.Cond     // something to take, or closed
	buf    []byte        // not yet taken
	closed bool          // nothing is added any more
	room   chan struct{} // not nil while somebody waits for buf to be short; closed then
}

// put appends; what does not fit is refused as a whole. A closed outbox takes anything and drops it.
func (o *outbox) put(s string) (ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.closed:
	case len(o.buf)+len(s) > outboxBytesMax:
		return false
	default:
		o.buf = append(o.buf, s...)
		o.more.Signal()
	}
	return true
}

// take waits for output and hands over all there is; nil is the end.
func (o *outbox) take() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.buf) == 0 && !o.closed {
		o.more.Wait()
	}
	b := o.buf
	o.buf = nil
	if o.room != nil {
		close(o.room)
		o.room = nil
	}
	return b
}

// full is nil while there is room, else a channel that is closed when there is again.
func (o *outbox) full() <-chan struct{} {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.buf) < outboxBytesHi {
		return nil
	}
	if o.room == nil {
		o.room = make(chan struct{})
	}
	return o.room
}

// close lets take come to its end.
func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	o.more.Signal()
}
