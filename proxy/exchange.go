package proxy

import (
	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/httpparse"
)

// exchange is a request that has not been answered on the wire.
type exchange struct {
	seq       uint32 // the server's number of the request: no two handles in use are the same
	session   uint32 // the session that owes the answer, as slot+1; 0 = none
	at        uint32 // when it came: the lower half of a time
	minor     uint8  // HTTP/1.minor
	keepAlive bool
	headOnly  bool    // HEAD: the answer's body is left out
	form      form    // of a BOSH answer
	origin    uint8   // which heads its answer takes: origins.heads
	answered  bool    // the answer is made and waits in answer for those before it
	staged    bool    // close in stages after this answer: the client may still be sending (RFC 9112 §9.6)
	answer    []byte  // owned, from the loop's pool: head and body
	callback  *string // of formJSONP
}

func (c *client) handle(e *exchange) bosh.Handle { return c.handleOf(e.seq) }

func (c *client) handleOf(seq uint32) bosh.Handle {
	return bosh.Handle(uint64(c.slot)<<32 | uint64(seq))
}

// abandon tells the sessions that the requests still open on this connection will not be answered on it.
func (c *client) abandon() {
	for len(c.queue) > 0 {
		e := c.queue[0]
		c.pop()
		c.noteGone(&e)
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
	c.marks &^= markExpects
	c.queue = append(c.queue, exchange{
		seq:       c.srv.seq,
		at:        uint32(c.srv.now()),
		minor:     uint8(r.Minor),
		keepAlive: r.KeepAlive && !c.srv.drain.begun,
		staged:    c.srv.drain.begun,
		headOnly:  r.Method == httpparse.HEAD,
		origin:    c.srv.origins.find(r),
	})
	e := &c.queue[len(c.queue)-1]
	if c.srv.cfg.AccessLog > 0 {
		c.noteRequest(e, r)
	}
	return e
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
	if len(c.srv.access.chosen) > 0 {
		c.noteAnswer(e, head.Status(), len(body), nil)
	}
	if i == 0 {
		c.writeNow(e, head, body)
		c.advance()
		return
	}
	w := c.srv.buffers().Get(len(body) + headRoom + c.srv.cfg.headersBytes())
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

// headRoom is more than a response head takes, but for the operator's fields, and a preflight's that has much to echo.
const headRoom = 1024

// copyMax is up to which size a body is copied behind its head, to be written at once with it; above it the
// loop writes it from where it lies.
const copyMax = 4096

// writeNow writes the answer of the oldest exchange.
func (c *client) writeNow(e *exchange, head *httpparse.Head, body []byte) {
	w := c.srv.appendHead(c.srv.scratch[:0], head, e, len(body))
	c.srv.stats.wrote(e, len(w), len(body))
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
		c.session, c.seq = c.queue[0].session, c.queue[0].seq
		c.pop()
		if last {
			c.end(staged)
			return
		}
		if len(c.queue) == 0 || !c.queue[0].answered {
			break
		}
		c.srv.stats.wrote(&c.queue[0], len(c.queue[0].answer), 0)
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
