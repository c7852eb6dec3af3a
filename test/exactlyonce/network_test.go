package exactlyonce

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"regexp"
	"strconv"
	"sync"
)

// network is the relay between clients and server. It knows where HTTP messages begin and end, so that it can choose where
// to kill, and no more of them than whose they are.
type network struct {
	t        *trial
	listener net.Listener
	wg       sync.WaitGroup

	mu     sync.Mutex
	routes []route // by session
	kinds  [faults]int
}

// route is what the network knows of one session.
type route struct {
	kills  int
	copies map[int64]int         // of each rid, as seen
	late   map[int64][]*lateCopy // requests that wait for their repeat
	lost   map[int]bool          // messages in answers that reached no client whole
}

// lateCopy is a request that is to arrive after its repeat.
type lateCopy struct {
	deliver   chan struct{} // closed when it is time
	delivered chan struct{} // closed when it is written
}

func newNetwork(t *trial) (*network, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	n := &network{t: t, listener: l, routes: make([]route, t.sessions)}
	for i := range n.routes {
		n.routes[i] = route{copies: map[int64]int{}, late: map[int64][]*lateCopy{}, lost: map[int]bool{}}
	}
	n.wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			n.wg.Go(func() { n.relay(c.(*net.TCPConn)) })
		}
	})
	return n, nil
}

func (n *network) addr() string { return n.listener.Addr().String() }

// close ends the network; the trial's context must be done.
func (n *network) close() {
	n.listener.Close()
	n.wg.Wait()
}

// relay carries one connection of a client until either side, or the network, ends it.
func (n *network) relay(client *net.TCPConn) {
	c, err := net.Dial("tcp", n.t.serverAddr)
	if err != nil {
		client.Close()
		n.t.fail(fmt.Errorf("dialling the server: %w", err))
		return
	}
	ctx, cancel := context.WithCancel(n.t.ctx)
	l := &link{network: n, ctx: ctx, client: client, server: c.(*net.TCPConn), requests: make(chan []byte), answers: make(chan []byte)}
	var readers sync.WaitGroup
	readers.Go(func() { l.read(client, l.requests) })
	readers.Go(func() { l.read(l.server, l.answers) })
	l.run()
	cancel()
	l.client.Close()
	l.server.Close()
	readers.Wait()
}

// plan draws what befalls the next copy of a request. Once a session that doesn't repeat has had its kills, the network leaves it in peace.
func (n *network) plan(session int, rid int64) (plan, int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	r := &n.routes[session]
	r.copies[rid]++ // from now on, those before it end nowhere: see finish
	w := &weights
	switch {
	case rid == 0 || n.t.goOn && r.kills >= n.t.kills:
		w = &[faults]int{}
	case n.t.goOn:
		w = &weightsGoOn
	}
	p := newPlan(n.t.seed, session, rid, r.copies[rid], w)
	if n.t.goOn {
		p.serverRST = n.t.goOnRST
	}
	return p, r.copies[rid]
}

// finish writes the last piece of a request, unless its client has sent another copy since: that one would have been answered, and even that
// acknowledged, when this one arrives, and then a server must take it for an attack (XEP-0124 §14.3).
func (n *network) finish(session int, rid int64, copies int, to net.Conn, b []byte) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.routes[session].copies[rid] != copies {
		return false
	}
	_, err := to.Write(b)
	return err == nil
}

// barrier returns when the server has read all that was written to it before. A loop may take the connections that are ready at once in
// any order, and finds them ready as of a while ago: after three exchanges on one of them it has been through all. What it then has handed to another
// loop is there in front of our own connection, which goes from loop to loop behind it: twice, since nobody knows where it was handed from.
func (n *network) barrier() error {
	c, err := dial(n.t.ctx, n.t.serverAddr)
	if err != nil {
		return err
	}
	defer c.tcp.Close()
	defer context.AfterFunc(n.t.ctx, func() { c.tcp.Close() })()
	loops := max(1, n.t.loops)
	for i := range 3 * 2 * loops {
		// The sid of nobody's session takes the connection to the loop that it names (its number is in the upper bits of the slot).
		body := fmt.Sprintf("<body rid='1' sid='00000000-0000-0000-0000-000000000000-%x' xmlns='http://jabber.org/protocol/httpbind'/>", i/3%loops<<26)
		if _, err := fmt.Fprintf(c.tcp, "POST /http-bind/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s", len(body), body); err != nil {
			return err
		}
		if _, err := readMessage(c.r); err != nil {
			return err
		}
	}
	return nil
}

// killed counts a connection that was killed.
func (n *network) killed(session int, f fault) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.routes[session].kills++
	n.kinds[f]++
}

func (n *network) kills(session int) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.routes[session].kills
}

var messageID = regexp.MustCompile(`<message [^>]*\bid='(\d+)'`)

// lose notes the messages in what a server wrote to a dying connection.
func (n *network) lose(session int, b []byte) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, m := range messageID.FindAllSubmatch(b, -1) {
		id, _ := strconv.Atoi(string(m[1]))
		n.routes[session].lost[id] = true
	}
}

func (n *network) isLost(session, id int) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.routes[session].lost[id]
}

// keepLate registers a request that waits for its repeat.
func (n *network) keepLate(session int, rid int64) *lateCopy {
	c := &lateCopy{make(chan struct{}), make(chan struct{})}
	n.mu.Lock()
	defer n.mu.Unlock()
	late := n.routes[session].late
	late[rid] = append(late[rid], c)
	return c
}

// deliverLate has the copies that were kept back arrive now: their repeat has just been forwarded, and its answer waits for them.
func (n *network) deliverLate(session int, rid int64) error {
	n.mu.Lock()
	late := n.routes[session].late
	copies := late[rid]
	delete(late, rid)
	n.mu.Unlock()
	for _, c := range copies {
		close(c.deliver)
		select {
		case <-c.delivered:
		case <-n.t.ctx.Done():
		}
	}
	if len(copies) > 0 {
		return n.barrier()
	}
	return nil
}

// readMessage reads one HTTP message with a Content-Length; with an error, what there was of it.
func readMessage(r *bufio.Reader) ([]byte, error) {
	var b []byte
	length := 0
	for {
		line, err := r.ReadSlice('\n')
		b = append(b, line...)
		if err != nil {
			return b, err
		}
		if len(line) <= 2 {
			break
		}
		if name, value, ok := bytes.Cut(line, []byte(":")); ok && bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return b, err
			}
		}
	}
	head := len(b)
	b = append(b, make([]byte, length)...)
	n, err := io.ReadFull(r, b[head:])
	return b[:head+n], err
}
