package proxy

import (
	"log/slog"

	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/httpparse"
)

// serve routes one request and answers it, or gives it to its session, which answers when it will.
func (c *client) serve(r *httpparse.Request) {
	s := c.srv
	c.push(r)
	i := len(c.queue) - 1
	s.stats.Requests[r.Method]++
	path, ok := httpparse.CleanPath(s.path[:0], r.Path)
	s.path = path[:0]
	if acceptsGzip(r) {
		c.queue[i].form = formGzip
	}
	switch {
	case r.Method == httpparse.OPTIONS: // on any path, as node-xmpp-bosh did: a preflight must not depend on it
		c.respondOptions(i, r)
	case !ok:
		c.respondStatus(i, httpparse.StatusBadRequest)
	case r.Method == httpparse.GET && isUpgrade(r) && (s.routes.isWebSocket(path) || s.routes.isBosh(path)):
		c.upgrade(i, r)
	case s.routes.isWebSocket(path):
		c.respond(i, s.headsFor(&c.queue[i]).upgrade, statusText(httpparse.StatusUpgradeRequired))
	case c.servePage(i, r, path):
	case !s.routes.isBosh(path):
		c.respondStatus(i, httpparse.StatusNotFound)
	case r.Method == httpparse.POST:
		c.servePost(i, r)
	case r.Method == httpparse.GET, r.Method == httpparse.HEAD:
		c.serveGet(i, r)
	default:
		c.respond(i, s.headsFor(&c.queue[i]).notAllowed, statusText(httpparse.StatusMethodNotAllowed))
	}
}

// refuse answers what is not a request, or one that is over a limit, and ends the connection in stages, so that a client
// that is still sending gets to read why (RFC 9112 §9.6).
func (c *client) refuse(status int, r *httpparse.Request) {
	e := c.push(r)
	e.keepAlive, e.staged = false, true
	c.ending = true
	i := len(c.queue) - 1
	c.srv.stats.refused(status, c.phase)
	if status == httpparse.StatusContentTooLarge {
		// A BOSH client learns it in its own language too.
		c.respondTerminate(i, status, bosh.CondPolicyViolation)
		return
	}
	c.respondStatus(i, status)
}

// respondStatus answers with a status and its name as text.
func (c *client) respondStatus(i, status int) {
	c.respond(i, c.srv.headsFor(&c.queue[i]).status(status), statusText(status))
}

// respondTerminate answers what belongs to no session.
func (c *client) respondTerminate(i, status int, cond bosh.Condition) {
	c.srv.stats.BOSHErrors[cond]++
	c.respondBosh(i, &bosh.Response{Status: status, Body: bosh.TerminateBody(cond)})
}

// servePost serves a request as XEP-0124 has it.
func (c *client) servePost(i int, r *httpparse.Request) {
	s := c.srv
	body := r.Body
	switch coding := codingOf(r); coding {
	case codingNone:
	case codingUnknown:
		c.respondStatus(i, httpparse.StatusUnsupportedMediaType)
		return
	case codingGzip, codingDeflate:
		var err error
		if body, err = s.unpacker.unpack(coding, body, s.cfg.MaxDataHeld); err == errTooLarge {
			s.stats.hit(LimitBody)
			c.respondTerminate(i, httpparse.StatusContentTooLarge, bosh.CondPolicyViolation)
			return
		} else if err != nil {
			c.respondTerminate(i, httpparse.StatusOK, bosh.CondBadRequest)
			return
		}
	}
	c.serveBosh(i, body)
}

// serveBosh gives a <body/> to its session. What is no acceptable document gets a bad-request body and leaves every
// session alone, the one that it names included (decisions.md 10).
func (c *client) serveBosh(i int, raw []byte) {
	s := c.srv
	s.callers.serving = c
	b, err := s.bodies.Parse(raw)
	switch {
	case err != nil:
		s.log.Debug("request refused", "reason", err)
		c.respondTerminate(i, httpparse.StatusOK, bosh.ConditionOf(err))
	case b.SID() == nil && s.isFull():
		c.respondBusy(i)
	case b.SID() == nil:
		c.create(i, b)
	case s.homeOf(b.SID()) != nil:
		s.elsewhere = s.homeOf(b.SID())
		s.stats.Requests[s.request.Method]-- // it is counted there
	default:
		ss := s.find(b.SID())
		if ss == nil {
			c.respondTerminate(i, httpparse.StatusOK, bosh.CondItemNotFound)
			return
		}
		if ss.secure && !c.isSecure(&s.request) {
			c.refuseInsecure()
			return
		}
		if rid, _ := b.RID(); ss.IsStale(rid) && c.conn.HungUp() {
			// Its client gave it up, repeated it elsewhere and went on, before we came to read it: between two loops, or under load.
			c.end(false)
			return
		}
		e := &c.queue[i]
		e.session = ss.slot + 1
		s.stats.took(&ss.meter, len(raw))
		if !s.spend(holder{slotSession, ss.slot}, 1, len(raw)) {
			ss.HandleShutdown(s.now(), bosh.CondPolicyViolation, nil)
		}
		if s.drain.begun {
			c.welcomed(ss, e)
		}
		s.busy = ss
		ss.HandleRequest(s.now(), c.handle(e), b)
		s.busy = nil
		c.slow(&ss.Session)
		if s.drain.begun {
			c.dismissed(ss)
		}
	}
}

// create opens a session for a request without sid.
func (c *client) create(i int, b *bosh.Body) {
	s := c.srv
	address, ok := c.admitSession()
	if !ok {
		c.respondBusy(i)
		return
	}
	slot, ss := s.sessions.alloc()
	ss.slot, ss.secure = slot, c.isSecure(&s.request)
	ss.timer.Key = uint64(keySession)<<32 | uint64(slot)
	e := &c.queue[i]
	e.session = slot + 1
	ss.since = s.now()
	s.begin(holder{slotSession, slot}, address, ss.since)
	s.stats.took(&ss.meter, len(s.request.Body))
	s.wakeHistory()
	s.busy = ss
	ss.Create(s.now(), &s.env, slot|uint32(s.index)<<slotBits, s.random(), s.random(), c.handle(e), b)
	s.busy = nil
	if s.logs(slog.LevelDebug) {
		s.logCreated(ss, b, c.origin(&s.request).Addr())
	}
	c.slow(&ss.Session)
}

// find is the session that a sid names, or nil.
func (s *Server) find(sid []byte) *session {
	slot, ok := bosh.ParseSID(sid)
	if !ok {
		return nil
	}
	ss := s.sessions.get(slot & slotMask)
	if ss == nil || ss.Slot() != slot || !ss.MatchSID(sid) {
		return nil
	}
	return ss
}
