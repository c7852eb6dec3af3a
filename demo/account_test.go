package demo

import "testing"

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
