package proxy

import (
	"context"
	"net"
	"strings"
	"testing"
)

// Sessions over both transports are listed and can be ended, each by its own id only.
func TestSessionsList(t *testing.T) {
	var l net.Listener
	s, addr := startServer(t, func(c *Config) { l = fakeBackend(t, c, "example.org") })
	ts := openSession(t, addr, l)
	w, _ := openSocketSession(t, addr, l)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	page, err := s.Sessions(ctx, "", 10)
	if err != nil || len(page.Sessions) != 2 || page.Next != "" {
		t.Fatalf("%+v, %v", page, err)
	}
	for i, want := range []SessionInfo{{Transport: "bosh", State: "waiting"}, {Transport: "websocket", State: "open"}} {
		got := page.Sessions[i]
		if got.Transport != want.Transport || got.State != want.State || got.Domain != "example.org" || got.Streams != 1 || got.BytesOut == 0 || got.Age < 0 {
			t.Errorf("%+v", got)
		}
		if strings.Contains(got.ID, ts.sid[:8]) {
			t.Error("the id has the sid in it")
		}
		for _, wrong := range []string{"", "x", got.ID + "0", got.ID[1:], "0" + got.ID, strings.ToUpper(got.ID)} {
			if wrong == got.ID {
				continue
			}
			if ended, err := s.EndSession(ctx, wrong); ended || err != nil {
				t.Errorf("%q: %v, %v", wrong, ended, err)
			}
		}
	}
	ts.poll.post(ts.next("", ""))
	statsOf(t, s, func(st *Stats) bool { return st.HTTP[phaseHeld] == 1 })
	for _, info := range page.Sessions {
		if ended, err := s.EndSession(ctx, info.ID); !ended || err != nil {
			t.Errorf("%s: %v, %v", info.ID, ended, err)
		}
	}
	wantContains(t, ts.poll.body(), "type='terminate'", "undefined-condition")
	w.want("system-shutdown")
}

// A list of many is cut into turns of the loop, and of none of them is anything left out.
func TestScan(t *testing.T) {
	var s slab[int]
	n := 3*scanMax + 5
	for range n {
		s.alloc()
	}
	seen, turns := 0, 0
	for from, done := uint32(0), false; !done; turns++ {
		from, done = s.scan(from, func(uint32, *int) bool { seen++; return true })
	}
	if seen != n || turns != 4 {
		t.Errorf("%d of %d, in %d turns", seen, n, turns)
	}
}

func TestCursor(t *testing.T) {
	for _, c := range []cursor{{}, {1, ownerSocket, 0xabc}} {
		if got, err := parseCursor(c.String(), 2); got != c || err != nil {
			t.Errorf("%v, %v, want %v", got, err, c)
		}
	}
	for _, text := range []string{"x", "0.0", "2.0.0", "0.2.0", "-1.0.0", "0.0.fffffffff", "0.0.0.0"} {
		if _, err := parseCursor(text, 2); err == nil {
			t.Errorf("%s is taken", text)
		}
	}
}
