package loop

import (
	"net/netip"
	"syscall"

	"golang.org/x/sys/unix"
)

func (k *linux) connectPacket(to netip.AddrPort) (int, syscall.Errno) {
	sa, family := sockaddr(to)
	fd, err := unix.Socket(family, unix.SOCK_DGRAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, errnoOf(err)
	}
	if err := unix.Connect(fd, sa); err != nil {
		_ = unix.Close(fd)
		return -1, errnoOf(err)
	}
	return fd, 0
}
