package demo

import (
	"net"
	"testing"
)

func TestStartRefusesDomain(t *testing.T) {
	for _, domain := range []string{"", "a b", "a@b", "a/b", "'"} {
		if s, err := Start(Config{Domain: domain}); err == nil {
			s.Close()
			t.Errorf("domain %q was taken", domain)
		}
	}
}

func TestAddrIsLoopback(t *testing.T) {
	s := start(t, Config{})
	if a := s.Addr(); !a.Addr().IsLoopback() || !a.Addr().Is4() || a.Port() == 0 {
		t.Errorf("listens on %v", a)
	}
}

func TestCloseEndsEverySession(t *testing.T) {
	s := start(t, Config{})
	alice, bob, fresh := online(t, s, "alice", ""), login(t, s, "bob", ""), dial(t, s)
	fresh.open()
	done := make(chan struct{})
	go func() { s.Close(); close(done) }()
	for _, c := range []*client{alice, bob, fresh} {
		c.wantStreamError("system-shutdown")
		c.nc.Close()
	}
	<-done
	if _, err := net.Dial("tcp", s.Addr().String()); err == nil {
		t.Error("the port still answers")
	}
	if len(s.conns) != 0 || len(s.accounts) != 0 {
		t.Errorf("%d connections and %d accounts are left", len(s.conns), len(s.accounts))
	}
	s.Close() // a second time is nothing
}

func TestTooManyConnections(t *testing.T) {
	s := start(t, Config{Conns: 1})
	first := login(t, s, "alice", "")
	second := dial(t, s)
	if _, err := second.in.in.ReadByte(); err == nil {
		t.Error("a second connection was served")
	}
	first.send("</stream:stream>")
	first.wantEnd()
}

// idle is a connection that no goroutine serves, and no peer reads.
func idle(s *Server) *conn { return newConn(s, new(net.TCPConn)) }
