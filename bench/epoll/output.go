package epoll

// Output is what a socket has not yet room for. Its zero value is empty; it owns its bytes.
type Output struct {
	rest []byte
}

// Send writes b, after what waits already; what finds no room waits for Flush, which the caller makes when the poller says so.
func (o *Output) Send(p *Poller, fd int, b []byte) error {
	if len(o.rest) > 0 {
		o.rest = append(o.rest, b...)
		return nil
	}
	n, err := Write(fd, b)
	if err != nil || n == len(b) {
		return err
	}
	o.rest = append(o.rest, b[n:]...)
	return p.WatchWrites(fd, true)
}

// Flush writes what waits.
func (o *Output) Flush(p *Poller, fd int) error {
	if len(o.rest) == 0 {
		return nil
	}
	n, err := Write(fd, o.rest)
	if err != nil {
		return err
	}
	if n < len(o.rest) {
		o.rest = o.rest[:copy(o.rest, o.rest[n:])]
		return nil
	}
	o.rest = nil
	return p.WatchWrites(fd, false)
}

// Waits says how many bytes wait.
func (o *Output) Waits() int { return len(o.rest) }
