package lookup

import (
	"net/netip"
	"slices"

	"go-xmpp-bosh/timer"
)

// question is what is asked for: a name as xmppconn.ParseDomain gives it, and a record type.
type question struct {
	name  string
	qtype uint16
}

// result is an answer, shared by all who asked and by the cache.
type result struct {
	outcome Outcome
	addrs   []netip.Addr // of A and AAAA
	srvs    []srv        // of SRV
	keep    timer.Time   // how long it may be kept, in ms
}

// query is one question on its way, for all who wait for its answer.
//
// It tries one resolver after another. The try before the last stays open, since a slow answer is as good as any; those before it are
// closed. A resolver that has refused, failed or is not there is not asked again.
type query struct {
	question
	ask      string // the name that is asked for now: the question's, or the alias that led here
	aliases  int    // CNAME records followed
	keep     timer.Time
	ttl      timer.Time     // the smallest so far, as it came
	from     netip.AddrPort // the resolver that has answered last
	plain    bool           // without EDNS: a resolver has refused it
	first    int            // resolver
	bad      uint           // bit i: resolver i is of no use
	asked    int            // tries so far
	until    timer.Time
	node     timer.Node
	now, old try // the last try, and the one before it
	waiters  []waiter
}

// try is one message on its way. The zero value is none.
type try struct {
	name   Try // 0: none
	id     uint16
	server int
	tcp    bool
	misses int // wrong answers
}

// waiter is a search and which of its questions it is.
type waiter struct {
	search *search
	part   int
}

// ask gets the answer to a question for a part of a search: at once from the cache, or later by finish.
func (r *Resolver) ask(now timer.Time, qu question, s *search, part int) {
	if res := r.cache.get(now, qu); res != nil {
		r.counts.CacheHits++
		s.got[part] = res
		return
	}
	w := waiter{s, part}
	if q := r.queries[qu]; q != nil {
		q.join(w)
		return
	}
	q := &query{question: qu, ask: qu.name, keep: r.cfg.KeepMax, ttl: farthest, waiters: []waiter{w}}
	if r.inFlight < r.cfg.QueriesMax {
		r.queries[qu] = q
		r.begin(now, q)
		return
	}
	if len(r.waiting) >= r.cfg.QueuedMax {
		r.sweepQueue()
	}
	if len(r.waiting) >= r.cfg.QueuedMax {
		r.counts.Answers[Busy]++
		s.got[part] = &result{outcome: Busy}
		return
	}
	r.queries[qu] = q
	r.waiting = append(r.waiting, q)
}

// join adds a waiter. Those who have left go before the list grows, so that somebody who comes and goes does not make it long.
func (q *query) join(w waiter) {
	if len(q.waiters) == cap(q.waiters) {
		q.waiters = slices.DeleteFunc(q.waiters, func(w waiter) bool { return w.search.done })
	}
	q.waiters = append(q.waiters, w)
}

// begin sends a query on its way.
func (r *Resolver) begin(now timer.Time, q *query) {
	r.inFlight++
	q.until = now + r.cfg.QueryMax
	q.first = r.best
	q.keepTrying(r, now)
}

// wanted reports whether somebody waits for the answer still.
func (q *query) wanted() bool {
	for _, w := range q.waiters {
		if !w.search.done {
			return true
		}
	}
	return false
}

// sweepQueue drops the waiting queries whose askers have left.
func (r *Resolver) sweepQueue() {
	kept := r.waiting[:0]
	for _, q := range r.waiting {
		if q.wanted() {
			kept = append(kept, q)
			continue
		}
		delete(r.queries, q.question)
	}
	clear(r.waiting[len(kept):])
	r.waiting = kept
}

// beginNext gives free places to those who wait.
func (r *Resolver) beginNext(now timer.Time) {
	if r.starting { // one that ended as soon as it had begun
		return
	}
	r.starting = true
	defer func() { r.starting = false }()
	for r.inFlight < r.cfg.QueriesMax && len(r.waiting) > 0 {
		q := r.waiting[0]
		r.waiting[0] = nil
		r.waiting = r.waiting[1:]
		if !q.wanted() {
			delete(r.queries, q.question)
			continue
		}
		r.begin(now, q)
	}
}

// keepTrying asks the next resolver, or gives up.
func (q *query) keepTrying(r *Resolver, now timer.Time) {
	n := len(r.cfg.Servers)
	if q.bad == 1<<n-1 {
		r.finish(now, q, &result{outcome: Failed, keep: failedKeep})
		return
	}
	if q.asked >= min(max(triesMin, 2*n), triesMax) || now >= q.until {
		r.finish(now, q, &result{outcome: TimedOut, keep: failedKeep})
		return
	}
	server := (q.first + q.asked) % n
	for q.bad&(1<<server) != 0 {
		server = (server + 1) % n
	}
	q.asked++
	q.send(r, now, server, false)
}

// send begins a try.
func (q *query) send(r *Resolver, now timer.Time, server int, tcp bool) {
	id := uint16(r.cfg.Random())
	b := pack(q.ask, q.qtype, id, !q.plain, tcp)
	if b == nil { // too long for a name, as a service's below a long domain is
		r.finish(now, q, &result{outcome: NoName, keep: failedKeep})
		return
	}
	if q.now.name != 0 {
		r.closeTry(&q.old)
		q.old = q.now
	}
	r.lastTry++
	q.now = try{name: r.lastTry, id: id, server: server, tcp: tcp}
	r.tries[q.now.name] = q
	r.counts.Queries++
	within := r.cfg.TryMax
	if tcp {
		within = r.cfg.TCPMax
		r.out.DialTCP(q.now.name, r.cfg.Servers[server], b)
	} else {
		r.out.SendUDP(q.now.name, r.cfg.Servers[server], b)
	}
	r.arm(now, &q.node, q, min(now+within, q.until))
}

// handleTimer: the last try was in vain.
func (q *query) handleTimer(r *Resolver, now timer.Time) {
	if r.best == q.now.server && len(r.cfg.Servers) > 0 { // the next query need not wait for it
		r.best = (r.best + 1) % len(r.cfg.Servers)
	}
	q.keepTrying(r, now)
}

// try finds one of the query's tries by its name.
func (q *query) try(name Try) *try {
	if q.now.name == name {
		return &q.now
	}
	return &q.old
}

func (r *Resolver) closeTry(t *try) {
	if t.name == 0 {
		return
	}
	delete(r.tries, t.name)
	r.out.Close(t.name)
	*t = try{}
}

// finish ends a query: its answer is kept, and told to those who wait.
func (r *Resolver) finish(now timer.Time, q *query, res *result) {
	r.closeTry(&q.old)
	r.closeTry(&q.now)
	r.disarm(&q.node)
	delete(r.queries, q.question)
	r.inFlight--
	r.counts.Answers[res.outcome]++
	r.cache.put(now, q.question, res)
	q.told(r, now, res)
	waiters := q.waiters
	q.waiters = nil
	for _, w := range waiters {
		if !w.search.done {
			w.search.got[w.part] = res
			w.search.advance(r, now)
		}
	}
	r.beginNext(now)
}
