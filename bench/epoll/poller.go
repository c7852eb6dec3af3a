package epoll

import (
	"fmt"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Event is what happened to a file descriptor.
type Event struct {
	FD       int
	Readable bool // or closed, or broken: a read will tell
	Writable bool
}

// Poller waits for sockets.
type Poller struct {
	fd     int
	wake   int
	raw    [512]unix.EpollEvent
	events []Event
	coarse bool // the kernel has no epoll_pwait2
}

// NewPoller makes one.
func NewPoller() (*Poller, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("epoll_create1: %w", err)
	}
	wake, err := unix.Eventfd(0, unix.EFD_NONBLOCK|unix.EFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("eventfd: %w", err)
	}
	p := &Poller{fd: fd, wake: wake}
	return p, p.Add(wake)
}

// Add begins to watch a descriptor for input.
func (p *Poller) Add(fd int) error {
	return p.control(unix.EPOLL_CTL_ADD, fd, unix.EPOLLIN)
}

// WatchWrites changes whether room for output is reported too.
func (p *Poller) WatchWrites(fd int, on bool) error {
	mask := uint32(unix.EPOLLIN)
	if on {
		mask |= unix.EPOLLOUT
	}
	return p.control(unix.EPOLL_CTL_MOD, fd, mask)
}

func (p *Poller) control(op, fd int, mask uint32) error {
	e := unix.EpollEvent{Events: mask, Fd: int32(fd)}
	if err := unix.EpollCtl(p.fd, op, fd, &e); err != nil {
		return fmt.Errorf("epoll_ctl: %w", err)
	}
	return nil
}

// Wake makes Wait return; any goroutine may call it.
func (p *Poller) Wake() {
	one := [8]byte{1}
	unix.Write(p.wake, one[:]) //nolint:errcheck // the counter can't be full, and if it were Wait would return
}

// Wait returns what happened, after at most the timeout; a negative one is none. The slice is valid until the next call.
func (p *Poller) Wait(timeout time.Duration) ([]Event, error) {
	n, err := p.harvest(timeout)
	if err != nil {
		return nil, err
	}
	p.events = p.events[:0]
	for i := range n {
		e := &p.raw[i]
		if int(e.Fd) == p.wake {
			var sum [8]byte
			unix.Read(p.wake, sum[:]) //nolint:errcheck // only clears it
			continue
		}
		p.events = append(p.events, Event{
			FD:       int(e.Fd),
			Readable: e.Events&(unix.EPOLLIN|unix.EPOLLHUP|unix.EPOLLERR|unix.EPOLLRDHUP) != 0,
			Writable: e.Events&unix.EPOLLOUT != 0,
		})
	}
	return p.events, nil
}

// harvest asks without blocking first: under load there is always something.
func (p *Poller) harvest(timeout time.Duration) (int, error) {
	n, _, errno := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(p.fd), uintptr(unsafe.Pointer(&p.raw[0])), uintptr(len(p.raw)), 0, 0, 0)
	if errno != 0 && errno != unix.EINTR {
		return 0, fmt.Errorf("epoll_wait: %w", errno)
	}
	if errno == 0 && (n > 0 || timeout == 0) {
		return int(n), nil
	}
	got, err := p.block(timeout)
	if err == unix.EINTR {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("epoll_wait: %w", err)
	}
	return got, nil
}

// block waits with the precision of nanoseconds where the kernel can (Linux 5.11): paced traffic wants less than epoll_wait's milliseconds.
func (p *Poller) block(timeout time.Duration) (int, error) {
	if timeout >= 0 && !p.coarse {
		ts := unix.NsecToTimespec(int64(timeout))
		n, _, errno := unix.Syscall6(unix.SYS_EPOLL_PWAIT2, uintptr(p.fd), uintptr(unsafe.Pointer(&p.raw[0])), uintptr(len(p.raw)), uintptr(unsafe.Pointer(&ts)), 0, 0)
		if errno == 0 {
			return int(n), nil
		}
		if errno != unix.ENOSYS {
			return 0, errno
		}
		p.coarse = true
	}
	ms := -1
	if timeout >= 0 {
		ms = int((timeout + time.Millisecond - 1) / time.Millisecond)
	}
	return unix.EpollWait(p.fd, p.raw[:], ms)
}

// Close gives the descriptors back.
func (p *Poller) Close() {
	unix.Close(p.wake)
	unix.Close(p.fd)
}
