package demo

// account is a user: whoever has a session or keeps something. Guarded by Server.mu.
type account struct {
	user     string
	sessions map[string]*conn    // by resource
	roster   map[string]*contact // by bare JID
	asks     map[string]struct{} // bare JIDs whose subscription request waits for an answer
	vcard    string              // as it is answered; "": none
}

// account finds the account of a user or makes it.
func (s *Server) account(user string) *account {
	a := s.accounts[user]
	if a == nil {
		a = &account{
			user: user, sessions: map[string]*conn{},
			roster: map[string]*contact{}, asks: map[string]struct{}{},
		}
		s.accounts[user] = a
	}
	return a
}

// forget drops an account that keeps nothing and has no session.
func (s *Server) forget(a *account) {
	if len(a.sessions) == 0 && len(a.roster) == 0 && len(a.asks) == 0 && a.vcard == "" {
		delete(s.accounts, a.user)
	}
}

// charge accounts for n more bytes kept (or fewer, n < 0); it says whether there is room for them.
func (s *Server) charge(n int) bool {
	if n > 0 && s.stored+n > storeBytesMax {
		return false
	}
	s.stored += n
	return true
}

// join gives c a resource of its user: the one asked for, or a fresh one for "".
func (s *Server) join(c *conn, resource string) (cond string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.account(c.user)
	if resource == "" {
		resource = token()
	}
	switch old := a.sessions[resource]; {
	case old != nil: // RFC 6120 §7.7.2.2: the newer session wins, since a reloaded page should not meet its ghost
		s.leaveLocked(old)
		old.end(streamError("conflict"))
		a = s.account(c.user) // it may have been forgotten
	case len(a.sessions) >= sessionsMax:
		return "resource-constraint"
	}
	c.me = jid{c.user, s.cfg.Domain, resource}
	c.acct = a
	a.sessions[resource] = c
	return ""
}

// leave ends the session of c, if it has one, and tells who saw it.
func (s *Server) leave(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.leaveLocked(c)
}

func (s *Server) leaveLocked(c *conn) {
	a := c.acct
	if a == nil || a.sessions[c.me.resource] != c {
		return
	}
	delete(a.sessions, c.me.resource)
	c.unavailable(gone(c.me))
	if c.anonymous { // RFC 4505: nobody can come back to it
		for j := range a.roster {
			s.drop(a, j)
		}
		for j := range a.asks {
			s.answerAsk(a, j)
		}
		s.charge(-len(a.vcard))
		a.vcard = ""
	}
	s.forget(a)
}
