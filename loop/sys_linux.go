package loop

import (
	"encoding/binary"
	"net"
	"net/netip"
	"os"
	"strconv"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"go-xmpp-bosh/timer"
)

const (
	// backlogMax is asked for; the kernel lowers it to net.core.somaxconn.
	backlogMax = 4096

	// A peer that vanished without a word is noticed after keepAliveIdle (or Config.KeepAlive) + keepAliveCount·keepAliveInterval seconds of silence.
	// A peer on this machine can't vanish so, and isn't asked: the kernel keeps these times in steps of seconds, so that thousands of connections
	// that fell silent together ask at once, and loopback drops without a word what goes beyond net.core.netdev_max_backlog (1,000 packets). Those
	// that had no answer four times running were ended, though both sides were well.
	keepAliveIdle     = 60
	keepAliveInterval = 15
	keepAliveCount    = 4
)

// linux is the real kernel.
type linux struct {
	base   time.Time
	offset int64 // what the machine's clock showed at base

	keepAlive timer.Time          // of connections that are accepted; negative: off
	peer      unix.RawSockaddrAny // of the one that was accepted last
	peerBytes uint32

	named      unix.RawSockaddrAny // the answer to name
	namedBytes uint32
}

func newLinux() (*linux, error) {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts); err != nil {
		return nil, os.NewSyscallError("clock_gettime", err)
	}
	return &linux{base: time.Now(), offset: ts.Nano(), keepAlive: keepAliveIdle * timer.Second}, nil
}

// now goes through Go's runtime clock, a tenth of the cost of the system call.
func (k *linux) now() int64 { return k.offset + int64(time.Since(k.base)) }

func (k *linux) wall() time.Time { return time.Now() }

// The calls below never block, since every descriptor is non-blocking, so Go's scheduler need not know of them: RawSyscall saves a fifth
// of an echo's processor time.

func (k *linux) read(fd int, b []byte) (int, syscall.Errno) {
	n, _, errno := unix.RawSyscall(unix.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b)))
	return count(n, errno)
}

func (k *linux) peek(fd int, b []byte) (int, syscall.Errno) {
	n, _, errno := unix.RawSyscall6(unix.SYS_RECVFROM, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b)), unix.MSG_PEEK, 0, 0)
	return count(n, errno)
}

func (k *linux) hungUp(fd int) bool {
	one := [1]unix.PollFd{{Fd: int32(fd), Events: unix.POLLRDHUP}}
	n, err := unix.Poll(one[:], 0)
	return n == 1 && err == nil
}

func (k *linux) write(fd int, b []byte) (int, syscall.Errno) {
	n, _, errno := unix.RawSyscall(unix.SYS_WRITE, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b)))
	return count(n, errno)
}

func (k *linux) writev(fd int, a, b []byte) (int, syscall.Errno) {
	if len(a) == 0 {
		return k.write(fd, b)
	}
	var iov [2]unix.Iovec
	iov[0].Base, iov[1].Base = unsafe.SliceData(a), unsafe.SliceData(b)
	iov[0].SetLen(len(a))
	iov[1].SetLen(len(b))
	n, _, errno := unix.RawSyscall(unix.SYS_WRITEV, uintptr(fd), uintptr(unsafe.Pointer(&iov)), 2)
	return count(n, errno)
}

func count(n uintptr, errno syscall.Errno) (int, syscall.Errno) {
	if errno != 0 {
		return 0, errno
	}
	return int(n), 0
}

func (k *linux) shutdown(fd int) { _ = unix.Shutdown(fd, unix.SHUT_WR) }

func (k *linux) close(fd int) { _ = unix.Close(fd) }

func (k *linux) accept(fd int) (int, syscall.Errno) {
	k.peerBytes = unix.SizeofSockaddrAny
	nfd, _, errno := unix.RawSyscall6(unix.SYS_ACCEPT4, uintptr(fd), uintptr(unsafe.Pointer(&k.peer)), uintptr(unsafe.Pointer(&k.peerBytes)),
		unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0, 0)
	if errno == 0 && k.keepAlive > 0 && isLoopback(&k.peer) {
		_ = unix.SetsockoptInt(int(nfd), unix.SOL_SOCKET, unix.SO_KEEPALIVE, 0) // inherited from the listener
	}
	return count(nfd, errno)
}

// isLoopback reports whether an address is of this machine: 127.0.0.0/8, also written as one of IPv6, or ::1.
func isLoopback(sa *unix.RawSockaddrAny) bool {
	switch sa.Addr.Family {
	case unix.AF_INET:
		return (*unix.RawSockaddrInet4)(unsafe.Pointer(sa)).Addr[0] == 127
	case unix.AF_INET6:
		return netip.AddrFrom16((*unix.RawSockaddrInet6)(unsafe.Pointer(sa)).Addr).Unmap().IsLoopback()
	}
	return false
}

