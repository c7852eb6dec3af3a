package loop

import (
	"syscall"

	"go-xmpp-bosh/timer"
)

// handleReadable accepts what has arrived: a few, then others have their turn.
func (ls *Listener) handleReadable() {
	if ls.state != interestRead {
		return
	}
	l := ls.loop
	for range acceptMax {
		fd, errno := l.kernel.accept(ls.fd)
		//exhaustive:ignore
		switch errno {
		case 0:
			ls.take(fd)
		case syscall.EAGAIN:
			return
		case syscall.EMFILE, syscall.ENFILE:
			ls.shed(errno)
			return
		case syscall.ENOBUFS, syscall.ENOMEM:
			ls.rest(errno)
			return
		case syscall.EBADF, syscall.EINVAL, syscall.ENOTSOCK, syscall.EOPNOTSUPP, syscall.EFAULT:
			l.cfg.Logger.Error("listener failed", "address", ls.addr, "reason", errno)
			ls.Close()
			return
		default: // a connection that failed in the queue (accept(2): treat like EAGAIN): the next may do
		}
		if ls.state != interestRead { // closed by the accept function
			return
		}
	}
}

// take makes a connection of fd.
func (ls *Listener) take(fd int) {
	l := ls.loop
	c, h := ls.accept()
	if c == nil || h == nil || !l.establish(c, h, fd) {
		l.kernel.close(fd) // no event of this batch can name it
		return
	}
	l.current = c
	h.HandleConnect(c)
}

// shed is called when there is no descriptor for the connection that waits. One that waits for ever would keep the listener readable and
// the loop spinning; so a spare descriptor is given up for a moment, to accept those that wait and close them. Before that the owner may end connections
// that matter less.
func (ls *Listener) shed(errno syscall.Errno) {
	l := ls.loop
	if len(l.closing) > 0 { // some are about to be free
		return
	}
	if l.cfg.HandleShortage != nil {
		if l.cfg.HandleShortage(); len(l.dead) > 0 {
			return
		}
	}
	if l.spare < 0 {
		ls.rest(errno)
		return
	}
	l.kernel.close(l.spare)
	l.spare = -1
	dropped := 0
	for range acceptMax {
		fd, errno := l.kernel.accept(ls.fd)
		if errno != 0 {
			break
		}
		l.kernel.close(fd)
		dropped++
	}
	l.dropped += dropped
	if now := l.Now(); l.droppedSaid == 0 || now-l.droppedSaid >= timer.Second {
		l.cfg.Logger.Warn("connections dropped: no file descriptor is left; raise the limit (ulimit -n, LimitNOFILE=)",
			"count", l.dropped, "address", ls.addr, "reason", errno)
		l.dropped, l.droppedSaid = 0, now
	}
	if !l.openSpare() {
		ls.rest(errno)
	}
}

// rest takes the listener out of the poller for a while. Those who connect wait in the kernel's queue.
func (ls *Listener) rest(errno syscall.Errno) {
	l := ls.loop
	if err := ls.watch(interestNone); err != nil {
		l.cfg.Logger.Error("listener failed", "address", ls.addr, "reason", err)
	}
	if now := l.Now(); l.restSaid == 0 || now-l.restSaid >= timer.Second {
		l.restSaid = now
		l.cfg.Logger.Warn("accepting pauses for half a second: the system has no room for a connection; give it more memory, or more file descriptors (ulimit -n, LimitNOFILE=)",
			"address", ls.addr, "reason", errno)
	}
	l.wait(&ls.node, waitListener, ls.fd, l.Now()+acceptRest)
}

// handleRest ends a rest, if there is a descriptor to spare.
func (ls *Listener) handleRest() {
	l := ls.loop
	if !l.openSpare() {
		l.wait(&ls.node, waitListener, ls.fd, l.Now()+acceptRest)
		return
	}
	if err := ls.watch(interestRead); err != nil {
		ls.state = interestNone
		l.wait(&ls.node, waitListener, ls.fd, l.Now()+acceptRest)
	}
}

func (l *Loop) openSpare() bool {
	if l.spare < 0 {
		if fd, errno := l.kernel.openSpare(); errno == 0 {
			l.spare = fd
		}
	}
	return l.spare >= 0
}
