package proxy

import (
	"log/slog"
	"regexp"
	"strings"
	"testing"

	"go-xmpp-bosh/timer"
)

var sessionAttr = regexp.MustCompile(`session=([0-9a-f]{12})\b`)

// All lines about a session have its name, and none has what is private, at any level.
func TestLinesOfASession(t *testing.T) {
	addr, l, j := startLogged(t, LevelTrace, func(c *Config) { c.TrimLength = -1 })
	ts := openSession(t, addr, l)
	const auth = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>SECRET</auth>"
	ts.more.post(ts.next("", auth))
	ts.peer.want("</auth>")
	ts.peer.send("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>SECRET</success>")
	wantContains(t, ts.more.body(), "<success")
	ts.more.post(ts.next("", "<message xmlns='jabber:client' id='m1'><body>SECRET</body></message>"))
	ts.peer.want("</message>")
	ts.peer.send("<message id='m2'><body>SECRET</body></message></stream:stream>")
	ts.more.body()
	wantSessionLines(t, j, "session created", "name=auth", "name=success", "id='m1'", "id='m2'", "stream ended")
	if strings.Contains(strings.Join(j.lines(""), ""), ts.sid) {
		t.Error("the sid is in the log")
	}
}

func TestLinesOfAWebSocket(t *testing.T) {
	addr, l, j := startLogged(t, LevelTrace, func(c *Config) { c.TrimLength = -1 })
	w, p := openSocketSession(t, addr, l)
	w.send("<message xmlns='jabber:client' id='m1'><body>SECRET</body></message>")
	p.want("</message>")
	p.send("<message id='m2'><body>SECRET</body></message></stream:stream>")
	w.want("m2")
	w.want("<close")
	w.Close()
	wantSessionLines(t, j, "session created", "id='m1'", "id='m2'", "stream ended")
}

func wantSessionLines(t *testing.T, j *journal, texts ...string) {
	t.Helper()
	names := map[string]bool{}
	for _, text := range texts {
		m := sessionAttr.FindStringSubmatch(j.wait(t, text))
		if m == nil {
			t.Fatalf("no session in %q", j.lines(text))
		}
		names[m[1]] = true
	}
	if len(names) != 1 {
		t.Errorf("the session is called %v in\n%s", names, strings.Join(j.lines(""), ""))
	}
	if all := strings.Join(j.lines(""), ""); strings.Contains(all, "SECRET") {
		t.Errorf("what is private is in the log:\n%s", all)
	}
}

func TestTracesAreCut(t *testing.T) {
	addr, l, j := startLogged(t, LevelTrace, func(c *Config) { c.TrimLength = 20 })
	ts := openSession(t, addr, l)
	ts.more.post(ts.next("", "<message xmlns='jabber:client' id='m1'><x/></message>"))
	wantContains(t, j.wait(t, "to=server"), `bytes=53 stanza="<message xmlns='jabb… (of 53 bytes)"`)
}

// Lines of other sessions have other names, and below TRACE there are no stanzas.
func TestLinesBelowTrace(t *testing.T) {
	addr, l, j := startLogged(t, slog.LevelDebug, nil)
	openSession(t, addr, l)
	openSession(t, addr, l)
	names := map[string]bool{}
	for _, line := range j.lines("session created") {
		names[sessionAttr.FindString(line)] = true
	}
	if len(names) != 2 || len(j.lines("msg=stanza")) > 0 {
		t.Errorf("%v in\n%s", names, strings.Join(j.lines(""), ""))
	}
}

// The same complaint is logged at most once a second per kind, and says how often it was withheld.
func TestComplaints(t *testing.T) {
	j, log := newJournal()
	var c complaints
	for now := timer.Time(5000); now < 7100; now += 100 {
		c.warn(log, now, "one", "n", int64(now))
		if now == 5500 {
			c.warn(log, now, "other")
		}
	}
	if got := j.lines("msg=one"); len(got) != 3 || !strings.Contains(got[1], "n=6000 withheld=9") {
		t.Errorf("%q", got)
	}
	if got := j.lines("msg=other"); len(got) != 1 {
		t.Errorf("%q", got)
	}
	c = complaints{}
	c.warn(slog.New(slog.DiscardHandler), 1, "one")
	if c.seen != nil {
		t.Error("something is kept although nobody reads")
	}
}