func (k *linux) listen(addr netip.AddrPort, dual, reusePort bool) (int, error) {
	sa, family := sockaddr(addr)
	fd, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, os.NewSyscallError("socket", err)
	}
	_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1)
	if reusePort {
		_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1)
	}
	if family == unix.AF_INET6 {
		only := 1
		if dual {
			only = 0
		}
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, only)
	}
	tune(fd, k.keepAlive) // accepted connections inherit it
	if err := unix.Bind(fd, sa); err != nil {
		_ = unix.Close(fd)
		return -1, os.NewSyscallError("bind", err)
	}
	if err := unix.Listen(fd, backlogMax); err != nil {
		_ = unix.Close(fd)
		return -1, os.NewSyscallError("listen", err)
	}
	return fd, nil
}

func (k *linux) connect(to netip.AddrPort) (int, syscall.Errno) {
	sa, family := sockaddr(to)
	fd, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, errnoOf(err)
	}
	tune(fd, keepAliveTo(to.Addr()))
	if err := unix.Connect(fd, sa); err != nil && err != unix.EINPROGRESS && err != unix.EINTR {
		_ = unix.Close(fd)
		return -1, errnoOf(err)
	}
	return fd, 0
}

// keepAliveTo is after how long a silence a server at that address is asked whether it is there; 0: never.
func keepAliveTo(a netip.Addr) timer.Time {
	if a.Unmap().IsLoopback() {
		return 0
	}
	return keepAliveIdle * timer.Second
}

// tune sets what every TCP connection has. A socket of another kind refuses some of it, which does no harm.
func tune(fd int, keepAlive timer.Time) {
	_ = unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
	if keepAlive <= 0 {
		return
	}
	_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1)
	_ = unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, int(max(keepAlive/timer.Second, 1)))
	_ = unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, keepAliveInterval)
	_ = unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_KEEPCNT, keepAliveCount)
}

func (k *linux) socketError(fd int) syscall.Errno {
	v, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ERROR)
	if err != nil {
		return errnoOf(err)
	}
	return syscall.Errno(v)
}

func (k *linux) localAddr(fd int) netip.AddrPort { return k.name(unix.SYS_GETSOCKNAME, fd) }

func (k *linux) remoteAddr(fd int) netip.AddrPort { return k.name(unix.SYS_GETPEERNAME, fd) }

// name asks with one of two system calls. Package unix would allocate for each answer.
func (k *linux) name(call uintptr, fd int) netip.AddrPort {
	k.named, k.namedBytes = unix.RawSockaddrAny{}, unix.SizeofSockaddrAny
	_, _, errno := unix.RawSyscall(call, uintptr(fd), uintptr(unsafe.Pointer(&k.named)), uintptr(unsafe.Pointer(&k.namedBytes)))
	if errno != 0 {
		return netip.AddrPort{}
	}
	return addrPort(&k.named)
}

func (k *linux) openTimer() (int, error) {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	return fd, os.NewSyscallError("timerfd_create", err)
}

func (k *linux) setTimer(fd int, ns int64) {
	spec := unix.ItimerSpec{Value: unix.NsecToTimespec(max(ns, 1))}
	_ = unix.TimerfdSettime(fd, 0, &spec, nil)
}

func (k *linux) openSpare() (int, syscall.Errno) {
	fd, err := unix.Eventfd(0, unix.EFD_CLOEXEC)
	if err != nil {
		return -1, errnoOf(err)
	}
	return fd, 0
}

func errnoOf(err error) syscall.Errno {
	if errno, ok := err.(syscall.Errno); ok { //nolint:errorlint // x/sys/unix returns it bare
		return errno
	}
	return syscall.EIO
}

func sockaddr(a netip.AddrPort) (unix.Sockaddr, int) {
	addr := a.Addr().Unmap()
	if addr.Is4() {
		return &unix.SockaddrInet4{Port: int(a.Port()), Addr: addr.As4()}, unix.AF_INET
	}
	return &unix.SockaddrInet6{Port: int(a.Port()), Addr: addr.As16(), ZoneId: zoneID(addr.Zone())}, unix.AF_INET6
}

// addrPort reads an address as the kernel writes it; one of another family is the zero value.
func addrPort(sa *unix.RawSockaddrAny) netip.AddrPort {
	switch sa.Addr.Family {
	case unix.AF_INET:
		in := (*unix.RawSockaddrInet4)(unsafe.Pointer(sa))
		return netip.AddrPortFrom(netip.AddrFrom4(in.Addr), hostOrder(in.Port))
	case unix.AF_INET6:
		in := (*unix.RawSockaddrInet6)(unsafe.Pointer(sa))
		addr := netip.AddrFrom16(in.Addr).Unmap()
		if in.Scope_id != 0 && addr.Is6() {
			addr = addr.WithZone(strconv.Itoa(int(in.Scope_id)))
		}
		return netip.AddrPortFrom(addr, hostOrder(in.Port))
	}
	return netip.AddrPort{}
}

// hostOrder reads a port in network byte order.
func hostOrder(port uint16) uint16 {
	var b [2]byte
	binary.NativeEndian.PutUint16(b[:], port)
	return binary.BigEndian.Uint16(b[:])
}

// zoneID is the number of an IPv6 zone, by number or by the name of its interface.
func zoneID(zone string) uint32 {
	if zone == "" {
		return 0
	}
	if n, err := strconv.ParseUint(zone, 10, 32); err == nil {
		return uint32(n)
	}
	i, err := net.InterfaceByName(zone)
	if err != nil {
		return 0
	}
	return uint32(i.Index)
}
