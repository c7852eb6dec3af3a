package lookup

import "go-xmpp-bosh/timer"

// cache keeps answers until they are too old or, when there are too many, not used the longest.
type cache struct {
	max     int
	entries map[question]*entry
	used    entry // head of a ring: the last used is behind it, the longest unused before it
}

type entry struct {
	next, prev *entry
	question
	until timer.Time
	res   *result
}

func newCache(maximum int) cache {
	return cache{max: maximum, entries: map[question]*entry{}}
}

// get gives an answer that still holds, or nil.
func (c *cache) get(now timer.Time, q question) *result {
	e := c.entries[q]
	if e == nil {
		return nil
	}
	e.unlink()
	if now >= e.until {
		delete(c.entries, q)
		return nil
	}
	c.link(e)
	return e.res
}

// put keeps an answer.
func (c *cache) put(now timer.Time, q question, res *result) {
	if res.keep <= 0 {
		return
	}
	e := c.entries[q]
	switch {
	case e != nil:
		e.unlink()
	case len(c.entries) >= c.max:
		e = c.used.prev
		e.unlink()
		delete(c.entries, e.question)
	default:
		e = new(entry)
	}
	e.question, e.until, e.res = q, now+res.keep, res
	c.entries[q] = e
	c.link(e)
}

// link puts e in front of the ring.
func (c *cache) link(e *entry) {
	head := &c.used
	if head.next == nil {
		head.next, head.prev = head, head
	}
	e.next, e.prev = head.next, head
	head.next.prev, head.next = e, e
}

func (e *entry) unlink() { e.prev.next, e.next.prev = e.next, e.prev }
