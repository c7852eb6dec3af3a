package main

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"os"
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
