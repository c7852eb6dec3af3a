package main

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"go-xmpp-bosh/proxy"
)

// startProcess is a server at work whose settings are in a file, with its log.
func startProcess(t *testing.T, file string, args ...string) (*process, *bytes.Buffer) {
	t.Helper()
	args = append([]string{"--config=" + file, "--host=127.0.0.1", "--port=0"}, args...)
	s, err := parse(t, args...)
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	level := new(slog.LevelVar)
	level.Set(s.log.level)
	log := newLogger(&text, level, formatText)
	cfg, err := s.proxyConfig(nil) // the loop's own lines would race with those of the test
	if err != nil {
		t.Fatal(err)
	}
	server, err := proxy.NewGroup(cfg, 1)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- server.Run() }()
	t.Cleanup(func() {
		server.Stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return &process{args: args, settings: s, running: s.values(), level: level, log: log, server: server}, &text
}

// create asks for a session and returns the answer.
func (p *process) create(t *testing.T, domain string) string {
	t.Helper()
	if _, err := p.server.Stats(t.Context()); err != nil { // what it was told before has been done
		t.Fatal(err)
	}
	r, err := http.Post("http://"+p.server.Addrs()[0].String()+"/http-bind/", "text/xml", strings.NewReader( //nolint:noctx // a test
		"<body rid='1' to='"+domain+"' wait='1' hold='1' ver='1.6' xmpp:version='1.0' xmlns='http://jabber.org/protocol/httpbind' xmlns:xmpp='urn:xmpp:xbosh'/>"))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func rewrite(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestReload(t *testing.T) {
	file := writeConfig(t, `{"backend": "*=127.0.0.1:1"}`)
	p, text := startProcess(t, file)
	if got := p.create(t, "a.example"); !strings.Contains(got, "remote-connection-failed") {
		t.Errorf("before: %s", got)
	}
	rewrite(t, file, `{"backend": "*=127.0.0.1:1", "firewall": {"deny": ["a.example"]}, "logging": "DEBUG", "max_wait": 20, "window_size": 3}`)
	for range 2 { // what takes a restart is said each time
		text.Reset()
		p.reload(nil)
		for _, want := range []string{`takes a restart" setting=max_wait`, `takes a restart" setting=window_size`, `msg="settings read again"`} {
			if !strings.Contains(text.String(), want) {
				t.Errorf("no %q in\n%s", want, text.String())
			}
		}
	}
	if p.level.Level() != slog.LevelDebug {
		t.Errorf("the level is %v", p.level.Level())
	}
	if got := p.create(t, "a.example"); !strings.Contains(got, "policy-violation") {
		t.Errorf("after: %s", got)
	}
	if got := p.create(t, "b.example"); !strings.Contains(got, "remote-connection-failed") {
		t.Errorf("another domain: %s", got)
	}
	rewrite(t, file, `{"backend": "*=127.0.0.1:1", "firewal": {}}`)
	text.Reset()
	p.reload(nil)
	if got := text.String(); !strings.Contains(got, "those from before stay") || !strings.Contains(got, "firewal") || strings.Contains(got, "read again") {
		t.Errorf("a broken file: %s", got)
	}
	if got := p.create(t, "a.example"); !strings.Contains(got, "policy-violation") {
		t.Errorf("with a broken file: %s", got)
	}
}

// infoPage is the page for operators, of a server whose system_info_password is s3cret.
func (p *process) infoPage(t *testing.T) string {
	t.Helper()
	if _, err := p.server.Stats(t.Context()); err != nil { // what it was told before has been done
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+p.server.Addrs()[0].String()+"/http-bind/sysinfo/", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth("admin", "s3cret")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatal(answer.Status, err)
	}
	return string(b)
}

// The operators' page has what is in force: after a reload what was taken, with its place, and what takes a restart as it was.
func TestReloadIsShown(t *testing.T) {
	file := writeConfig(t, `{"system_info_password": "s3cret", "login_timeout": 301}`)
	p, _ := startProcess(t, file)
	rows := func() map[string]string {
		found := map[string]string{}
		for _, row := range regexp.MustCompile(`(?s)<tr>.*?</tr>`).FindAllString(p.infoPage(t), -1) {
			cells := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(row, " ")
			if name, rest, ok := strings.Cut(strings.TrimSpace(cells), " "); ok {
				found[name] = strings.Join(strings.Fields(rest), " ")
			}
		}
		return found
	}
	want := func(name, value string) {
		t.Helper()
		if got := rows()[name]; !strings.HasPrefix(got, value) {
			t.Errorf("%s is shown as %q, want %q", name, got, value)
		}
	}
	want("max_sessions", "0 default")
	want("login_timeout", "301 "+file)
	rewrite(t, file, `{"system_info_password": "s3cret", "login_timeout": 302, "max_sessions": 17}`)
	p.reload(nil)
	want("max_sessions", "17 "+file)
	want("login_timeout", "301 "+file)
	rewrite(t, file, `{"system_info_password": "s3cret"}`)
	p.reload(nil)
	want("max_sessions", "0 default")
	want("login_timeout", "301 "+file)
}

// What the command line says goes before the file in a reload, too.
func TestReloadKeepsPrecedence(t *testing.T) {
	file := writeConfig(t, `{}`)
	p, text := startProcess(t, file, "--logging=WARN")
	rewrite(t, file, `{"logging": "DEBUG"}`)
	p.reload([]string{"BOSH_MAX_SESSIONS=5"})
	if p.level.Level() != slog.LevelWarn || text.Len() > 0 || p.running["max-sessions"] != "5" {
		t.Errorf("%v, %q, %s", p.level.Level(), text, p.running["max-sessions"])
	}
}
