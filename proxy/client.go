package proxy

import (
	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/httpparse"
	"go-xmpp-bosh/loop"
	"go-xmpp-bosh/timer"
)

// Deadlines of an HTTP connection, in milliseconds. None runs while a request is held: the session's wait bounds that.
const (
	headTimeout      = 10_000 // from a request's first byte to the end of its head
	bodyTimeout      = 30_000 // from the end of the head to the end of the body
	keepAliveTimeout = 75_000 // between requests: above nginx's 60 s and browsers' own
)

// pipelineMax is how many requests of one connection may be unanswered; further ones stay unread in the kernel.
// More than any session allows, so that the session's own rules speak first.
const pipelineMax = 8

// client is one HTTP connection: its requests are served in the order in which they came, and answered in that order
// (RFC 9112 §9.3.2), also while the answer to an earlier one is still held. It is a slab record; the zero value is a
// connection to be.
type client struct {
	conn   loop.Conn
	srv    *Server
	parser httpparse.Parser
	queue  []exchange // unanswered requests, oldest first; keeps its array
	slot   uint32

	phase   phase // what the connection's deadline bounds
	ending  bool  // no further request is taken: one with "Connection: close" has come, or one that was refused
	paused  bool
	expects bool // the next request's body waits for "100 Continue"
}

// phase is what a connection's deadline is about.
type phase uint8

const (
	phaseHeld phase = iota // a request is unanswered: no deadline
	phaseIdle
	phaseHead
	phaseBody
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
	}
	return "invalid"
}

// exchange is a request that has not been answered on the wire.
type exchange struct {
	seq       uint32 // the server's number of the request: no two handles in use are the same
	session   uint32 // the session that owes the answer, as slot+1; 0 = none
	minor     uint8  // HTTP/1.minor
	keepAlive bool
	headOnly  bool    // HEAD: the answer's body is left out
	form      form    // of a BOSH answer
	answered  bool    // the answer is made and waits in answer for those before it
	staged    bool    // close in stages after this answer: the client may still be sending (RFC 9112 §9.6)
	answer    []byte  // owned, from the loop's pool: head and body
	callback  *string // of formJSONP
}

func (c *client) handle(e *exchange) bosh.Handle {
	return bosh.Handle(uint64(c.slot)<<32 | uint64(e.seq))
}

// HandleConnect bounds how long a connection may stay before it sends its first byte.
func (c *client) HandleConnect(*loop.Conn) {
	c.srv.enter()
	c.update()
	c.srv.settle()
}

// HandleSecure is for TLS towards clients, which is not offered yet.
func (c *client) HandleSecure(*loop.Conn) {}

// HandleData serves each complete request in b.
func (c *client) HandleData(_ *loop.Conn, b []byte) int {
	c.srv.enter()
	used := 0
	for !c.ending && len(c.queue) < pipelineMax {
		n, status := c.parser.Parse(&c.srv.httpLimits, b[used:], &c.srv.request)
		used += n
		if status == 0 {
			break
		}
		if status != httpparse.StatusOK {
			c.refuse(status, &c.srv.request)
			break
		}
		c.ending = !c.srv.request.KeepAlive // RFC 9112 §9.6: what follows it is not served
		c.serve(&c.srv.request)
	}
	c.update()
	if c.ending {
		used = len(b) // nothing after the last request matters
	}
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
	case phaseHeld:
	case phaseIdle:
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
	c.ending = true
	c.abandon()
	c.srv.bury(slotClient, c.slot)
	c.srv.settle()
}

// abandon tells the sessions that the requests still open on this connection will not be answered on it.
func (c *client) abandon() {
	for len(c.queue) > 0 {
		e := c.queue[0]
		c.pop()
		if e.session != 0 && !e.answered {
			c.srv.put(task{do: taskGone, session: e.session - 1, handle: c.handle(&e)})
		}
	}
}

// push opens an exchange for a request.
func (c *client) push(r *httpparse.Request) *exchange {
	if c.srv.seq++; c.srv.seq == 0 {
		c.srv.seq++ // handle 0 is none
	}
	c.expects = false
	c.queue = append(c.queue, exchange{
		seq:       c.srv.seq,
		minor:     uint8(r.Minor),
		keepAlive: r.KeepAlive,
		headOnly:  r.Method == httpparse.HEAD,
	})
	return &c.queue[len(c.queue)-1]
}

