package proxy

import (
	"log/slog"
	"net"
	"regexp"
	"strings"
	"testing"
)

// startLogged has the log of a level written to a journal.
func startLogged(t *testing.T, level slog.Level, change func(*Config)) (addr string, l net.Listener, j *journal) {
	t.Helper()
	j, _ = newJournal()
	_, addr = startServer(t, func(c *Config) {
		c.Logger = slog.New(slog.NewTextHandler(j, &slog.HandlerOptions{Level: level}))
		l = fakeBackend(t, c, "example.org")
		if change != nil {
			change(c)
		}
	})
	return addr, l, j
}

func TestAccessLog(t *testing.T) {
	addr, l, j := startLogged(t, slog.LevelInfo, func(c *Config) { c.AccessLog = 1 })
	b := dial(t, addr)
	b.raw("GET /nowhere?data=hidden HTTP/1.1\r\nHost: x\r\n\r\n")
	b.answer()
	line := j.wait(t, "msg=request")
	wantContains(t, line, "method=GET path=/nowhere status=404 bytes=10 ms=", "address=127.0.0.1")
	b.raw("HEAD /http-bind/ HTTP/1.1\r\nHost: x\r\n\r\n")
	wantContains(t, j.wait(t, "method=HEAD"), "status=200 bytes=0")
	ts := openSession(t, addr, l)
	created := j.wait(t, "method=POST path=/http-bind/ status=200")
	name := regexp.MustCompile(`session=([0-9a-f]{12})`).FindStringSubmatch(created)
	if name == nil {
		t.Fatalf("no session in %q", created)
	}
	openWebSocket(t, addr, "")
	wantContains(t, j.wait(t, "path=/ws/"), "method=GET", "status=101", "session=")
	ts.poll.post(ts.next("", ""))
	ts.poll.Close()
	wantContains(t, j.wait(t, "status=0"), "method=POST", "bytes=0")
	ts.more.raw("BROKEN\r\n\r\n")
	j.wait(t, "status=400")
	all := strings.Join(j.lines(""), "")
	for _, hidden := range []string{"hidden", ts.sid, "data="} {
		if strings.Contains(all, hidden) {
			t.Errorf("%q is in the log", hidden)
		}
	}
}

func TestAccessLogIsSampled(t *testing.T) {
	addr, _, j := startLogged(t, slog.LevelInfo, func(c *Config) { c.AccessLog = 3 })
	b := dial(t, addr)
	for range 10 {
		b.raw("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
		b.answer()
	}
	b.raw("GET /last HTTP/1.1\r\nHost: x\r\n\r\nGET /last HTTP/1.1\r\nHost: x\r\n\r\n")
	j.wait(t, "path=/last")
	if n := len(j.lines("path=/nowhere")); n != 3 {
		t.Errorf("%d of 10 requests are logged, want 3", n)
	}
}

// Nothing is kept of requests when nobody reads lines of their level.
func TestAccessLogWithoutItsLevel(t *testing.T) {
	addr, _, j := startLogged(t, slog.LevelWarn, func(c *Config) { c.AccessLog = 1 })
	b := dial(t, addr)
	b.raw("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
	b.answer()
	if got := j.lines("request"); len(got) > 0 {
		t.Error(got)
	}
}
