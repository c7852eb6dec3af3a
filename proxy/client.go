package proxy

import (
	"go-xmpp-bosh/httpparse"
	"go-xmpp-bosh/loop"
	"go-xmpp-bosh/timer"
)

// pipelineMin is the least number of requests of one connection that may be unanswered; further ones stay unread.
const pipelineMin = 8

// pipelineMax is that number: more than a session may have under way, so that the session's own rules speak first.
func pipelineMax(c *Sessions) int { return max(pipelineMin, c.WindowSize+2, c.HoldMax+3) }

// client is one HTTP connection: its requests are served in the order in which they came, and answered in that order
// (RFC 9112 §9.3.2), also while the answer to an earlier one is still held. It is a slab record; the zero value is a
// connection to be.
type client struct {
	conn   loop.Conn
	srv    *Server
	parser httpparse.Parser
	queue  []exchange // unanswered requests, oldest first; keeps its array
	slot   uint32

	// What was written last, while the kernel may not have taken it: the session whose answer it was, as slot+1 (0 = none), and the request.
	session, seq uint32

	phase  phase // what the connection's deadline bounds
	ending bool  // no further request is taken: one with "Connection: close" has come, or one that was refused
	paused bool
	marks  marks // what is known of it
}

// phase is what a connection's deadline is about.
type phase uint8

const (
	phaseHeld phase = iota // a request is unanswered: no deadline
	phaseIdle
	phaseHead
	phaseBody
	phaseMoved // its connection is a WebSocket's now, or another loop's, and the record is about to be free
)

func (p phase) String() string {
	switch p {
	case phaseHeld:
		return "held"
	case phaseIdle:
		return "idle"
	case phaseHead:
		return "head"
	case phaseBody:
		return "body"
	case phaseMoved:
		return "moved"
	}
	return "invalid"
}

// HandleConnect bounds how long a connection may stay before it sends its first byte. One that begins with TLS is counted before, not behind the handshake:
// who never ends that would have as many as he likes.
func (c *client) HandleConnect(*loop.Conn) {
	c.srv.enter()
	switch {
	case !c.admitConn():
		c.end(false)
	case c.marks&markGreets != 0:
		c.conn.StartTLS(c.srv.cfg.Certificates.config(), true)
	default:
		c.update()
	}
	c.srv.settle()
}

// HandleSecure goes on with a connection that begins with TLS.
func (c *client) HandleSecure(*loop.Conn) {
	c.srv.enter()
	c.marks |= markSecure
	c.srv.stats.ClientTLS.OK++
	c.update()
	c.srv.settle()
}

// HandleData serves each complete request in b.
func (c *client) HandleData(_ *loop.Conn, b []byte) int {
	c.srv.enter()
	used := 0
	for !c.ending && c.phase != phaseMoved && !c.isFull() {
		n, status := c.parser.Parse(&c.srv.httpLimits, b[used:], &c.srv.request)
		used += n
		if status == 0 {
			break
		}
		if status != httpparse.StatusOK {
			c.refuse(status, &c.srv.request)
			break
		}
		c.ending = !c.srv.request.KeepAlive || c.srv.drain.begun // RFC 9112 §9.6: what follows it is not served
		c.serve(&c.srv.request)
		if home := c.srv.elsewhere; home != nil {
			c.srv.elsewhere = nil
			used -= n
			c.ending = false
			c.leave(home)
			break
		}
	}
	if c.phase != phaseMoved { // else what follows is for the WebSocket, or for another loop
		c.update()
	}
	if c.ending {
		used = len(b) // nothing after the last request matters
	}
	c.srv.stats.Bytes[WireHTTP].In += uint64(used)
	c.srv.settle()
	return used
}

// HandleEOF: a client that has shut down its side reads no answer that is still to come. Its complete requests have
// taken effect; what they hold is let go, so that no stanza is written to a dead connection (decisions.md 32).
func (c *client) HandleEOF(*loop.Conn) {
	c.srv.enter()
	c.ending = true
	c.abandon()
	c.conn.Close()
	c.srv.settle()
}

// HandleDrain lets a client that has read its answers send again.
func (c *client) HandleDrain(*loop.Conn) {
	c.srv.enter()
	c.update()
	c.srv.settle()
}

// HandleDeadline ends a connection that is idle or too slow.
func (c *client) HandleDeadline(*loop.Conn) {
	c.srv.enter()
	switch c.phase {
	case phaseHeld, phaseMoved:
	case phaseIdle:
		c.srv.stats.hit(LimitIdle)
		c.ending = true
		c.conn.Close()
	case phaseHead, phaseBody:
		c.refuse(httpparse.StatusRequestTimeout, &httpparse.Request{Minor: 1})
		c.update()
	}
	c.srv.settle()
}

// HandleClose is the last call: the record is free after it.
func (c *client) HandleClose(*loop.Conn, error) {
	c.srv.enter()
	c.srv.stats.left(c)
	c.srv.room.left(c)
	c.ending = true
	delete(c.srv.slowed.by, c.slot)
	if c.conn.Unsent() && c.session != 0 {
		c.srv.put(task{do: taskUnsent, session: c.session - 1, handle: c.handleOf(c.seq)})
	}
	c.abandon()
	c.srv.bury(slotClient, c.slot)
	c.srv.settle()
}

// isFull reports whether further requests stay unread.
func (c *client) isFull() bool {
	return len(c.queue) >= c.srv.pipelineMax || c.marks&markAwaits != 0 || c.isSlowed()
}

// update sets what follows from the state: the deadline, whether the client is read, and an interim answer.
func (c *client) update() {
	if c.ending && len(c.queue) == 0 {
		return
	}
	if len(c.queue) == 0 {
		c.marks &^= markAwaits
	}
	if stop := c.conn.Pressed() || c.isFull(); stop != c.paused {
		c.paused = stop
		if stop {
			c.conn.Pause()
		} else {
			c.conn.Resume()
		}
	}
	// RFC 9110 §10.1.1: only when it can't be taken for the answer to an earlier request, so those are let go.
	if c.parser.NeedContinue() {
		c.marks |= markExpects
	}
	switch {
	case c.marks&markExpects == 0:
	case len(c.queue) == 0:
		c.marks &^= markExpects
		c.conn.Write(continueLine)
	default:
		c.release(len(c.queue))
	}
	c.setPhase()
}

var continueLine = []byte("HTTP/1.1 100 Continue\r\n\r\n")

// setPhase moves the deadline when what it bounds has changed; a byte more of the same head does not extend it. None runs while a request is
// held: the session's wait bounds that.
func (c *client) setPhase() {
	p, bound := phaseHeld, timer.Time(0)
	switch c.parser.Phase() {
	case httpparse.PhaseHead:
		p, bound = phaseHead, c.srv.cfg.HTTPHeadTimeout
	case httpparse.PhaseBody:
		p, bound = phaseBody, c.srv.cfg.HTTPBodyTimeout
	case httpparse.PhaseIdle:
		if len(c.queue) == 0 {
			p, bound = phaseIdle, c.srv.cfg.HTTPIdleTimeout
		}
	}
	if p == c.phase && p != phaseIdle {
		return
	}
	c.srv.stats.phase(c.phase, p)
	c.phase = p
	if bound > 0 {
		bound += c.srv.now()
	}
	c.conn.SetDeadline(bound)
}
