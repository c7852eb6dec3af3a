package main

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"go-xmpp-bosh/proxy"
)

// systemd is the other end of NOTIFY_SOCKET.
type systemd struct {
	*net.UnixConn
	t *testing.T
}

func listenSystemd(t *testing.T, name string) systemd {
	t.Helper()
	c, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return systemd{c, t}
}

func (s systemd) want(text string) {
	s.t.Helper()
	if err := s.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		s.t.Fatal(err)
	}
	b := make([]byte, 1024)
	n, err := s.Read(b)
	if err != nil || string(b[:n]) != text {
		s.t.Fatalf("systemd is told %q, %v; want %q", b[:n], err, text)
	}
}

func getenv(pairs ...string) func(string) string {
	return func(name string) string {
		if i := slices.Index(pairs, name); i >= 0 {
			return pairs[i+1]
		}
		return ""
	}
}

func TestNotify(t *testing.T) {
	for kind, name := range map[string]string{"a path": filepath.Join(t.TempDir(), "notify"), "abstract": "@bosh-server-test-" + strconv.Itoa(os.Getpid())} {
		s := listenSystemd(t, name)
		n, err := newNotifier(getenv("NOTIFY_SOCKET", name))
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		n.say("READY=1", "STATUS=serving")
		s.want("READY=1\nSTATUS=serving")
		n.watch(t.Context(), nil) // there is no watchdog: it returns
	}
}

func TestNotifyWithoutSystemd(t *testing.T) {
	n, err := newNotifier(getenv())
	if err != nil {
		t.Fatal(err)
	}
	n.say("READY=1")
	n.watch(t.Context(), nil)
	if _, err := newNotifier(getenv("NOTIFY_SOCKET", filepath.Join(t.TempDir(), "none"))); err == nil {
		t.Error("a socket that is not there is no error")
	}
}

// TestWatchdog: a sign of life is a loop that has answered, and one that does not answer gives none.
func TestWatchdog(t *testing.T) {
	name := filepath.Join(t.TempDir(), "notify")
	s := listenSystemd(t, name)
	n, err := newNotifier(getenv("NOTIFY_SOCKET", name, "WATCHDOG_USEC", "20000", "WATCHDOG_PID", strconv.Itoa(os.Getpid())))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	asked, ended := 0, make(chan struct{})
	go func() {
		defer close(ended)
		n.watch(ctx, func(context.Context) error {
			switch asked++; asked {
			case 1, 2:
				return nil
			case 6:
				cancel()
			}
			return errors.New("no answer")
		})
	}()
	s.want("WATCHDOG=1")
	s.want("WATCHDOG=1")
	<-ended
	n.say("after")
	s.want("after")
}

func TestWatchdogOfAnotherProcess(t *testing.T) {
	name := filepath.Join(t.TempDir(), "notify")
	listenSystemd(t, name)
	n, err := newNotifier(getenv("NOTIFY_SOCKET", name, "WATCHDOG_USEC", "1000", "WATCHDOG_PID", "1"))
	if err != nil || n.watchdog != 0 {
		t.Errorf("%v, %v: the watchdog is another process's", n.watchdog, err)
	}
}

func TestInherit(t *testing.T) {
	pid := strconv.Itoa(os.Getpid())
	for _, test := range []struct {
		name          string
		env           []string
		certificates  bool
		n             int
		clear, secure []string
		wrong         bool
	}{
		{name: "none", clear: []string{"a"}},
		{name: "another process's", env: []string{"LISTEN_PID", "1", "LISTEN_FDS", "1"}, clear: []string{"a"}},
		{name: "one", env: []string{"LISTEN_PID", pid, "LISTEN_FDS", "1"}, n: 1, clear: []string{"fd/3"}},
		{name: "two", env: []string{"LISTEN_PID", pid, "LISTEN_FDS", "2", "LISTEN_FDNAMES", "http:http"}, n: 2, clear: []string{"fd/3", "fd/4"}},
		{
			name: "HTTPS", env: []string{"LISTEN_PID", pid, "LISTEN_FDS", "2", "LISTEN_FDNAMES", "https:http"}, certificates: true,
			n: 2, clear: []string{"fd/4"}, secure: []string{"fd/3"},
		},
		{name: "HTTPS without a certificate", env: []string{"LISTEN_PID", pid, "LISTEN_FDS", "1", "LISTEN_FDNAMES", "https"}, n: 1, clear: []string{"a"}, wrong: true},
	} {
		cfg := proxy.Config{Listen: []string{"a"}}
		if test.certificates {
			cfg.Certificates = new(proxy.Certificates)
		}
		n, err := inherit(&cfg, getenv(test.env...))
		if n != test.n || err != nil != test.wrong || !slices.Equal(cfg.Listen, test.clear) || !slices.Equal(cfg.ListenTLS, test.secure) {
			t.Errorf("%s: %d, %v, %v, %v", test.name, n, err, cfg.Listen, cfg.ListenTLS)
		}
	}
}
