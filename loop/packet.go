package loop

import (
	"net/netip"
	"os"
	"syscall"
)

// PacketHandler is the owner of a Packet. Its methods run on the loop, one at a time, and never from inside a method of Packet or Loop.
type PacketHandler interface {
	// HandlePacket is a datagram from the peer. b is borrowed.
	HandlePacket(p *Packet, b []byte)
	// HandlePacketError says that something went wrong, such as ECONNREFUSED where nobody listens. The socket goes on.
	HandlePacketError(p *Packet, err error)
}

// Packet is a UDP socket that speaks with one peer: the kernel drops what comes from elsewhere. It stands by value in its owner's struct and must not be
// copied. The zero value is one to be; after Close it is one again, once the running callback has returned.
type Packet struct {
	loop    *Loop // nil: not open
	handler PacketHandler
	fd      int
}

// packetsMax is how many datagrams of one socket are read in one callback.
const packetsMax = 16

// packetKernel is what a Packet asks of the operating system.
type packetKernel interface {
	connectPacket(to netip.AddrPort) (int, syscall.Errno) // on a port of the kernel's choice
}

// OpenPacket opens a socket that sends to an address, from a port that the system chooses at random.
func (l *Loop) OpenPacket(p *Packet, h PacketHandler, to netip.AddrPort) error {
	switch {
	case l.stopping || l.ended:
		return ErrStopped
	case p.loop != nil || !to.IsValid():
		return os.NewSyscallError("connect", syscall.EINVAL)
	}
	fd, errno := l.kernel.connectPacket(to)
	if errno != 0 {
		return os.NewSyscallError("connect", errno)
	}
	if err := l.poller.set(fd, interestNone, interestRead); err != nil {
		l.kernel.close(fd) // no event can name it
		return err
	}
	*p = Packet{loop: l, handler: h, fd: fd}
	if l.packets == nil {
		l.packets = map[int]*Packet{}
	}
	l.packets[fd] = p
	return nil
}

// Send sends one datagram, now. One that the system has no room for is lost, as any may be.
func (p *Packet) Send(b []byte) error {
	if p.loop == nil {
		return ErrStopped
	}
	for {
		_, errno := p.loop.kernel.write(p.fd, b)
		//exhaustive:ignore
		switch errno {
		case 0, syscall.EAGAIN, syscall.ENOBUFS:
			return nil
		case syscall.EINTR:
		default:
			return os.NewSyscallError("send", errno)
		}
	}
}

// Close closes the socket. Nothing is told of it after that. It may be called at any time.
func (p *Packet) Close() {
	l := p.loop
	if l == nil {
		return
	}
	_ = l.poller.set(p.fd, interestRead, interestNone)
	delete(l.packets, p.fd)
	l.closing = append(l.closing, p.fd) // not before this batch of events is over: one of them may name it
	*p = Packet{}
}

// handleReadable reads a few datagrams; then others have their turn.
func (p *Packet) handleReadable() {
	l := p.loop
	l.current = nil
	for range packetsMax {
		if p.loop == nil { // closed by its handler
			return
		}
		b := l.shared[:readBytesMax]
		n, errno := l.kernel.read(p.fd, b)
		//exhaustive:ignore
		switch errno {
		case 0:
			p.handler.HandlePacket(p, b[:n])
		case syscall.EINTR:
		case syscall.EAGAIN:
			return
		default:
			p.handler.HandlePacketError(p, os.NewSyscallError("receive", errno))
			return
		}
	}
}

// closePackets is for the loop's end.
func (l *Loop) closePackets() {
	for _, p := range l.packets {
		p.Close()
	}
}
