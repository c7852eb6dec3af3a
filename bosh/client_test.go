package bosh

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"go-xmpp-bosh/timer"
)

// client is one that behaves: it never has more requests out than it was granted, takes answers in rid order, and repeats, byte by
// byte, what got no answer. Between it and the session is a network that delays, reorders, loses and cuts.
type client struct {
	*rig
	account
	hold, requests int
	acks           bool

	next      uint64             // the next rid
	processed uint64             // all up to here are answered
	docs      map[uint64]string  // the requests that are out, by rid
	answers   map[uint64]string  // answers that came early, by rid
	given     map[uint64]string  // every answer that was made for good
	copies    []*copyOf          // in flight, or at the session
	of        map[Handle]*copyOf // those at the session
	handles   Handle

	newest uint64 // the newest rid that was answered

	sent, forwarded int // payloads
	received        int // stanzas
}

// copyOf is one copy of a request on its way.
type copyOf struct {
	rid    uint64
	handle Handle // set at the session
	was    Handle // it was answered under
	answer string // on its way back
}

func newClient(t testing.TB, hold, window int, acks bool) *client {
	c := &client{
		rig: newRig(t), account: newAccount(t), hold: hold, acks: acks, next: 1,
		docs: map[uint64]string{}, answers: map[uint64]string{}, given: map[uint64]string{}, of: map[Handle]*copyOf{},
	}
	c.cfg.Polling, c.cfg.RepeatsMax, c.cfg.WindowSize = 0, 0, window
	c.cfg.InactivityMax = 0
	c.account.acks = acks
	c.say = c.hear
	c.requests = c.cfg.requests(hold)
	attrs := ""
	if acks {
		attrs = " ack='1'"
	}
	c.docs[1] = fmt.Sprintf("<body rid='1' to='a' wait='50' hold='%d' ver='1.6' inactivity='1000000'%s xmlns='http://jabber.org/protocol/httpbind'/>", hold, attrs)
	c.next = 2
	c.handles++
	c.of[1] = &copyOf{rid: 1, handle: 1}
	c.request(1, c.docs[1])
	if c.waiting[1] {
		c.stanza(0, "<stream:features/>")
	}
	c.take(1, c.given[1])
	return c
}

// hear is what the session puts out.
func (c *client) hear(o output) {
	c.note(o)
	switch o.name {
	case "respond":
		cp := c.of[o.handle]
		delete(c.of, o.handle)
		cp.handle, cp.was, cp.answer = 0, o.handle, o.text
		if strings.Contains(o.text, "type='terminate'") {
			c.rig.t.Fatalf("the session ended: %s", o.text)
		}
		if strings.Contains(o.text, "type='error'") {
			break
		}
		if before, ok := c.given[cp.rid]; ok && before != o.text {
			c.rig.t.Fatalf("rid %d was answered with\n%s\nand with\n%s", cp.rid, before, o.text)
		}
		if _, ok := c.given[cp.rid]; !ok && o.text != string(emptyBody) {
			if cp.rid < c.newest { // but for those that were settled to be empty when their connections died
				c.rig.t.Fatalf("%d was answered after %d", cp.rid, c.newest)
			}
			c.newest = cp.rid
		}
		c.given[cp.rid] = o.text
	case "nodes":
		c.forwarded++
		if want := fmt.Sprintf("p='%d'", c.forwarded); !strings.Contains(o.text, want) {
			c.rig.t.Fatalf("forwarded %s, want %s", o.text, want)
		}
	case "end", "stream-terminate", "error":
		c.rig.t.Fatalf("the session ended: %s %s", o.name, o.text)
	}
}

// take is an answer's arrival at the client.
func (c *client) take(rid uint64, body string) {
	if rid <= c.processed {
		return
	}
	c.answers[rid] = body
	for {
		body, ok := c.answers[c.processed+1]
		if !ok {
			return
		}
		c.processed++
		delete(c.answers, c.processed)
		delete(c.docs, c.processed)
		for _, id := range c.ids(body) {
			c.received++
			if id != c.received {
				c.rig.t.Fatalf("received stanza %d, want %d", id, c.received)
			}
		}
	}
}

// send makes a new request.
func (c *client) send(payload bool) {
	if int(c.next-c.processed) > c.requests {
		return
	}
	content, ack := "/>", ""
	if payload {
		c.sent++
		content = fmt.Sprintf("><m xmlns='urn:x' p='%d'/></body>", c.sent)
	}
	if c.acks && c.processed != c.next-1 {
		ack = fmt.Sprintf(" ack='%d'", c.processed)
	}
	c.docs[c.next] = fmt.Sprintf("<body rid='%d' sid='%s'%s xmlns='http://jabber.org/protocol/httpbind'%s", c.next, c.s.appendSID(nil), ack, content)
	c.copies = append(c.copies, &copyOf{rid: c.next})
	c.next++
}

// repeat sends another copy of a request that has no answer.
func (c *client) repeat(rid uint64) {
	if _, ok := c.docs[rid]; ok {
		c.copies = append(c.copies, &copyOf{rid: rid})
	}
}