// pop drops the oldest exchange; the array stays.
func (c *client) pop() {
	if a := c.queue[0].answer; a != nil {
		c.srv.buffers().Put(a)
	}
	n := copy(c.queue, c.queue[1:])
	c.queue[n] = exchange{}
	c.queue = c.queue[:n]
}

// find is the exchange of a handle's request number, or -1.
func (c *client) find(seq uint32) int {
	for i := range c.queue {
		if c.queue[i].seq == seq {
			return i
		}
	}
	return -1
}

// respond answers exchange i. An answer whose turn has not come waits, and what is held before it on this connection is
// released at once: a client that pipelines must not wait for its own poll (decisions.md 33).
func (c *client) respond(i int, head *httpparse.Head, body []byte) {
	e := &c.queue[i]
	if i == 0 {
		c.writeNow(e, head, body)
		c.advance()
		return
	}
	w := c.srv.buffers().Get(len(body) + headRoom)
	w = c.srv.appendHead(w, head, e, len(body))
	if !e.headOnly {
		w = append(w, body...)
	}
	e.answer, e.answered = w, true
	c.release(i)
}

// release lets the first n exchanges be answered now: something waits behind them.
func (c *client) release(n int) {
	for j := range n {
		if b := &c.queue[j]; !b.answered && b.session != 0 {
			c.srv.put(task{do: taskRelease, session: b.session - 1, handle: c.handle(b)})
		}
	}
}

// headRoom is at least the size of any response head.
const headRoom = 1024

// copyMax is up to which size a body is copied behind its head, to be written at once with it; above it the
// loop writes it from where it lies.
const copyMax = 4096

// writeNow writes the answer of the oldest exchange.
func (c *client) writeNow(e *exchange, head *httpparse.Head, body []byte) {
	w := c.srv.appendHead(c.srv.scratch[:0], head, e, len(body))
	if !e.headOnly && len(body) <= copyMax {
		w = append(w, body...)
		body = nil
	}
	c.conn.Write(w)
	if !e.headOnly && len(body) > 0 {
		c.conn.Write(body)
	}
	c.srv.scratch = w
}

// advance closes the books on the oldest exchange, which has been written, and writes those behind it that were waiting.
func (c *client) advance() {
	for {
		last, staged := !c.queue[0].keepAlive, c.queue[0].staged
		c.pop()
		if last {
			c.end(staged)
			return
		}
		if len(c.queue) == 0 || !c.queue[0].answered {
			break
		}
		c.conn.Write(c.queue[0].answer)
	}
	c.update()
}

// end closes the connection after its last answer. Requests that a client pipelined behind it are not served (RFC 9112 §9.6).
func (c *client) end(staged bool) {
	c.ending = true
	c.abandon()
	if staged {
		c.conn.CloseStaged()
		return
	}
	c.conn.Close()
}

// update sets what follows from the state: the deadline, whether the client is read, and an interim answer.
func (c *client) update() {
	if c.ending && len(c.queue) == 0 {
		return
	}
	if stop := len(c.queue) >= pipelineMax || c.conn.Pressed(); stop != c.paused {
		c.paused = stop
		if stop {
			c.conn.Pause()
		} else {
			c.conn.Resume()
		}
	}
	// RFC 9110 §10.1.1: only when it can't be taken for the answer to an earlier request, so those are let go.
	c.expects = c.expects || c.parser.NeedContinue()
	switch {
	case !c.expects:
	case len(c.queue) == 0:
		c.expects = false
		c.conn.Write(continueLine)
	default:
		c.release(len(c.queue))
	}
	c.setPhase()
}

var continueLine = []byte("HTTP/1.1 100 Continue\r\n\r\n")

// setPhase moves the deadline when what it bounds has changed; a byte more of the same head does not extend it.
func (c *client) setPhase() {
	p, bound := phaseHeld, timer.Time(0)
	switch c.parser.Phase() {
	case httpparse.PhaseHead:
		p, bound = phaseHead, headTimeout
	case httpparse.PhaseBody:
		p, bound = phaseBody, bodyTimeout
	case httpparse.PhaseIdle:
		if len(c.queue) == 0 {
			p, bound = phaseIdle, keepAliveTimeout
		}
	}
	if p == c.phase && p != phaseIdle {
		return
	}
	c.phase = p
	if bound > 0 {
		bound += c.srv.now()
	}
	c.conn.SetDeadline(bound)
}
