//go:build integration && linux

package integration

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// demoRow is an entry of the list of what went over the wire.
type demoRow struct{ Who, Sent, Got, Meta, Pill, State string }

// demoTalk is what one conversation on the page came to.
type demoTalk struct {
	Transport, Status, Message, Login, Now, Sums, AfterStatus, Stored, Out string
	Rows, After                                                            []demoRow
	Passing, Marks, Bars                                                   int
	Kept, Filtered, Leaks                                                  []string
	Paused, Meanwhile                                                      bool
}

type demoResult struct {
	Error             string
	Complaints, Asked []string
	Seen              []demoTalk
	Looks             []struct {
		Name            string
		Wide, WideLater bool
		Cut             []string
		Access          map[string]struct { // by scheme
			Complaints []string
			Lowest     float64
		}
	}
	Tabs []struct {
		Name string
		Seen bool
	}
}

// TestDemo: the page of "make run" in headless Chromium, over BOSH, over WebSocket and by one of each. Like TestPages it runs before the parallel
// tests, and keeps screenshots with PAGES=1.
func TestDemo(t *testing.T) {
	r := lookAtDemo(t, []string{"bosh", "websocket", "both"}, "")
	for _, s := range r.Seen {
		t.Run(s.Transport, func(t *testing.T) { checkTalk(t, s) })
	}
	if len(r.Looks) != 2 {
		t.Errorf("looked at %d pages", len(r.Looks))
	}
	for _, l := range r.Looks {
		if l.Wide || l.WideLater || len(l.Cut) > 0 {
			t.Errorf("%s: wider than the screen: %v, %v; cut off: %q", l.Name, l.Wide, l.WideLater, l.Cut)
		}
		if len(l.Access) != 2 {
			t.Errorf("%s: looked at %d schemes", l.Name, len(l.Access))
		}
		for scheme, a := range l.Access {
			for _, c := range a.Complaints {
				t.Errorf("%s, %s: %s", l.Name, scheme, c)
			}
			t.Logf("%s, %s: the lowest contrast of a text is %.2f", l.Name, scheme, a.Lowest)
		}
	}
	var names []string
	for _, tab := range r.Tabs {
		names = append(names, tab.Name)
		if !tab.Seen {
			t.Errorf("the focus on %q is not to be seen", tab.Name)
		}
	}
	wantInOrder(t, names, "Skip to the chat", "BOSH", "Log both out", "The chat as Juliet sees it", "Message from Juliet", "Send as Juliet", "The chat as Romeo sees it",
		"Message from Romeo", "Send as Romeo", "Both", "Pause", "Clear", "Requests, answers and frames", "Statistics of the server", "strophe.js (MIT licence)")
}

// TestDemoPassword: where the server takes one password, the page asks for it and never keeps it; a reload needs no second asking.
func TestDemoPassword(t *testing.T) {
	const password = "wherefore art thou"
	r := lookAtDemo(t, []string{"both"}, password)
	for _, s := range r.Seen {
		if !strings.Contains(s.Login, "SCRAM-SHA-256") {
			t.Errorf("%s: the log-in shows as %q", s.Transport, s.Login)
		}
		if strings.Contains(s.Stored, password) || s.AfterStatus == "" {
			t.Errorf("%s: kept %q", s.Transport, s.Stored)
		}
		wantMasked(t, s)
	}
}

func lookAtDemo(t *testing.T, transports []string, password string) demoResult {
	t.Helper()
	needBrowser(t, "strophe.js")
	args := []string{"--demo"}
	if password != "" {
		args = append(args, "--demo-password="+password)
	}
	s := startServer(t, args...)
	page := s.waitLine(t, regexp.MustCompile(`page=http://localhost:([0-9]+)/`))
	if !strings.HasSuffix(s.addr, ":"+page[1]) {
		t.Errorf("the log says that the page is at %s, the server is at %s", page[0], s.addr)
	}
	var r demoResult
	runClient(t, "demo_browser.mjs", map[string]any{
		"page": "http://" + s.addr + "/", "service": s.url, "transports": transports, "password": password, "screenshots": demoScreenshots(t, password),
	}, &r)
	if r.Error != "" || len(r.Seen) != len(transports) {
		t.Fatalf("%d conversations, %s", len(r.Seen), r.Error)
	}
	for _, c := range r.Complaints {
		t.Errorf("the browser complains: %s", c)
	}
	for _, url := range r.Asked {
		if _, rest, _ := strings.Cut(url, "://"); !strings.HasPrefix(rest, s.addr+"/") {
			t.Errorf("the page asks for %s", url)
		}
	}
	return r
}

