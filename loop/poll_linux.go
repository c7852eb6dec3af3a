package loop

import (
	"golang.org/x/sys/unix"

	gnet "github.com/panjf2000/gnet/v2/pkg/errors"
	"github.com/panjf2000/gnet/v2/pkg/netpoll"
	"github.com/panjf2000/gnet/v2/pkg/queue"
)

// netPoller is gnet's poller. Nothing else in this module imports it.
type netPoller struct{ p *netpoll.Poller }

func openPoller() (poller, error) {
	p, err := netpoll.OpenPoller()
	if err != nil {
		return nil, err
	}
	return netPoller{p}, nil
}

func (n netPoller) set(fd int, from, to interest) error {
	pa := netpoll.PollAttachment{FD: fd}
	// The poller can't modify a registration to write-only, and only an addition reports what is already so.
	if from != interestNone && (to == interestNone || to == interestHangup || to == interestConnect) {
		if err := n.p.Delete(fd); err != nil {
			return err
		}
		from = interestNone
	}
	added := from == interestNone
	switch to {
	case interestNone:
		return nil
	case interestRead:
		if added {
			return n.p.AddRead(&pa, false)
		}
		return n.p.ModRead(&pa, false)
	case interestReadWrite:
		if added {
			return n.p.AddReadWrite(&pa, false)
		}
		return n.p.ModReadWrite(&pa, false)
	case interestConnect:
		return n.p.AddWrite(&pa, false)
	case interestHangup:
		return n.p.AddWrite(&pa, true)
	case interestEdge:
		return n.p.AddRead(&pa, true)
	}
	return unix.EINVAL
}

func (n netPoller) trigger(f func() bool) error {
	return n.p.Trigger(queue.HighPriority, func(any) error {
		if !f() {
			return gnet.ErrEngineShutdown
		}
		return nil
	}, nil)
}

func (n netPoller) poll(event func(fd int, ev events) bool) error {
	err := n.p.Polling(func(fd int, ev netpoll.IOEvent, _ netpoll.IOFlags) error {
		if !event(fd, eventsOf(ev)) {
			return gnet.ErrEngineShutdown
		}
		return nil
	})
	if err == gnet.ErrEngineShutdown { //nolint:errorlint // returned as it is
		return nil
	}
	return err
}

func (n netPoller) close() error { return n.p.Close() }

func eventsOf(ev netpoll.IOEvent) (e events) {
	if ev&(unix.EPOLLIN|unix.EPOLLPRI) != 0 {
		e |= evReadable
	}
	if ev&unix.EPOLLOUT != 0 {
		e |= evWritable
	}
	if ev&(unix.EPOLLRDHUP|unix.EPOLLHUP) != 0 {
		e |= evHangup
	}
	if ev&unix.EPOLLERR != 0 {
		e |= evError
	}
	return e
}
