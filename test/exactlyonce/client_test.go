package exactlyonce

import (
	"encoding/xml"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"
)

// client is one session as its client sees it. It belongs to one goroutine; each exchange runs in one more and comes back as a result.
type client struct {
	t       *trial
	session int
	rng     *rand.Rand
	sid     string
	acks    bool // it acknowledges answers (XEP-0124 §9.2)
	hold    int  // it asks for: 1, or 2 in every third session
	window  int64

	rid       int64      // of the newest request
	processed int64      // up to here, answers have been processed
	open      []*request // those after it, by rid
	idle      []*conn
	results   chan result
	gone      chan struct{} // closed when nobody takes results any more
	wg        sync.WaitGroup

	queued  int // messages that wait to be sent, up to this number
	sent    int
	ping    bool // there is to be a request even with nothing to say
	notices int  // how often it has told the backend that it is here or, having lost an answer, that it goes on
	noticed int
	got     ledger
	over    bool // the backend has said that there is no more
	leaving bool // terminate is sent
	reload  bool // the page is being left: nothing is sent until what is under way is over
	fresh   bool // and the new page makes one request before it makes two
	gaps    []gap
	repeats int
	errors  int // answers with type='error'
}

// request is one that is not processed.
type request struct {
	rid    int64
	doc    []byte
	copies int       // sent
	conn   *conn     // of the newest copy; nil: none is under way
	due    time.Time // when it is to be repeated; with conn nil
	answer *answer
}

// result is how an exchange ended.
type result struct {
	r    *request
	copy int
	conn *conn
	body []byte
	err  error
}

func newClient(t *trial, session int) *client {
	c := &client{
		t: t, session: session, rng: rand.New(rand.NewPCG(t.seed, uint64(session))), acks: session%2 == 1, hold: 1 + session%3/2,
		results: make(chan result), gone: make(chan struct{}), notices: 1, got: ledger{session: session, d: down, gaps: t.goOn},
	}
	if t.goOn {
		// As strophe.js. With two held, one of whose death the server isn't told would go on to be given stanzas, and rightly so.
		c.acks, c.hold = false, 1
	}
	return c
}