// demoScreenshots is where they are kept, if they are asked for.
func demoScreenshots(t *testing.T, password string) string {
	t.Helper()
	if os.Getenv("PAGES") == "" || password != "" {
		return ""
	}
	dir, err := filepath.Abs("../../build/screenshots")
	if err == nil {
		err = os.MkdirAll(dir, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func checkTalk(t *testing.T, s demoTalk) {
	wantMasked(t, s)
	if !strings.Contains(s.Message, "one & <two>") && !strings.Contains(s.Message, "one &amp; &lt;two&gt;") {
		t.Errorf("the XML of the message: %s", s.Message)
	}
	if len(s.Kept) < 2 || !strings.Contains(s.Kept[0], "one & <two>") {
		t.Errorf("kept over the reload: %q", s.Kept)
	}
	if s.Passing == 0 || s.Marks < 10 || s.Bars == 0 || s.Now == "" || s.Sums == "" {
		t.Errorf("%d messages passing, %d marks and %d bars are drawn; %q, %q", s.Passing, s.Marks, s.Bars, s.Now, s.Sums)
	}
	if !slices.Equal(s.Filtered, []string{"romeo"}) || !s.Paused || !strings.HasPrefix(s.Out, "Nobody") {
		t.Errorf("filtered %q, paused %v, at the end %q", s.Filtered, s.Paused, s.Out)
	}
	if s.Transport != "websocket" {
		checkBOSH(t, s)
	}
	if s.Transport != "bosh" {
		checkWebSocket(t, s)
	}
	if s.Transport == "bosh" && !s.Meanwhile {
		t.Error("what came during the reload is lost")
	}
}

// checkBOSH is about juliet, who is connected by it.
func checkBOSH(t *testing.T, s demoTalk) {
	t.Helper()
	rows := rowsOf(s.Rows, "juliet")
	var sent []string
	for _, r := range rows {
		sent = append(sent, r.Sent)
	}
	wantInOrder(t, sent, "opens a session", "log-in (PLAIN)", "starts anew", "asks for an address", "“I am here”", "asks: anything new?", "message “one & <two>”")
	i := slices.IndexFunc(rows, func(r demoRow) bool { return r.Sent == "message “one & <two>”" })
	said, before := rows[i], rows[i-1]
	if !strings.Contains(said.Meta, "connection 2") || !strings.Contains(said.Meta, " ack ") || said.Got != "message “I am, Juliet.”" || said.State != "news" {
		t.Errorf("the request with the message: %+v", said)
	}
	if !strings.Contains(before.Meta, "connection 1") || !strings.HasPrefix(before.Got, "let go, empty") || before.State != "nothing" {
		t.Errorf("the request before it: %+v", before)
	}
	rid := regexp.MustCompile(`rid (\d+)`)
	var last int64
	for _, r := range rows {
		n, err := strconv.ParseInt(rid.FindStringSubmatch(r.Meta)[1], 10, 64)
		if err != nil || last != 0 && n != last+1 {
			t.Errorf("rid %d follows %d (%v)", n, last, err)
		}
		last = n
	}
	if after := rowsOf(s.After, "juliet"); !strings.HasPrefix(after[0].Sent, "goes on after the reload") || strings.Contains(after[0].Got, "over") {
		t.Errorf("after the reload: %+v", after)
	}
}

// checkWebSocket is about romeo, who is connected by it.
func checkWebSocket(t *testing.T, s demoTalk) {
	t.Helper()
	for _, list := range [][]demoRow{s.Rows, s.After} { // which has its own log-in
		var words []string
		for _, r := range rowsOf(list, "romeo") {
			words = append(words, r.Sent+r.Got)
		}
		wantInOrder(t, words, "WebSocket open", "opens a stream", "stream opened", "what the server offers", "log-in (PLAIN)", "log-in accepted", "gets an address", "message “")
	}
}

// wantMasked checks that nothing of what proves the password is shown.
func wantMasked(t *testing.T, s demoTalk) {
	t.Helper()
	if !strings.Contains(s.Login, "masked") {
		t.Errorf("the log-in shows as %s", s.Login)
	}
	if len(s.Leaks) > 0 {
		t.Errorf("the page shows %q", s.Leaks)
	}
}

func rowsOf(rows []demoRow, who string) (own []demoRow) {
	for _, r := range rows {
		if r.Who == who {
			own = append(own, r)
		}
	}
	return own
}

// wantInOrder checks that there are texts that begin so, one after the other, with whatever between them.
func wantInOrder(t *testing.T, texts []string, want ...string) {
	t.Helper()
	rest := texts
	for _, w := range want {
		i := slices.IndexFunc(rest, func(s string) bool { return strings.HasPrefix(s, w) })
		if i < 0 {
			t.Errorf("no %q in its place in %q", w, texts)
			return
		}
		rest = rest[i+1:]
	}
}

// TestDemoStrophe: what is built into the binary is the package that the tests have.
func TestDemoStrophe(t *testing.T) {
	needModule(t, "strophe.js")
	const from, to = "node_modules/strophe.js/", "../../demo/page/strophe/"
	read := func(name string) []byte {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	version := regexp.MustCompile(`"version": "([^"]+)"`).FindSubmatch(read(from + "package.json"))[1]
	script, _, _ := bytes.Cut(read(from+"dist/strophe.umd.min.js"), []byte("//# sourceMappingURL="))
	want := append([]byte("/*! strophe.js "+string(version)+", MIT licence: LICENSE.txt */\n"), script...)
	if !bytes.Equal(read(to+"strophe.min.js"), want) {
		t.Error("another strophe.js: make strophe, or change the version in one of the two places")
	}
	if !bytes.Equal(read(to+"LICENSE.txt"), read(from+"LICENSE.txt")) {
		t.Error("another licence")
	}
}
