package proxy

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
)

// Whoever opens connections without end keeps nobody out: what has no session makes room, a session's held request and its stream stay.
func TestConnectionsMakeRoom(t *testing.T) {
	var l net.Listener
	s, addr := startServer(t, func(c *Config) { l = fakeBackend(t, c, "example.org") })
	onLoop(s, func() { s.descriptors = 12 })
	ts := openSession(t, addr, l)
	ts.poll.post(ts.next("", ""))
	w, _ := openSocketSession(t, addr, l)
	for range 50 {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
	}
	late := dial(t, addr)
	late.raw("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
	late.answer()
	onLoop(s, func() {
		s.enter()
		if n := s.loop.Conns(); n > s.descriptors {
			t.Errorf("%d connections, at most %d", n, s.descriptors)
		}
		if s.stats.Limits[LimitConnections] < 30 || s.room.leaving != 0 {
			t.Errorf("%d were closed, %d are leaving", s.stats.Limits[LimitConnections], s.room.leaving)
		}
		s.settle()
	})
	ts.peer.send("<message from='a@example.org'/>")
	wantContains(t, ts.poll.body(), "<message")
	fmt.Fprint(w, frame(1, "<presence/>"))
	newSession := openSession(t, addr, l)
	newSession.poll.post(newSession.next("", "<presence/>"))
	newSession.peer.want("<presence/>")
}

// The address that has the most goes first; within it, the connections that wait longest.
func TestRoomIsMadeByTheCrowd(t *testing.T) {
	s, addr, _ := startAdmission(t, func(c *Config) { c.ProxyProtocol = true })
	open := func(from string) *browser {
		b := dial(t, addr)
		b.raw("PROXY TCP4 " + from + " 192.0.2.9 1234 80\r\nGET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
		b.answer()
		return b
	}
	few := []*browser{open("192.0.2.1"), open("192.0.2.2"), open("192.0.2.2")}
	var crowd []*browser
	for range 9 {
		crowd = append(crowd, open("198.51.100.7"))
	}
	onLoop(s, s.makeRoom)
	for i, b := range crowd[:6] { // half of the twelve
		if _, err := io.ReadAll(b.r); err != nil {
			t.Logf("%d: %v", i, err)
		}
	}
	for _, b := range append(few, crowd[6:]...) {
		b.raw("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
		if r, _ := b.answer(); r.StatusCode != http.StatusNotFound {
			t.Error(r.Status)
		}
	}
}

// With nothing but sessions' connections that are at rest, those make room too; one that owes an answer never does.
func TestRoomOfSessions(t *testing.T) {
	var l net.Listener
	s, addr := startServer(t, func(c *Config) { l = fakeBackend(t, c, "example.org") })
	ts := openSession(t, addr, l)
	ts.more.post(ts.next("", ""))
	for settled(s); ; settled(s) {
		var held bool
		onLoop(s, func() { s.clients.each(func(_ uint32, c *client) { held = held || c.ties() == tiesClose }) })
		if held {
			break
		}
	}
	onLoop(s, s.makeRoom)
	ts.poll.closed()
	onLoop(s, s.makeRoom)
	ts.peer.send("<presence/>")
	wantContains(t, ts.more.body(), "<presence")
	onLoop(s, func() {
		if n := s.stats.Limits[LimitConnections]; n != 1 {
			t.Errorf("%d were closed", n)
		}
	})
}

func TestTiesHaveNames(t *testing.T) {
	if tiesNone.String() != "none" || tiesLoose.String() != "loose" || tiesClose.String() != "close" || ties(9).String() != "invalid" {
		t.Error("ties without names")
	}
}
