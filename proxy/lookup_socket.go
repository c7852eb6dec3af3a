package proxy

import (
	"net/netip"

	"go-xmpp-bosh/lookup"
	"go-xmpp-bosh/loop"
)

// nameSocket is the socket of one try of the DNS client: a Packet, or a Conn. It is nobody's once the try is closed.
type nameSocket struct {
	packet loop.Packet
	conn   loop.Conn
	names  *names
	try    lookup.Try
	to     netip.AddrPort
}

// nameTimeout is the net under the machine's own deadline for connecting to a resolver, in milliseconds.
const nameTimeout = 10_000

func (n *names) socket(t lookup.Try, to netip.AddrPort) *nameSocket {
	k := &nameSocket{names: n, try: t, to: to}
	n.sockets[t] = k
	return k
}

// SendUDP sends a query from a socket of its own.
func (n *names) SendUDP(t lookup.Try, to netip.AddrPort, b []byte) {
	k := n.socket(t, to)
	err := n.srv.loop.OpenPacket(&k.packet, k, to)
	if err == nil {
		err = k.packet.Send(b)
	}
	if err == nil {
		return
	}
	n.srv.log.Debug("cannot ask a DNS resolver", "resolver", to, "reason", err)
	n.srv.loop.Post(k.failed) // the machine is at work
}

// DialTCP connects to a resolver; b goes out when that is done.
func (n *names) DialTCP(t lookup.Try, to netip.AddrPort, b []byte) {
	k := n.socket(t, to)
	n.srv.loop.Dial(&k.conn, k, to, nameTimeout)
	k.conn.Write(b)
}

// Close closes the socket of a try.
func (n *names) Close(t lookup.Try) {
	if k := n.sockets[t]; k != nil {
		delete(n.sockets, t)
		k.packet.Close()
		k.conn.Abort()
	}
}

// failed tells the machine that the try is in vain. One that is closed it does not know any more.
func (k *nameSocket) failed() {
	s := k.names.srv
	s.enter()
	k.names.machine.HandleFailed(s.now(), k.try)
	k.names.rest()
	s.settle()
}

// HandlePacket: the kernel takes datagrams of the resolver only.
func (k *nameSocket) HandlePacket(_ *loop.Packet, b []byte) {
	s := k.names.srv
	s.enter()
	k.names.machine.HandleUDP(s.now(), k.try, k.to, b)
	k.names.rest()
	s.settle()
}

// HandlePacketError: as a rule, nobody listens there.
func (k *nameSocket) HandlePacketError(_ *loop.Packet, err error) {
	k.names.srv.log.Debug("cannot ask a DNS resolver", "resolver", k.to, "reason", err)
	k.failed()
}

// HandleData is an answer over TCP, or a part of one.
func (k *nameSocket) HandleData(_ *loop.Conn, b []byte) int {
	s := k.names.srv
	s.enter()
	n := k.names.machine.HandleTCP(s.now(), k.try, b)
	k.names.rest()
	s.settle()
	return n
}

// HandleEOF: a resolver that has closed says no more.
func (k *nameSocket) HandleEOF(*loop.Conn) { k.failed() }

// HandleClose comes for connections that failed, and for those that the machine has closed, of which it wants no word.
func (k *nameSocket) HandleClose(*loop.Conn, error) { k.failed() }

func (k *nameSocket) HandleConnect(*loop.Conn)  {}
func (k *nameSocket) HandleDrain(*loop.Conn)    {}
func (k *nameSocket) HandleSecure(*loop.Conn)   {}
func (k *nameSocket) HandleDeadline(*loop.Conn) {}
