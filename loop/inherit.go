package loop

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// Inherit accepts connections on a socket that the process was started with, as Listen does on one of its own. fd stays the caller's: several
// loops may inherit the same socket, and whoever made it may keep it open, so that connections wait in it while nobody accepts.
func (l *Loop) Inherit(fd int, accept func() (*Conn, Handler)) (*Listener, error) {
	if l.ended {
		return nil, ErrStopped
	}
	own, err := inherit(fd)
	if err != nil {
		return nil, err
	}
	tune(own, l.cfg.KeepAlive) // accepted connections inherit it
	return l.listenOn(own, accept)
}

// inherit gives a descriptor of our own for a TCP socket that listens.
func inherit(fd int) (int, error) {
	family, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_DOMAIN)
	if err != nil {
		return -1, fmt.Errorf("descriptor %d is no socket: %w", fd, err)
	}
	if family != unix.AF_INET && family != unix.AF_INET6 {
		return -1, fmt.Errorf("descriptor %d is no socket of TCP", fd)
	}
	if listens, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ACCEPTCONN); err != nil || listens == 0 {
		return -1, errors.Join(fmt.Errorf("descriptor %d is no socket that listens", fd), err)
	}
	own, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return -1, os.NewSyscallError("fcntl", err)
	}
	if err := unix.SetNonblock(own, true); err != nil {
		_ = unix.Close(own)
		return -1, os.NewSyscallError("fcntl", err)
	}
	return own, nil
}
