package exactlyonce

import (
	"bufio"
	"context"
	"net"
	"regexp"
	"strconv"
	"time"
)

// link is one connection of a client's through the network, and its other half to the server.
type link struct {
	network  *network
	ctx      context.Context
	client   *net.TCPConn
	server   *net.TCPConn
	requests chan []byte // whole ones; closed when the client has closed
	answers  chan []byte // closed when the server has; the last may be a part
	session  int         // of the request at hand
	rid      int64       // 0: it creates a session
	copies   int         // which copy of the request it is
	plan     plan
}

// read passes the messages of one side on.
func (l *link) read(c net.Conn, to chan<- []byte) {
	defer close(to)
	for r := bufio.NewReader(c); ; {
		b, err := readMessage(r)
		if err != nil && (len(b) == 0 || c == l.client) {
			return
		}
		select {
		case to <- b:
		case <-l.ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// run relays exchange after exchange.
func (l *link) run() {
	for {
		select {
		case b, ok := <-l.requests:
			if !ok || !l.exchange(b) {
				return
			}
		case <-l.answers: // it closes, or says something without being asked
			return
		case <-l.ctx.Done():
			return
		}
	}
}

var (
	ridOf     = regexp.MustCompile(`rid='(\d+)' sid=`)
	sessionOf = regexp.MustCompile(`\r\nX-Session: (\d+)\r\n`)
)

// exchange relays a request and its answer, or lets happen to them what is planned. It reports whether the connection lives on.
func (l *link) exchange(request []byte) bool {
	n := l.network
	l.session, l.rid = 0, 0
	if m := sessionOf.FindSubmatch(request); m != nil {
		l.session, _ = strconv.Atoi(string(m[1]))
	}
	if m := ridOf.FindSubmatch(request); m != nil {
		l.rid, _ = strconv.ParseInt(string(m[1]), 10, 64)
	}
	l.plan, l.copies = n.plan(l.session, l.rid)
	if l.copies > 1 && n.barrier() != nil {
		return false
	}
	if l.plan.fault != faultNone {
		n.t.note(l.session, "network: rid %d, copy %d: %v (client %s, server %s)", l.rid, l.copies, l.plan.fault, ending(l.plan.clientRST), ending(l.plan.serverRST))
	}
	switch l.plan.fault {
	case faultBeforeRequest:
		return l.kill()
	case faultInRequest:
		l.forward(l.server, l.plan.part(request))
		return l.kill()
	case faultMuteRequest:
		l.forward(l.server, l.plan.part(request))
		l.awaitClient()
		return l.kill()
	case faultLate:
		return l.exchangeLate(request)
	case faultNone, faultHeld, faultDeaf, faultBeforeAnswer, faultInAnswer, faultMuteAnswer, faultIdle:
	}
	last := len(request) - 1 - l.plan.rng.IntN(min(len(request)/2, 50))
	if !l.forward(l.server, request[:last]) || !n.finish(l.session, l.rid, l.copies, l.server, request[last:]) {
		return false
	}
	if n.deliverLate(l.session, l.rid) != nil {
		return false
	}
	return l.exchangeAnswer()
}

// exchangeAnswer is the second half of an exchange.
func (l *link) exchangeAnswer() bool {
	switch l.plan.fault {
	case faultHeld:
		l.lose(l.awaitAnswer(l.plan.delay))
		return l.kill()
	case faultDeaf:
		l.network.killed(l.session, l.plan.fault)
		l.cut(l.client, l.plan.clientRST)
		l.lose(l.awaitAnswer(100 * time.Millisecond))
		return l.leave()
	case faultNone, faultBeforeAnswer, faultInAnswer, faultMuteAnswer, faultIdle, faultBeforeRequest, faultInRequest, faultMuteRequest, faultLate:
	}
	var b []byte
	select {
	case b = <-l.answers:
	case <-l.requests: // the client has given up
	case <-l.ctx.Done():
	}
	if b == nil {
		return l.leave()
	}
	return l.relayAnswer(b)
}

// relayAnswer carries an answer to the client, or a part of it.
func (l *link) relayAnswer(b []byte) bool {
	switch l.plan.fault {
	case faultBeforeAnswer:
		l.lose(b)
		return l.kill()
	case faultInAnswer:
		l.lose(b)
		l.forward(l.client, l.plan.part(b))
		return l.kill()
	case faultMuteAnswer:
		l.forward(l.client, l.plan.part(b))
		l.awaitClient()
		return l.kill()
	case faultNone, faultIdle, faultBeforeRequest, faultInRequest, faultMuteRequest, faultHeld, faultDeaf, faultLate:
	}
	if !l.forward(l.client, b) {
		l.lose(b)
		return l.leave()
	}
	if l.plan.fault == faultIdle {
		pause(l.ctx, l.plan.delay)
		return l.kill()
	}
	return true
}

// lose notes what the server wrote and the client doesn't get whole.
func (l *link) lose(b []byte) { l.network.lose(l.session, b) }

// exchangeLate cuts the client off and gives its request to the server after the repeat.
func (l *link) exchangeLate(request []byte) bool {
	c := l.network.keepLate(l.session, l.rid)
	l.network.killed(l.session, l.plan.fault)
	l.cut(l.client, l.plan.clientRST)
	select {
	case <-c.deliver:
	case <-l.ctx.Done():
		return false
	}
	l.network.t.note(l.session, "network: rid %d: the late copy arrives", l.rid)
	l.server.Write(request)
	close(c.delivered)
	l.awaitAnswer(500 * time.Millisecond)
	return l.leave()
}

// kill cuts both sides. The server first: what is told of it is then true when the client acts on it.
func (l *link) kill() bool {
	l.network.killed(l.session, l.plan.fault)
	l.cut(l.server, l.plan.serverRST)
	l.cut(l.client, l.plan.clientRST)
	return l.drain()
}

// leave ends the server's side after the client's.
func (l *link) leave() bool {
	l.cut(l.server, l.plan.serverRST)
	return l.drain()
}

// cut ends one side.
func (l *link) cut(c *net.TCPConn, rst bool) {
	if rst {
		c.SetLinger(0)
		c.Close()
		return
	}
	c.CloseWrite()
}

// drain reads both sides to their ends: what the server still writes is lost.
func (l *link) drain() bool {
	deadline := time.NewTimer(5 * time.Second)
	defer deadline.Stop()
	requests, answers := l.requests, l.answers
	for requests != nil || answers != nil {
		select {
		case _, ok := <-requests:
			if !ok {
				requests = nil
			}
		case b, ok := <-answers:
			if !ok {
				answers = nil
			}
			l.lose(b)
		case <-deadline.C:
			return false
		case <-l.ctx.Done():
			return false
		}
	}
	return false
}

// awaitAnswer waits for an answer, for a time.
func (l *link) awaitAnswer(d time.Duration) []byte {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case b := <-l.answers:
		return b
	case <-timer.C:
	case <-l.ctx.Done():
	}
	return nil
}

// awaitClient waits until the client gives up.
func (l *link) awaitClient() {
	select {
	case <-l.requests:
	case <-l.ctx.Done():
	}
}

// forward writes b in pieces, some of them late.
func (l *link) forward(to net.Conn, b []byte) bool {
	for i, piece := range l.plan.pieces(b) {
		if i > 0 && l.plan.rng.IntN(2) == 0 {
			pause(l.ctx, time.Duration(l.plan.rng.IntN(2000))*time.Microsecond)
		}
		if _, err := to.Write(piece); err != nil {
			return false
		}
	}
	return true
}

func ending(rst bool) string {
	if rst {
		return "RST"
	}
	return "FIN"
}
