package loop

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"testing"
	"time"
)

// mailbox writes down what comes to a Packet.
type mailbox struct {
	packet   Packet
	events   chan string
	onPacket func(p *Packet, b []byte)
}

func newMailbox() *mailbox { return &mailbox{events: make(chan string, 1000)} }

func (m *mailbox) HandlePacket(p *Packet, b []byte) {
	m.events <- "packet " + string(b)
	if m.onPacket != nil {
		m.onPacket(p, b)
	}
}

func (m *mailbox) HandlePacketError(_ *Packet, err error) {
	m.events <- fmt.Sprint("error ", errors.Is(err, syscall.ECONNREFUSED))
}

func (m *mailbox) want(t *testing.T, want string) {
	t.Helper()
	select {
	case got := <-m.events:
		if got != want {
			t.Fatalf("event %q, want %q", clip(got), clip(want))
		}
	case <-time.After(patience):
		t.Fatalf("no event, want %q", clip(want))
	}
}

func listenPacket(t *testing.T) (*net.UDPConn, netip.AddrPort) {
	t.Helper()
	c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(patience))
	return c, netip.MustParseAddrPort(c.LocalAddr().String())
}

func TestPackets(t *testing.T) {
	w := newWorld(t, Config{})
	peer, addr := listenPacket(t)
	m := newMailbox()
	w.do(func() {
		if err := w.l.OpenPacket(&m.packet, m, addr); err != nil {
			t.Error(err)
		}
		if err := m.packet.Send([]byte("hello")); err != nil {
			t.Error(err)
		}
		if err := w.l.OpenPacket(&m.packet, m, addr); err == nil {
			t.Error("opened twice")
		}
	})
	buf := make([]byte, 100)
	n, from, err := peer.ReadFromUDPAddrPort(buf)
	if err != nil || string(buf[:n]) != "hello" {
		t.Fatalf("received %q, %v", buf[:n], err)
	}
	for i := range 3 * packetsMax {
		if _, err := peer.WriteToUDPAddrPort(fmt.Appendf(nil, "%d", i), from); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 3 * packetsMax {
		m.want(t, fmt.Sprintf("packet %d", i))
	}
	// An empty datagram is one, and no end.
	if _, err := peer.WriteToUDPAddrPort(nil, from); err != nil {
		t.Fatal(err)
	}
	m.want(t, "packet ")
	// What comes from elsewhere does not arrive.
	other, _ := listenPacket(t)
	if _, err := other.WriteToUDPAddrPort([]byte("forged"), from); err != nil {
		t.Fatal(err)
	}
	if _, err := peer.WriteToUDPAddrPort([]byte("true"), from); err != nil {
		t.Fatal(err)
	}
	m.want(t, "packet true")
	w.do(func() {
		m.packet.Close()
		m.packet.Close()
		if len(w.l.packets) != 0 || w.l.Conns() != 0 {
			t.Error("something is left")
		}
		if m.packet.Send([]byte("x")) == nil {
			t.Error("sent on a closed socket")
		}
	})
}

func TestPacketToNobody(t *testing.T) {
	w := newWorld(t, Config{})
	peer, addr := listenPacket(t)
	peer.Close()
	m := newMailbox()
	w.do(func() {
		if err := w.l.OpenPacket(&m.packet, m, addr); err != nil {
			t.Error(err)
		}
		_ = m.packet.Send([]byte("hello"))
	})
	m.want(t, "error true")
	w.do(func() {
		if err := w.l.OpenPacket(new(Packet), m, netip.AddrPort{}); err == nil {
			t.Error("opened to nowhere")
		}
	})
}

// A handler may close its socket, and open it again; the number of the old one is not taken before the events that may name it are over.
func TestPacketClosedByItsHandler(t *testing.T) {
	closed := make(chan int, 100)
	w := newFaultyWorld(t, Config{}, func(k *faultyKernel) { k.onClose = func(fd int) { closed <- fd } })
	peer, addr := listenPacket(t)
	m := newMailbox()
	m.onPacket = func(p *Packet, _ []byte) {
		old := p.fd
		p.Close()
		if err := w.l.OpenPacket(p, m, addr); err != nil {
			t.Error(err)
		}
		if p.fd == old || len(closed) != 0 {
			t.Error("the descriptor was given away too early")
		}
		_ = p.Send([]byte("again"))
	}
	w.do(func() {
		if err := w.l.OpenPacket(&m.packet, m, addr); err != nil {
			t.Error(err)
		}
		_ = m.packet.Send([]byte("first"))
	})
	buf := make([]byte, 100)
	_, from, err := peer.ReadFromUDPAddrPort(buf)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := peer.WriteToUDPAddrPort([]byte("x"), from); err != nil {
			t.Fatal(err)
		}
	}
	m.want(t, "packet x")
	n, again, err := peer.ReadFromUDPAddrPort(buf)
	if err != nil || string(buf[:n]) != "again" || again == from {
		t.Fatalf("%q from %v, %v", buf[:n], again, err)
	}
	<-closed
	select {
	case e := <-m.events:
		t.Errorf("%q of a socket that was closed", e)
	default:
	}
}

// The loop's end closes sockets, and opens none.
func TestPacketsAtTheEnd(t *testing.T) {
	w := newWorld(t, Config{})
	_, addr := listenPacket(t)
	m := newMailbox()
	w.do(func() {
		if err := w.l.OpenPacket(&m.packet, m, addr); err != nil {
			t.Error(err)
		}
	})
	w.stop()
	if m.packet.loop != nil || w.l.OpenPacket(&m.packet, m, addr) != ErrStopped { //nolint:errorlint // as it is
		t.Error("not closed, or opened again")
	}
}
