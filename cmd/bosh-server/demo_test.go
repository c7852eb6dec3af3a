package main

import (
	"bytes"
	"log/slog"
	"net/netip"
	"strings"
	"testing"

	"go-xmpp-bosh/proxy"
)

func TestPageURL(t *testing.T) {
	for at, want := range map[string]string{
		"127.0.0.1:5280": "http://localhost:5280/", "[::1]:1": "http://localhost:1/", "0.0.0.0:80": "http://localhost:80/",
		"192.0.2.1:5280": "http://192.0.2.1:5280/", "[2001:db8::1]:5280": "http://[2001:db8::1]:5280/",
	} {
		if got := pageURL(netip.MustParseAddrPort(at)); got != want {
			t.Errorf("%s: %s, want %s", at, got, want)
		}
	}
}

// startedDemo is what --demo makes of a configuration, and what it logs.
func startedDemo(t *testing.T, args ...string) (proxy.Config, string) {
	t.Helper()
	s, err := parse(t, append([]string{"--demo"}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	p := &process{settings: s, log: slog.New(slog.NewTextHandler(&out, nil))}
	cfg, err := s.proxyConfig(p.log)
	if err != nil {
		t.Fatal(err)
	}
	stop, err := p.startDemo(&cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	p.announceDemo([]netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:5280")})
	return cfg, out.String()
}

// With --demo the page is at /, is told where the server's paths are, and the log says where it is.
func TestDemoPage(t *testing.T) {
	cfg, log := startedDemo(t, "--path=/x/", "--websocket-path=/sock")
	if len(cfg.Files) < 5 || cfg.Files[0].Path != "/" {
		t.Fatalf("%d files", len(cfg.Files))
	}
	for _, want := range []string{`data-bosh="/x/"`, `data-websocket="/sock"`, `data-domain="localhost"`} {
		if !strings.Contains(string(cfg.Files[0].Content), want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	for _, want := range []string{"page=http://localhost:5280/", `takes="any user name and password"`} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %s: %s", want, log)
		}
	}
}

// It asks for the password where there is one, and the log does not have it.
func TestDemoPagePassword(t *testing.T) {
	cfg, log := startedDemo(t, "--demo-password=s3cret")
	if !strings.Contains(string(cfg.Files[0].Content), `type="password"`) || strings.Contains(string(cfg.Files[0].Content), "s3cret") {
		t.Error("the page does not ask for it, or knows it")
	}
	if strings.Contains(log, "s3cret") {
		t.Error(log)
	}
}
