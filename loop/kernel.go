package loop

import (
	"net/netip"
	"syscall"
	"time"
)

// kernel is everything that a loop asks of the operating system, the poller excepted. There is one implementation; a simulation can be put in its place.
// Descriptors are non-blocking. An Errno of 0 means success.
type kernel interface {
	now() int64      // nanoseconds since the machine started: the same for all loops, never 0
	wall() time.Time // the calendar's time

	read(fd int, b []byte) (int, syscall.Errno)
	peek(fd int, b []byte) (int, syscall.Errno)  // as read, but leaves the bytes where they are
	hungUp(fd int) bool                          // the peer has shut down its side, or the connection is broken
	write(fd int, b []byte) (int, syscall.Errno) //
	writev(fd int, a, b []byte) (int, syscall.Errno)
	shutdown(fd int) // of the writing side
	close(fd int)

	listen(addr netip.AddrPort, dual, reusePort bool) (int, error)
	accept(fd int) (int, syscall.Errno)
	connect(to netip.AddrPort) (int, syscall.Errno) // begins it; the poller tells when to ask socketError
	socketError(fd int) syscall.Errno               // and clears it
	localAddr(fd int) netip.AddrPort
	remoteAddr(fd int) netip.AddrPort

	packetKernel

	openTimer() (int, error)
	setTimer(fd int, ns int64) // fires once, in at least 1 ns; replaces what was set
	openSpare() (int, syscall.Errno)
}

// poller watches descriptors for one loop.
type poller interface {
	// set changes what is watched of fd. The caller remembers what it was: the poller does not.
	set(fd int, from, to interest) error

	// trigger makes f run in poll, after the events that have been harvested. It may be called from any goroutine.
	trigger(f func() bool) error

	// poll calls event for each event until it, or a triggered function, returns false. An event that was harvested before a change
	// of interest may still come after it.
	poll(event func(fd int, ev events) bool) error

	close() error
}

// events is what the poller tells of a descriptor.
type events uint8

const (
	evReadable events = 1 << iota
	evWritable
	evHangup // the peer has shut down its side, or both sides are
	evError  // socketError knows more
)