// move lets a copy go one step further.
func (c *client) move(i int) {
	cp := c.copies[i]
	switch {
	case cp.answer != "":
		c.drop(i)
		if strings.Contains(cp.answer, "type='error'") {
			for rid := c.processed + 1; rid <= cp.rid; rid++ { // XEP-0124 §17.3
				if _, answered := c.answers[rid]; !answered && !c.isOut(rid) {
					c.repeat(rid)
				}
			}
			return
		}
		c.take(cp.rid, cp.answer)
	case cp.handle == 0:
		doc, ok := c.docs[cp.rid]
		if !ok { // an old copy: a client that has its answer has closed it
			c.drop(i)
			return
		}
		c.handles++
		cp.handle = c.handles
		c.of[cp.handle] = cp
		c.request(cp.handle, doc)
	}
}

// lose cuts a copy's connection wherever it is, and has the client repeat it. Or, where it is known to be undecided, go on without.
func (c *client) lose(i int, goOn, unsent bool) {
	cp := c.copies[i]
	held := cp.handle != 0
	c.drop(i)
	if cp.answer != "" && unsent {
		held = c.unsend(cp)
	}
	if cp.handle != 0 {
		delete(c.of, cp.handle)
		c.gone(cp.handle)
	}
	_, given := c.given[cp.rid]
	if goOn && held && !given && cp.rid == c.next-1 && c.s.rid >= cp.rid && c.docs[cp.rid] != "" {
		for j := len(c.copies) - 1; j >= 0; j-- { // a reload closes them all
			if other := c.copies[j]; other.rid == cp.rid {
				if other.handle != 0 || other.answer != "" {
					c.repeat(cp.rid)
					return
				}
				c.drop(j)
			}
		}
		delete(c.docs, cp.rid)
		c.take(cp.rid, "")
		c.send(true)
		return
	}
	if !c.isOut(cp.rid) {
		c.repeat(cp.rid)
	}
}

// unsend has the connection of an answer end before all of it was written, and reports whether it counts as not given.
func (c *client) unsend(cp *copyOf) bool {
	yes := c.s.unsent(cp.was) != nil
	if yes {
		c.account.unsend(cp.answer)
		delete(c.given, cp.rid)
	}
	c.input(func() { c.s.HandleUnsent(c.now, cp.was) })
	return yes
}

func (c *client) drop(i int) { c.copies = append(c.copies[:i], c.copies[i+1:]...) }

func (c *client) isOut(rid uint64) bool {
	for _, cp := range c.copies {
		if cp.rid == rid {
			return true
		}
	}
	return false
}

// drain lets the network work, until everything has arrived.
func (c *client) drain() {
	for turn := 0; c.received < c.pushed || c.forwarded < c.sent; turn++ {
		if turn > 1000 {
			c.rig.t.Fatalf("received %d of %d, forwarded %d of %d", c.received, c.pushed, c.forwarded, c.sent)
		}
		for i := len(c.copies) - 1; i >= 0; i-- {
			if i < len(c.copies) {
				c.move(i)
			}
		}
		for rid := c.processed + 1; rid < c.next; rid++ {
			if _, answered := c.answers[rid]; !answered && !c.isOut(rid) {
				c.repeat(rid)
			}
		}
		c.send(false)
		c.advance(10 * timer.Second)
	}
	c.close()
}

// step does one thing that may happen.
func (c *client) step(what, which byte) {
	pick := func() (int, bool) { return int(which) % max(1, len(c.copies)), len(c.copies) > 0 }
	switch what % 16 {
	case 0, 1:
		c.send(true)
	case 2:
		c.send(false)
	case 3, 4, 5, 6, 7:
		if i, ok := pick(); ok {
			c.move(i)
		}
	case 8, 9:
		if i, ok := pick(); ok {
			c.lose(i, false, which&64 != 0)
		}
	case 10:
		if i, ok := pick(); ok {
			c.lose(i, true, which&64 != 0)
		}
	case 11:
		if len(c.copies) < 20 {
			c.repeat(c.processed + 1 + uint64(which)%uint64(c.requests))
		}
	case 12, 13:
		xml := ""
		for range which%3 + 1 {
			xml += c.push()
		}
		c.stanza(0, xml)
	case 14:
		c.advance(timer.Time(which) * 300)
	case 15:
		if i, ok := pick(); ok && c.copies[i].handle != 0 {
			h := c.copies[i].handle
			c.input(func() { c.s.HandleRelease(c.now, h) })
		}
	}
}

// TestExactlyOnce: every stanza and every payload arrives once and in order, over a network that loses what it can.
func TestExactlyOnce(t *testing.T) {
	for seed := range int64(200) {
		r := rand.New(rand.NewSource(seed))
		c := newClient(t, int(seed%3), int(seed%5)+1, seed%4 == 3)
		for range 300 {
			c.step(byte(r.Intn(256)), byte(r.Intn(256)))
		}
		c.drain()
	}
}

func FuzzExactlyOnce(f *testing.F) {
	f.Add([]byte{1, 0, 0, 3, 0, 12, 2, 3, 0, 8, 0})
	f.Add([]byte{7, 2, 0, 3, 0, 10, 0, 12, 0, 3, 0, 3, 0})
	f.Add([]byte{2, 0, 0, 0, 0, 3, 1, 15, 1, 3, 0, 11, 0, 14, 255})
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) == 0 || len(b) > 2000 {
			return
		}
		c := newClient(t, int(b[0]%3), int(b[0]>>3%8), b[0]&4 != 0)
		for b = b[1:]; len(b) >= 2; b = b[2:] {
			c.step(b[0], b[1])
		}
		c.drain()
	})
}
