package proxy

import (
	"net/netip"

	"go-xmpp-bosh/loop"
	"go-xmpp-bosh/xmlstream"
	"go-xmpp-bosh/xmppconn"
)

// backend is one stream of a session: its connection to an XMPP server and the machine that speaks on it. It is a slab
// record; a session's stream knows its slot (its Tag).
type backend struct {
	conn    loop.Conn
	srv     *Server
	xmpp    xmppconn.Stream
	dialing *dialing // until the connection is up
	slot    uint32
	of      ownerRef

	directTLS bool  // TLS from the first byte
	proxy     bool  // a PROXY protocol header comes first
	shaking   bool  // the handshake is under way
	stopped   bool  // not read, since the client does not fetch what came
	hops      uint8 // how often a server has sent the client elsewhere
	loggedIn  bool  // the client has logged in, as far as can be seen
	orphaned  bool  // the session no longer wants to hear of it
	ended     bool  // the record is free once the callback has returned
	carried   bool  // by the program (Stream), not over a connection
	held      bool  // and its client is to be held up
}

// HandleConnect does not come: the connection was up before it became the backend's.
func (b *backend) HandleConnect(*loop.Conn) {}

// connected opens the stream on a connection that is up, to that address.
func (b *backend) connected(to netip.Addr) {
	if b.proxy {
		b.introduce()
	}
	if b.directTLS {
		b.startTLS() // HandleSecure then stands for HandleConnect
		return
	}
	b.xmpp.SetTLS(b.srv.cfg.policy(b.xmpp.Domain(), to))
	b.xmpp.HandleConnect(b.srv.now())
	b.bound()
}

// HandleData feeds the stream.
func (b *backend) HandleData(_ *loop.Conn, data []byte) int {
	b.srv.enter()
	n := b.xmpp.HandleData(b.srv.now(), data)
	b.srv.stats.Bytes[WireXMPP].In += uint64(n)
	b.bound()
	b.srv.settle()
	return n
}

// HandleSecure goes on with the stream inside TLS.
func (b *backend) HandleSecure(*loop.Conn) {
	b.srv.enter()
	b.srv.stats.shook(b, true, nil)
	b.shaking = false
	if b.of.kind == ownerProbe { // the state is made anew each time
		b.tell(Step{Kind: StepSecure, TLS: b.conn.TLS()})
	}
	b.xmpp.HandleSecure(b.srv.now())
	b.bound()
	b.srv.settle()
}

// HandleEOF: the server writes no more.
func (b *backend) HandleEOF(*loop.Conn) {
	b.srv.enter()
	b.xmpp.HandleEOF(b.srv.now())
	b.bound()
	b.srv.settle()
}

// HandleDrain: the server has read what was waiting for it.
func (b *backend) HandleDrain(*loop.Conn) {
	b.srv.enter()
	b.srv.hurry(b)
	if w := b.owner(); w != nil {
		w.handleDrain(b.srv)
	}
	b.srv.settle()
}

// HandleDeadline is the stream's deadline.
func (b *backend) HandleDeadline(*loop.Conn) {
	b.srv.enter()
	b.xmpp.HandleTimeout(b.srv.now())
	b.bound()
	b.srv.settle()
}

// HandleClose is the last call for a connection.
func (b *backend) HandleClose(_ *loop.Conn, err error) {
	b.srv.enter()
	b.srv.stats.shook(b, false, err)
	b.tell(Step{Kind: StepLost, Err: err})
	if b.dialing != nil { // the one before a see-other-host
		b.dialing.closing = false
		b.connect()
	} else {
		b.xmpp.HandleClosed(b.srv.now(), b.closeReason(err))
		b.bury()
	}
	b.srv.settle()
}

// bound gives the connection the stream's deadline.
func (b *backend) bound() { b.conn.SetDeadline(b.xmpp.Deadline()) }

// abort drops the connection or, while there is none, the search for a server.
func (b *backend) abort() {
	if b.ended {
		return
	}
	if b.carried {
		b.bury()
		return
	}
	if b.dialing == nil || b.dialing.closing {
		b.conn.Abort() // HandleClose follows
		b.endSearch()
		return
	}
	b.endSearch()
	b.bury()
}

// stop holds the server up, or lets it go on.
func (b *backend) stop(yes bool) {
	b.stopped = yes
	if b.carried {
		if !b.orphaned {
			b.srv.program.streams[b.slot].press(yes)
		}
		return
	}
	if yes {
		b.conn.Pause()
		return
	}
	b.conn.Resume()
}

// isPressed reports whether the other side does not take what the client sent.
func (b *backend) isPressed() bool { return b.held || b.conn.Pressed() }

// isOpen reports whether the owner has been told that the stream is open, and not yet of its end.
func (b *backend) isOpen() bool {
	if b.carried {
		return !b.orphaned && b.srv.program.streams[b.slot].added
	}
	return !b.orphaned && b.xmpp.IsOpened()
}

// stanza gives the other side an element from the client.
func (b *backend) stanza(el *xmlstream.Element) {
	if b.carried {
		b.srv.program.streams[b.slot].take(el)
		return
	}
	b.xmpp.HandleStanza(b.srv.now(), el)
}

// end tells the owner, and the program, that the stream is over.
func (b *backend) end(w owner, r xmppconn.Reason, el *xmlstream.Element) {
	if p := b.srv.program; p != nil {
		p.ended(b, r)
	}
	b.orphaned = true
	w.handleStreamEnd(b.srv, b.of.stream, r, el)
}

// bury frees the record once the callback has returned.
func (b *backend) bury() {
	if !b.ended {
		b.ended = true
		b.srv.stats.Streams[b.of.kind.transport()].Ended++
		b.srv.hurry(b)
		b.srv.bury(slotBackend, b.slot)
	}
}

// leave: the client is done with the stream, by its own wish (clean) or not. Its machine may be at work just now, hence the detour.
func (b *backend) leave(clean bool) {
	if p := b.srv.program; p != nil && !b.orphaned {
		p.terminated(b, clean)
	}
	b.orphaned = true
	b.stop(false) // nobody else will read on, and the server's end tag is to come
	b.srv.put(task{do: taskTerminate, backend: b.slot, clean: clean})
}