// run plays the session from its creation to its end.
func (c *client) run() (err error) {
	defer func() {
		for _, r := range c.open {
			if r.conn != nil {
				r.conn.tcp.Close()
			}
		}
		for _, conn := range c.idle {
			conn.tcp.Close()
		}
		close(c.gone)
		c.wg.Wait()
	}()
	if err := c.create(); err != nil {
		return err
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for !c.leaving || c.processed < c.rid {
		if err := c.send(); err != nil {
			return err
		}
		select {
		case r := <-c.results:
			if err := c.take(r); err != nil {
				return fmt.Errorf("session %d: %w", c.session, err)
			}
		case <-timer.C:
			timer.Reset(c.produce())
		case <-c.t.ctx.Done():
			return fmt.Errorf("session %d is not done: sent %d, got %d, at rid %d, processed %d", c.session, c.sent, c.got.last, c.rid, c.processed)
		}
	}
	return nil
}

// produce queues some messages, and says when to come again.
func (c *client) produce() time.Duration {
	burst, gap := c.t.pace(c.rng, c.session, c.queued+1)
	c.queued = min(c.queued+burst, c.t.messages)
	if c.queued == c.t.messages && c.t.network.kills(c.session) < c.t.kills {
		c.ping = true // the network needs something to kill
	}
	return gap
}

// isDone: nothing is left to be sent or received.
func (c *client) isDone() bool {
	if c.sent < c.t.messages || c.noticed < c.notices || c.t.network.kills(c.session) < c.t.kills {
		return false
	}
	return c.got.last == c.t.messages || c.over
}

// send makes the requests that are due: repeats, what there is to say, and a poll when nothing else is under way.
func (c *client) send() error {
	now := time.Now()
	for _, i := range c.rng.Perm(len(c.open)) {
		if r := c.open[i]; r.conn == nil && r.answer == nil && !now.Before(r.due) {
			if err := c.transmit(r); err != nil {
				return err
			}
		}
	}
	window := c.window
	if c.fresh {
		window = 1
	}
	for !c.reload && !c.leaving && c.rid < c.processed+window {
		finish := c.isDone()
		if c.rid > c.processed && !finish && !c.ping && c.sent == c.queued && c.noticed == c.notices {
			break
		}
		c.ping = false
		if err := c.transmit(c.next(finish)); err != nil {
			return err
		}
	}
	return nil
}

// next makes the next request.
func (c *client) next(finish bool) *request {
	c.rid++
	r := &request{rid: c.rid}
	doc := fmt.Appendf(nil, "<body rid='%d' sid='%s'", c.rid, c.sid)
	if c.acks && c.processed < c.rid-1 {
		doc = fmt.Appendf(doc, " ack='%d'", c.processed)
	}
	if finish {
		doc = append(doc, " type='terminate'"...)
		c.leaving = true
	}
	doc = append(doc, " xmlns='http://jabber.org/protocol/httpbind'>"...)
	if c.noticed < c.notices {
		for c.noticed++; c.noticed < c.notices; c.noticed++ { // several at once: the newest says it all
		}
		doc = fmt.Appendf(doc, "<presence xmlns='jabber:client' id='%d'/>", c.noticed)
	} else if c.rid > c.processed+1 && c.sent == c.queued && !finish {
		doc = append(doc, "<presence xmlns='jabber:client'/>"...) // a ping
	}
	for n := 0; c.sent < c.queued && n < 8; n++ {
		c.sent++
		doc = appendMessage(doc, c.session, up, c.sent)
	}
	r.doc = append(doc, "</body>"...)
	c.open = append(c.open, r)
	return r
}

// transmit sends a copy of a request on a connection that is free, or on a new one.
func (c *client) transmit(r *request) error {
	r.copies++
	if r.copies > 1 {
		c.repeats++
		c.t.note(c.session, "client: rid %d, copy %d", r.rid, r.copies)
	} else {
		c.t.note(c.session, "client: rid %d, up to message %d", r.rid, c.sent)
	}
	if n := len(c.idle); n > 0 {
		r.conn, c.idle = c.idle[n-1], c.idle[:n-1]
	} else {
		conn, err := dial(c.t.ctx, c.t.network.addr())
		if err != nil {
			return err
		}
		r.conn = conn
	}
	r.conn.written.Store(false)
	out := result{r: r, copy: r.copies, conn: r.conn}
	c.wg.Go(func() {
		out.body, out.err = out.conn.roundTrip(c.session, r.doc)
		select {
		case c.results <- out:
		case <-c.gone:
			out.conn.tcp.Close()
		}
	})
	return nil
}

// create opens the session, on a connection that the network spares.
func (c *client) create() error {
	conn, err := dial(c.t.ctx, c.t.network.addr())
	if err != nil {
		return err
	}
	c.idle = append(c.idle, conn)
	c.rid = 1 + c.rng.Int64N(1<<52)
	doc := fmt.Appendf(nil, "<body rid='%d' to='"+domainFormat+"' wait='%d' hold='%d' ver='1.11' xml:lang='en' xmpp:version='1.0'", c.rid, c.session, waitSeconds, c.hold)
	if c.acks {
		doc = append(doc, " ack='1'"...)
	}
	body, err := conn.roundTrip(c.session, append(doc, " xmlns='http://jabber.org/protocol/httpbind' xmlns:xmpp='urn:xmpp:xbosh'/>"...))
	if err != nil {
		return fmt.Errorf("session %d: creating it: %w", c.session, err)
	}
	var a answer
	if err := xml.Unmarshal(body, &a); err != nil || a.SID == "" || a.Requests != c.hold+1 {
		return fmt.Errorf("session %d: creating it: %w, %q", c.session, err, body)
	}
	if acked := a.Ack == strconv.FormatInt(c.rid, 10); acked != c.acks { // XEP-0124 §9.1
		return fmt.Errorf("session %d: creating it: ack in %q, wanted: %v", c.session, body, c.acks)
	}
	c.sid, c.window, c.processed = a.SID, int64(a.Requests), c.rid
	return nil
}
