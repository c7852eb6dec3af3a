package main

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"go-xmpp-bosh/proxy"
	"go-xmpp-bosh/timer"
)

func parse(t *testing.T, args ...string) (*settings, error) {
	t.Helper()
	return parseSettings(args, nil, io.Discard)
}

func TestFlagSpellings(t *testing.T) {
	for _, args := range [][]string{
		{"--max-data-held=5000"},
		{"--max_data_held=5000"},
		{"--max-data-held", "5000"},
		{"--max_data_held", "5000"},
	} {
		s, err := parse(t, args...)
		if err != nil {
			t.Fatalf("%q: %v", args, err)
		}
		if s.maxDataHeld != 5000 {
			t.Fatalf("%q: max-data-held is %d", args, s.maxDataHeld)
		}
	}
}

func TestDefaults(t *testing.T) {
	s, err := parse(t)
	if err != nil {
		t.Fatal(err)
	}
	if s.path != "/http-bind/" || s.log.level != slog.LevelInfo || s.maxDataHeld != 100_000 || s.maxStanzaSize != 500_000 {
		t.Fatalf("defaults: %+v", s)
	}
	if got := s.addresses(s.port); !slices.Equal(got, []string{"0.0.0.0:5280"}) {
		t.Fatalf("addresses: %q", got)
	}
}

// The demo takes any password: it listens on this machine only, unless told otherwise.
func TestAddresses(t *testing.T) {
	for _, c := range []struct {
		args []string
		want []string
	}{
		{[]string{"--demo"}, []string{"127.0.0.1:5280", "[::1]:5280"}},
		{[]string{"--demo", "--host=0.0.0.0", "--port=1"}, []string{"0.0.0.0:1"}},
		{[]string{"--host=::", "--port=80"}, []string{"[::]:80"}},
		{[]string{"--host=[::1]"}, []string{"[::1]:5280"}},
	} {
		s, err := parse(t, c.args...)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.addresses(s.port); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.args, got, c.want)
		}
	}
}

// decisions.md 45: the value of --backend-insecure is only ever given with "=".
func TestBackendInsecure(t *testing.T) {
	s, err := parse(t, "--backend-insecure=example.org", "--backend-insecure=b.example")
	if err != nil || !slices.Equal(s.backendInsecure, []string{"example.org", "b.example"}) {
		t.Fatalf("%q, %v", s.backendInsecure, err)
	}
	s, err = parse(t, "--backend-insecure", "--demo")
	if err != nil || !slices.Equal(s.backendInsecure, []string{everyDomain}) || !s.demo {
		t.Fatalf("%q, %v", s.backendInsecure, err)
	}
	if _, err = parse(t, "--backend-insecure", "example.org"); err == nil {
		t.Fatal("a value after a space was taken")
	}
}

func TestWrongSettingsSayWhatToDo(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--port=65536"}, "0 (a free one) to 65535"},
		{[]string{"--port=-1"}, "0 (a free one) to 65535"},
		{[]string{"--port=x"}, "invalid argument"},
		{[]string{"--path=http-bind"}, "starts with a slash"},
		{[]string{"--path=/a?b"}, "path alone"},
		{[]string{"--max-data-held=0"}, "from 1024"},
		{[]string{"--max-xmpp-stanza-size=-5"}, "from 1024"},
		{[]string{"--logging=LOUD"}, "one of ALL"},
		{[]string{"--demo-password=x"}, "give --demo too"},
		{[]string{"--demo", "--demo-password="}, "leave it out"},
		{[]string{"--max-wait=0"}, "from 1 to"},
		{[]string{"--window_size=256"}, "from 1 to 255"},
		{[]string{"--max-inactivity=10"}, "from 70 to"},
		{[]string{"--max-streams-per-session=0"}, "from 1 to 64"},
		{[]string{"--nonsense"}, "unknown flag"},
		{[]string{"word"}, "unexpected argument"},
	} {
		if _, err := parse(t, c.args...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: error %v, want one with %q", c.args, err, c.want)
		}
	}
}

func TestSessionSettings(t *testing.T) {
	s, err := parse(t, "--max_wait=20", "--max_bosh_connections=3", "--window_size=5", "--default_inactivity=30", "--max_inactivity=40",
		"--max-pause=0", "--polling=0", "--features-delay=250", "--max_streams_per_session=1", "--pidgin_compatible")
	if err != nil {
		t.Fatal(err)
	}
	want := proxy.DefaultSessions()
	want.WaitMax, want.HoldMax, want.WindowSize = 20*timer.Second, 3, 5
	want.InactivityDefault, want.InactivityMax = 30*timer.Second, 40*timer.Second
	want.PauseMax, want.Polling, want.FeaturesDelay = 0, 0, 250
	want.StreamsMax, want.PidginCompatible = 1, true
	if got := *s.sessions.config(); got != want {
		t.Fatalf("%+v, want %+v", got, want)
	}
	s, err = parse(t)
	if got := *s.sessions.config(); err != nil || got != proxy.DefaultSessions() {
		t.Fatalf("the defaults: %+v, %v", got, err)
	}
}

func TestHelpNamesEveryFlagAndItsMeaning(t *testing.T) {
	var out bytes.Buffer
	if _, err := parseSettings([]string{"--help"}, nil, &out); !errors.Is(err, pflag.ErrHelp) {
		t.Fatal(err)
	}
	for _, name := range []string{
		"host", "port", "path", "logging", "backend", "backend-insecure", "allow-private-backends", "max-data-held",
		"max-xmpp-stanza-size", "demo", "demo-password", "version",
	} {
		if !strings.Contains(out.String(), "--"+name) {
			t.Errorf("--help does not name --%s", name)
		}
	}
}

func TestExitCodes(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, taken, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want int
	}{
		{[]string{"--help"}, exitOK},
		{[]string{"--version"}, exitOK},
		{[]string{"--port=70000"}, exitSetting},
		{[]string{"--backend=nonsense"}, exitSetting},
		{[]string{"--backend-insecure=non sense"}, exitSetting},
		{[]string{"--host=127.0.0.1", "--port=" + taken, "--logging=OFF"}, exitFailed},
	} {
		var out, errs bytes.Buffer
		if got := run(c.args, &out, &errs); got != c.want {
			t.Errorf("%q: exit %d, want %d; %s", c.args, got, c.want, errs.String())
		} else if got != exitOK && errs.Len() == 0 {
			t.Errorf("%q: not a word about it", c.args)
		}
	}
}

func TestLevelNames(t *testing.T) {
	var out bytes.Buffer
	log := newLogger(&out, levelTrace, formatText)
	log.Log(t.Context(), levelTrace, "a")
	log.Log(t.Context(), levelFatal, "b")
	for _, want := range []string{"level=TRACE msg=a", "level=FATAL msg=b"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in %q", want, out.String())
		}
	}
	for _, name := range []string{"ALL", "trace", "Debug", "INFO", "WARN", "ERROR", "FATAL", "OFF"} {
		if _, err := parseLevel(name); err != nil {
			t.Error(err)
		}
	}
}
