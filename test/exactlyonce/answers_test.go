package exactlyonce

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// gap: messages between from and to are missing, and notice is the next word that the backend had from the client.
type gap struct{ from, to, notice int }

// take handles what an exchange brought.
func (c *client) take(res result) error {
	if res.err != nil || res.conn.shut {
		res.conn.tcp.Close()
	} else {
		c.idle = append(c.idle, res.conn)
	}
	r := res.r
	if res.copy != r.copies || r.answer != nil {
		return nil // given up before
	}
	r.conn = nil
	if status := (*statusError)(nil); errors.As(res.err, &status) {
		return fmt.Errorf("rid %d: %w", r.rid, status)
	}
	if res.err != nil {
		c.t.note(c.session, "client: rid %d, copy %d: %v", r.rid, res.copy, res.err)
		c.broken(r)
		return c.process()
	}
	a := new(answer)
	if err := xml.NewDecoder(bytes.NewReader(res.body)).Decode(a); err != nil {
		return fmt.Errorf("rid %d: %w in the answer %q", r.rid, err, res.body)
	}
	switch {
	case a.Type == "error":
		c.t.note(c.session, "client: rid %d, copy %d: recoverable error", r.rid, res.copy)
		c.errors++
		c.recover(r)
		return nil
	case a.Type == "terminate" && !(c.leaving && a.Condition == ""):
		return fmt.Errorf("rid %d, copy %d: the server ended the session: %s", r.rid, res.copy, res.body)
	}
	c.t.note(c.session, "client: rid %d, copy %d: answer with %d messages", r.rid, res.copy, len(a.Messages))
	r.answer = a
	return c.process()
}

// broken: the connection ended before the answer. The request is repeated (XEP-0124 §14.3), soon; or the client goes on without.
func (c *client) broken(r *request) {
	if !c.t.goOn {
		r.due = time.Now()
		if c.rng.IntN(2) == 0 {
			r.due = r.due.Add(time.Duration(c.rng.IntN(10_000)) * time.Microsecond)
		}
		return
	}
	r.answer = &answer{Type: skipped}
	c.notices++
	c.fresh = true
	if c.rng.IntN(3) > 0 {
		return
	}
	// The whole page goes: the other connection too.
	for _, o := range c.open {
		if o.conn != nil && o.conn.written.Load() {
			c.reload = true
			o.conn.shut = true
			o.conn.tcp.CloseWrite() // no more, so that the network reads what it is to deliver
		}
	}
}

// skipped marks a request that the client does not care about any more.
const skipped = "skipped"

// recover repeats a request, and all before it that are not answered, as they were (XEP-0124 §17.3).
func (c *client) recover(r *request) {
	for _, o := range c.open {
		if o.rid > r.rid || o.answer != nil {
			continue
		}
		if o.conn != nil {
			o.conn.tcp.Close() // the copy under way is given up
			o.conn = nil
			o.copies++ // so that its result is nobody's
		}
		o.due = time.Now()
	}
}

// process takes the answers whose turn has come, in rid order (XEP-0124 §14.2).
func (c *client) process() error {
	for len(c.open) > 0 && c.open[0].answer != nil {
		r := c.open[0]
		c.open = slices.Delete(c.open, 0, 1)
		c.processed = r.rid
		if r.answer.Type == skipped {
			continue
		}
		if len(c.open) == 0 {
			c.fresh = false
		}
		if err := c.processAnswer(r); err != nil {
			return fmt.Errorf("rid %d: %w", r.rid, err)
		}
	}
	if len(c.open) == 0 {
		c.reload = false
	}
	return nil
}

func (c *client) processAnswer(r *request) error {
	if v := r.answer.Ack; v != "" { // XEP-0124 §9.1: never that of the request itself, never one that was not sent
		ack, err := strconv.ParseInt(v, 10, 64)
		if err != nil || !c.acks || ack <= r.rid || ack > c.rid {
			return fmt.Errorf("ack='%s' when %d was the newest request", v, c.rid)
		}
	}
	for _, m := range r.answer.Messages {
		last := c.got.last
		if err := c.got.take(m); err != nil {
			return err
		}
		if m.N > last+1 {
			c.gaps = append(c.gaps, gap{last, m.N, c.notices})
		}
	}
	for _, p := range r.answer.Presence {
		if p.Type == "unavailable" && !c.over {
			c.over = true
			if last := c.got.last; last < c.t.messages {
				c.gaps = append(c.gaps, gap{last, c.t.messages + 1, c.notices})
				c.got.passOver(c.t.messages + 1)
			}
		}
	}
	return nil
}
