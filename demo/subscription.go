package demo

// subscription handles a stanza that manages one (RFC 6121 §3, appendix A). Both users live here, so both rosters change
// in one step; el is stamped with bare addresses.
func (c *conn) subscription(kind string, el *element, to jid) {
	s, mine, theirs := c.s, c.me.bare(), to.bare()
	it := c.acct.roster[theirs]
	peer := s.accounts[to.local]
	var pit *contact // the user as the peer's contact
	if peer != nil {
		pit = peer.roster[mine]
	}
	switch kind {
	case "subscribe":
		c.subscribe(el, to)
	case "subscribed": // RFC 6121 §3.1.5: only what was asked for
		if !s.answerAsk(c.acct, theirs) {
			return
		}
		if it = s.contact(c.acct, to); it == nil {
			c.fail(el, "resource-constraint")
			return
		}
		it.from = true
		c.acct.push(it.xml())
		if pit != nil && pit.ask { // RFC 6121 §3.1.6
			pit.ask, pit.to = false, true
			peer.tell(el)
			peer.push(pit.xml())
			s.show(peer, c.acct)
		}
	case "unsubscribe": // RFC 6121 §3.3
		if it != nil && (it.to || it.ask) {
			it.to, it.ask = false, false
			c.acct.push(it.xml())
		}
		if peer == nil {
			return
		}
		asked := s.answerAsk(peer, mine)
		if pit != nil && pit.from {
			pit.from, asked = false, true
			peer.push(pit.xml())
			s.hide(c.acct, peer)
		}
		if asked {
			peer.tell(el)
		}
		s.forget(peer)
	case "unsubscribed": // RFC 6121 §3.2
		s.answerAsk(c.acct, theirs)
		if it != nil && it.from {
			it.from = false
			c.acct.push(it.xml())
		}
		if pit != nil && (pit.to || pit.ask) {
			if pit.to {
				s.hide(peer, c.acct)
			}
			pit.to, pit.ask = false, false
			peer.tell(el)
			peer.push(pit.xml())
		}
	}
}

// subscribe asks to see another user (RFC 6121 §3.1).
func (c *conn) subscribe(el *element, to jid) {
	s, mine := c.s, c.me.bare()
	it := c.acct.roster[to.bare()]
	if it != nil && it.to {
		return
	}
	peer := s.account(to.local)
	defer s.forget(peer)
	pit := peer.roster[mine]
	agreed := pit != nil && pit.from // RFC 6121 §3.1.3: then nobody has to be asked
	isNew, ok := false, true
	if !agreed {
		isNew, ok = s.ask(peer, mine)
	}
	if ok {
		it = s.contact(c.acct, to)
	}
	if it == nil || !ok {
		if isNew {
			s.answerAsk(peer, mine)
		}
		c.fail(el, "resource-constraint")
		return
	}
	it.to, it.ask = agreed, !agreed
	c.acct.push(it.xml())
	if agreed {
		c.acct.tell(presence("subscribed", to.bare()).with("to", mine))
		s.show(c.acct, peer)
	} else if isNew {
		peer.tell(el)
	}
}

// show gives the sessions of one user the presence of another's.
func (s *Server) show(to, of *account) {
	for _, t := range to.sessions {
		if t.presence != nil {
			t.probe(jid{local: of.user, domain: s.cfg.Domain})
		}
	}
}

// hide tells the sessions of one user that another's are gone.
func (s *Server) hide(from, of *account) {
	for _, t := range of.sessions {
		if t.presence != nil {
			from.tell(gone(t.me).with("to", jid{local: from.user, domain: s.cfg.Domain}.bare()))
		}
	}
}

// presence makes a stanza.
func presence(kind, from string) *element {
	return (&element{space: nsClient, local: "presence"}).with("type", kind).with("from", from)
}

// gone is the presence of a session that has none any more.
func gone(j jid) *element { return presence("unavailable", j.String()) }
