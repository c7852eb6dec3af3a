package load

import (
	"go-xmpp-bosh/bench/epoll"
)

// connect begins a connection of a session; it may be written to when whenUp says so.
func (g *Generator) connect(s *session, side int) (*link, error) {
	fd, err := epoll.Connect(g.target.Addr)
	if err != nil {
		return nil, err
	}
	l := &link{fd: fd, s: s, side: uint8(side)}
	for len(g.links) <= fd {
		g.links = append(g.links, nil)
	}
	g.links[fd] = l
	s.links[side] = l
	return l, nil
}

// whenUp calls f when the connection can be written to. Without TLS that is now: what finds no room yet waits.
func (g *Generator) whenUp(l *link, f func() error) error {
	if g.target.TLS {
		g.handshake(l, f)
		return nil
	}
	if err := g.poll.Add(l.fd); err != nil {
		return err
	}
	return f()
}

// unlink closes a connection.
func (g *Generator) unlink(l *link) {
	if l.fd < 0 {
		return
	}
	g.links[l.fd] = nil
	epoll.Close(l.fd)
	l.fd = -1
	l.s.links[l.side] = nil
}

// send writes to a connection.
func (g *Generator) send(l *link, b []byte) error {
	if l.tls != nil {
		_, err := l.tls.Write(b)
		return err
	}
	return l.out.Send(g.poll, l.fd, b)
}

// read takes what came on a connection.
func (g *Generator) read(l *link) {
	for {
		var n int
		var err error
		if l.tls != nil {
			n, err = l.tls.read(g.buf)
		} else {
			n, err = epoll.Read(l.fd, g.buf)
		}
		if err != nil {
			g.broken(l, err)
			return
		}
		if n == 0 {
			return
		}
		if err := g.receive(l, g.buf[:n]); err != nil {
			g.fail(l.s, err)
			return
		}
		// Level-triggered: what doesn't fit is reported again. TLS may have more that no event will tell of.
		if l.fd < 0 || l.tls == nil {
			return
		}
	}
}

func (g *Generator) receive(l *link, b []byte) error {
	if len(l.begun) > 0 {
		l.begun = append(l.begun, b...)
		b = l.begun
	}
	n, err := g.speaker.receive(g, l, b)
	if err != nil {
		return err
	}
	if n == len(b) {
		l.begun = nil
	} else {
		l.begun = append([]byte(nil), b[n:]...)
	}
	return nil
}
