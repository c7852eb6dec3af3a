package proxy

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"strconv"

	"go-xmpp-bosh/loop"
)

// listen binds the addresses for HTTP, and behind them those for HTTPS.
func (s *Server) listen() error {
	if err := s.bind(s.cfg.Listen, nil); err != nil {
		return err
	}
	s.secureFrom = len(s.listeners)
	if len(s.cfg.ListenTLS) == 0 {
		return nil
	}
	return s.bind(s.cfg.ListenTLS, s.cfg.Certificates.config())
}

// bind listens on addresses; the port that the first one got stands in for 0 in the others. With config, connections begin
// with TLS.
func (s *Server) bind(addrs []string, config *tls.Config) error {
	port := ""
	for i, addr := range addrs {
		if host, p, err := net.SplitHostPort(addr); err == nil && p == "0" && port != "" {
			addr = net.JoinHostPort(host, port)
		}
		l, err := s.open(addr, s.accepting(config))
		switch {
		case err != nil && i == 0:
			return fmt.Errorf("listening on %s: %w", addr, err)
		case err != nil:
			s.log.Warn("address left out", "address", addr, "reason", err)
			continue
		}
		if port == "" {
			port = strconv.Itoa(int(l.Addr().Port()))
		}
		s.listeners = append(s.listeners, l)
	}
	return nil
}

// accept gives memory for a new HTTP connection, which is to begin with TLS or not.
func (s *Server) accept(secure bool) (*loop.Conn, loop.Handler) {
	if s.drain.begun {
		return nil, nil
	}
	s.keepRoom()
	slot, c := s.clients.alloc()
	c.srv, c.slot = s, slot
	if secure {
		c.marks |= markGreets
	}
	return &c.conn, c
}

// Addrs has the addresses that HTTP is accepted on.
func (s *Server) Addrs() []netip.AddrPort { return addrsOf(s.listeners[:s.secureFrom]) }

// TLSAddrs has the addresses that HTTPS is accepted on.
func (s *Server) TLSAddrs() []netip.AddrPort { return addrsOf(s.listeners[s.secureFrom:]) }

func addrsOf(listeners []*loop.Listener) []netip.AddrPort {
	addrs := make([]netip.AddrPort, len(listeners))
	for i, l := range listeners {
		addrs[i] = l.Addr()
	}
	return addrs
}

// announce logs where the server can be reached.
func (s *Server) announce() {
	for _, a := range s.Addrs() {
		s.log.Info("listening", "address", "http://"+a.String()+s.cfg.Path)
	}
	for _, a := range s.TLSAddrs() {
		s.log.Info("listening", "address", "https://"+a.String()+s.cfg.Path)
	}
}
