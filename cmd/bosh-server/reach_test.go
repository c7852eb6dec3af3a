package main

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"go-xmpp-bosh/timer"
)

func TestReachSettings(t *testing.T) {
	for _, c := range []struct {
		args     []string
		all      bool
		networks string
		dns      string
		timeout  timer.Time
	}{
		{nil, false, "[]", "[]", 15 * timer.Second},
		{[]string{"--allow-private-backends", "--connect_timeout=5"}, true, "[]", "[]", 5 * timer.Second},
		{[]string{"--allow_private_backends=10.0.0.0/8", "--allow-private-backends=::1"}, false, "[10.0.0.0/8 ::1/128]", "[]", 15 * timer.Second},
		{[]string{"--dns=192.0.2.1", "--dns=[2001:db8::1]:5353"}, false, "[]", "[192.0.2.1:53 [2001:db8::1]:5353]", 15 * timer.Second},
	} {
		s, err := parse(t, c.args...)
		if err != nil {
			t.Errorf("%q: %v", c.args, err)
			continue
		}
		cfg, err := s.proxyConfig(slog.New(slog.DiscardHandler))
		if err != nil || cfg.AllowPrivateBackends != c.all || fmt.Sprint(cfg.PrivateNetworks) != c.networks || fmt.Sprint(cfg.DNS) != c.dns || cfg.ConnectTimeout != c.timeout {
			t.Errorf("%q: %v, %v, %v, %v, %v", c.args, err, cfg.AllowPrivateBackends, cfg.PrivateNetworks, cfg.DNS, cfg.ConnectTimeout)
		}
	}
}

func TestWrongReachSettings(t *testing.T) {
	for _, c := range []struct{ arg, want string }{
		{"--connect-timeout=0", "from 1 to 300"},
		{"--dns=dns.example", "want an address"},
		{"--dns=", "want an address"},
		{"--allow-private-backends=10.0.0.0/40", "want a network"},
		{"--allow-private-backends=", "want a network"},
	} {
		if _, err := parse(t, c.arg); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", c.arg, err, c.want)
		}
	}
	if _, err := parse(t, "--allow-private-backends", "--allow-private-backends=10.0.0.0/8"); err == nil {
		t.Error("all networks and one: which is it?")
	}
}
