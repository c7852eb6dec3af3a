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

func TestTooManySessions(t *testing.T) {
	s := start(t, Config{})
	s.mu.Lock()
	a := s.account("alice")
	for range sessionsMax {
		c := idle(s)
		c.me = jid{"alice", "localhost", token()}
		c.acct = a
		a.sessions[c.me.resource] = c
	}
	s.mu.Unlock()
	c := dial(t, s)
	c.open()
	c.auth("PLAIN", b64("\x00alice\x00x"))
	c.want(nsSASL, "success")
	c.open()
	c.send("<iq type='set' id='1'><bind xmlns='%s'/></iq>", nsBind)
	c.wantError("iq", "resource-constraint")
}

// An account that keeps nothing ends with its last session.
func TestAccountsAreForgotten(t *testing.T) {
	s := start(t, Config{})
	alice := login(t, s, "alice", "")
	bob := login(t, s, "bob", "")
	bob.ask("set", "", "<query xmlns='jabber:iq:roster'><item jid='alice@localhost'/></query>")
	for _, c := range []*client{alice, bob} {
		c.send("</stream:stream>")
		c.wantEnd()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.accounts["alice"] != nil || s.accounts["bob"] == nil {
		t.Errorf("accounts left: %v", s.accounts)
	}
}

// idle is a connection that no goroutine serves, and no peer reads.
func idle(s *Server) *conn { return newConn(s, new(net.TCPConn)) }

// wantStored says that what the accounts keep is what was charged for them.
func wantStored(t *testing.T, s *Server) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	sum := 0
	for _, a := range s.accounts {
		sum += len(a.vcard)
		for _, it := range a.roster {
			sum += it.size()
		}
		for j := range a.asks {
			sum += contactBytes + len(j)
		}
	}
	if sum != s.stored {
		t.Errorf("accounts keep %d bytes, %d are charged", sum, s.stored)
	}
}
