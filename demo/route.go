package demo

// handle takes one stanza. Its error ends the stream.
func (c *conn) handle(el *element) error {
	if el.space != nsClient {
		return streamError("unsupported-stanza-type") // RFC 6120 §4.9.3.25
	}
	// RFC 6120 §8.1.2.1: the server says who it is from, and a client does not say otherwise.
	if from := el.attr("from"); from != "" {
		if j, ok := parseJID(from); !ok || j.bare() != c.me.bare() || j.resource != "" && j != c.me {
			return streamError("invalid-from")
		}
	}
	el = el.with("from", c.me.String())
	to, ok := jid{}, true
	if el.attr("to") != "" {
		to, ok = parseJID(el.attr("to"))
	}

	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if c.acct.sessions[c.me.resource] != c {
		return nil // another session took the resource: end has been called
	}
	switch el.local {
	case "message", "presence", "iq":
	default:
		return streamError("unsupported-stanza-type")
	}
	switch {
	case !ok:
		c.fail(el, "jid-malformed") // RFC 6120 §8.3.3.8
	case to != jid{} && to.domain != c.s.cfg.Domain:
		c.fail(el, "remote-server-not-found") // this server knows no other one
	case el.local == "message":
		c.message(el, to)
	case el.local == "presence":
		c.handlePresence(el, to)
	case el.local == "iq":
		c.iq(el, to)
	}
	return nil
}

// message delivers a message (RFC 6121 §8.5).
func (c *conn) message(el *element, to jid) {
	if (to == jid{}) {
		to = jid{local: c.me.local, domain: c.me.domain} // RFC 6120 §10.3.1
	}
	kind := el.attr("type")
	if t := c.s.session(to); t != nil {
		c.pass(el, t) // RFC 6121 §8.5.3.1
		return
	}
	var targets []*conn
	switch {
	case kind == "groupchat": // RFC 6121 §8.5.2.1.1: users are no rooms
	case kind == "chat" || to.resource == "": // RFC 6121 §8.5.3.2.1: chat moves on to another resource
		targets = c.s.targets(to.local, kind == "headline")
	}
	for _, t := range targets {
		c.pass(el, t)
	}
	if len(targets) == 0 && kind != "headline" {
		c.fail(el, "service-unavailable") // RFC 6121 §8.5.2.2.1: there is no offline storage
	}
}

// targets are the sessions that get a message for the bare JID: of those that want any, the ones with the highest
// priority, or all of them.
func (s *Server) targets(user string, all bool) []*conn {
	a := s.accounts[user]
	if a == nil {
		return nil
	}
	var list []*conn
	for _, t := range a.sessions {
		switch {
		case t.presence == nil || t.priority < 0: // RFC 6121 §4.7.2.3
		case all || len(list) == 0 || t.priority == list[0].priority:
			list = append(list, t)
		case t.priority > list[0].priority:
			list = []*conn{t}
		}
	}
	return list
}

// iq routes a request or an answer (RFC 6120 §10.3.3, §10.5).
func (c *conn) iq(el *element, to jid) {
	kind := el.attr("type")
	request := kind == "get" || kind == "set"
	switch { // RFC 6120 §8.2.3
	case el.attr("id") == "", !request && kind != "result" && kind != "error", request && len(el.children()) != 1:
		c.fail(el, "bad-request")
		return
	}
	if to.resource != "" && to.local != "" {
		if t := c.s.session(to); t != nil {
			c.pass(el, t)
		} else {
			c.fail(el, "service-unavailable") // RFC 6121 §8.5.3.2.3
		}
		return
	}
	if request { // an answer to the server answers nothing: it never asks
		c.serveIQ(el, to)
	}
}

// session is the one with that full JID, or nil.
func (s *Server) session(j jid) *conn {
	if a := s.accounts[j.local]; a != nil && s.local(j) {
		return a.sessions[j.resource]
	}
	return nil
}

// pass delivers a stanza, and keeps in mind that its receiver may be slow.
func (c *conn) pass(el *element, to *conn) {
	to.send(el.xml())
	c.slow = to
}

// reply answers a request with a payload, "" for none.
func (c *conn) reply(iq *element, payload string) {
	from := iq.attr("to")
	if from != "" { // else it comes from the user's own account (RFC 6120 §8.1.2.1)
		from = "' from='" + esc(from)
	}
	c.send("<iq type='result' id='" + esc(iq.attr("id")) + from + "' to='" + esc(c.me.String()) + "'>" + payload + "</iq>")
}

// fail answers a stanza with an error, unless it is one or answers something itself (RFC 6120 §8.3.1).
func (c *conn) fail(el *element, cond string) {
	kind := el.attr("type")
	if kind == "error" || kind == "result" && el.local == "iq" {
		return
	}
	answer := (&element{space: nsClient, local: el.local}).with("type", "error").
		with("id", el.attr("id")).with("from", el.attr("to")).with("to", c.me.String())
	why := (&element{space: nsClient, local: "error"}).with("type", errorType(cond))
	why.nodes = []node{{el: &element{space: nsStanzas, local: cond}}}
	answer.nodes = []node{{el: why}}
	c.send(answer.xml())
}

// errorType says what the sender can do about an error (RFC 6120 §8.3.2).
func errorType(cond string) string {
	switch cond {
	case "bad-request", "jid-malformed", "not-acceptable", "policy-violation":
		return "modify"
	case "resource-constraint":
		return "wait"
	default:
		return "cancel"
	}
}
