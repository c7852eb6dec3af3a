package proxy

import (
	"go-xmpp-bosh/httpparse"
	"go-xmpp-bosh/wsframe"
)

// isUpgrade reports whether a request asks for a WebSocket (RFC 6455 §4.1).
func isUpgrade(r *httpparse.Request) bool {
	return r.Upgrade && r.HeaderToken("Upgrade", "websocket")
}

// upgrade answers a request for a WebSocket, and makes its connection one. It is exchange i, which has to be the only one of its connection.
func (c *client) upgrade(i int, r *httpparse.Request) {
	s := c.srv
	var h wsframe.Handshake
	status := wsframe.Shake(r, &s.shake, &h)
	switch {
	case status == httpparse.StatusUpgradeRequired:
		c.respond(i, s.headsFor(&c.queue[i]).upgrade, statusText(status))
		return
	case status != httpparse.StatusSwitchingProtocols:
		c.respondStatus(i, status)
		return
	case i > 0: // an answer that is held before it has nowhere to go
		c.queue[i].keepAlive = false
		c.ending = true
		c.respondStatus(i, httpparse.StatusBadRequest)
		return
	case !s.origins.allow(r): // RFC 6455 §10.2
		c.respondStatus(i, httpparse.StatusForbidden)
		return
	case s.isFull():
		c.respondBusy(i)
		return
	}
	address, ok := c.admitSession()
	if !ok {
		c.respondBusy(i)
		return
	}
	slot, w := s.sockets.alloc()
	w.srv, w.since = s, s.now()
	s.stats.Sessions[TransportWebSocket].Opened++
	s.wakeHistory()
	s.scratch = h.AppendResponse(s.scratch[:0], s.cfg.fields()...)
	s.stats.Bytes[WireHTTP].Out += uint64(len(s.scratch))
	s.stats.Responses[httpparse.StatusSwitchingProtocols]++
	c.conn.Write(s.scratch)
	s.callers.keep(c, slot, r)
	from := c.origin(r).Addr()
	s.admission.becomeSocket(c.slot, slot)
	s.begin(holder{slotSocket, slot}, address, w.since)
	c.conn.MoveTo(&w.conn, w)
	e := c.queue[0]
	c.pop()
	s.stats.phase(c.phase, phaseMoved)
	c.phase, c.ending = phaseMoved, false
	s.bury(slotClient, c.slot)
	w.Create(s.now(), &s.socketEnv, slot, h.Deflate, s.random())
	if s.program != nil {
		s.program.meet(w, from)
	}
	s.logOpened(w, from)
	if len(s.access.chosen) > 0 {
		c.noteAnswer(&e, httpparse.StatusSwitchingProtocols, 0, w)
	}
}
