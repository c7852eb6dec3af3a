package proxy

import (
	"crypto/tls"

	"go-xmpp-bosh/loop"
	"go-xmpp-bosh/proxyproto"
)

// preface is a connection that has still to say, by the PROXY protocol, whom it speaks for. It becomes a client then, and begins
// with TLS where its listener has that.
type preface struct {
	conn loop.Conn
	srv  *Server
	tls  *tls.Config
}

// accepting gives what a listener asks for memory for a new connection.
func (s *Server) accepting(config *tls.Config) func() (*loop.Conn, loop.Handler) {
	if !s.cfg.ProxyProtocol {
		return func() (*loop.Conn, loop.Handler) { return s.accept(config != nil) }
	}
	return func() (*loop.Conn, loop.Handler) {
		if s.drain.begun {
			return nil, nil
		}
		s.keepRoom()
		p := &preface{srv: s, tls: config}
		return &p.conn, p
	}
}

// drop ends the connection with one line about it.
func (p *preface) drop(why string, args ...any) {
	p.srv.complain.warn(p.srv.log, p.srv.now(), why, append(args, "address", p.conn.RemoteAddr().Addr().Unmap())...)
	p.conn.Abort()
}

// HandleConnect lets nobody in but trusted proxies: anyone could write a header.
func (p *preface) HandleConnect(*loop.Conn) {
	from := p.conn.RemoteAddr()
	if !from.IsValid() { // it has gone while it waited to be accepted
		p.conn.Abort()
		return
	}
	if !p.srv.cfg.TrustedProxies.has(from.Addr()) {
		p.drop("a connection from an address that is not in --trusted-proxies was dropped: --proxy-protocol takes them from nobody else")
		return
	}
	p.conn.SetDeadline(p.srv.now() + p.srv.cfg.HTTPHeadTimeout)
}

// HandleData reads the header; what comes behind it is the client's.
func (p *preface) HandleData(_ *loop.Conn, b []byte) int {
	s := p.srv
	h, n, err := proxyproto.Parse(b)
	switch {
	case err != nil:
		p.drop("a connection without the PROXY protocol was dropped: have the proxy send it, or leave --proxy-protocol out", "reason", err)
		return len(b)
	case n == 0:
		return 0
	case s.drain.begun:
		p.conn.Abort()
		return len(b)
	}
	slot, c := s.clients.alloc()
	c.srv, c.slot = s, slot
	if h.Source.IsValid() {
		put(&s.callers.clients, slot, origin{source: h.Source, destination: h.Destination})
	}
	if h.TLS {
		c.marks |= markSecure
	}
	p.conn.MoveTo(&c.conn, c)
	if p.tls == nil {
		c.HandleConnect(&c.conn)
		return n
	}
	s.enter()
	if c.admitConn() {
		c.conn.AcceptTLS(p.tls, b[n:])
	} else {
		c.end(false)
	}
	s.settle()
	return len(b)
}

// HandleDeadline: it took too long.
func (p *preface) HandleDeadline(*loop.Conn) {
	p.drop("a connection was dropped whose PROXY protocol header did not come in time")
}

// HandleEOF: it was not a connection for us, but a probe.
func (p *preface) HandleEOF(*loop.Conn) { p.conn.Abort() }

// HandleSecure does not come: TLS is the client's.
func (p *preface) HandleSecure(*loop.Conn) {}

// HandleDrain does not come: nothing is written.
func (p *preface) HandleDrain(*loop.Conn) {}

// HandleClose has nothing to give back.
func (p *preface) HandleClose(*loop.Conn, error) {}
