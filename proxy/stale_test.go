package proxy

import (
	"net"
	"strings"
	"testing"
)

// A request that was overtaken by its own repetition and those after it, and whose client has long gone, is nobody's: it does not end the session, as it does on a
// connection that somebody still has (XEP-0124 §14.2). It is how a connection that waited for another loop ends.
func TestStaleRequestOfADeadConnection(t *testing.T) {
	var l net.Listener
	s, addr := startServer(t, func(c *Config) { l = fakeBackend(t, c, "example.org") })
	ts := openSession(t, addr, l)
	stale := postText(ts.next("", "<presence/>"))
	ts.poll.raw(stale)
	ts.peer.want("<presence/>")
	goOn := func() {
		t.Helper()
		ts.more.post(ts.next("", "<presence/>"))
		if body := ts.poll.body(); strings.Contains(body, "terminate") {
			t.Fatalf("the session has ended: %s", body)
		}
		ts.poll, ts.more = ts.more, ts.poll
	}
	for range 4 {
		goOn()
	}

	dead := dial(t, addr)
	asleep, awake := make(chan struct{}), make(chan struct{})
	s.loop.Post(func() { close(asleep); <-awake })
	<-asleep
	dead.raw(stale)
	dead.Close()
	close(awake)
	for range 3 {
		goOn()
	}

	living := dial(t, addr)
	living.raw(stale)
	wantContains(t, living.body(), "terminate", "item-not-found")
}
