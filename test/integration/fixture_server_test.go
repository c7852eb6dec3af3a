//go:build integration && linux

package integration

import (
	"net/url"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// server is a running bosh-server.
type server struct {
	*process
	url  string // of the BOSH endpoint
	addr string // host:port
	path string
}

var listeningLine = regexp.MustCompile(`msg=listening .*?address="?(http://[^\s"]+)`)

// startServer starts bosh-server on a free port of 127.0.0.1 and stops it at the end of the test, which fails
// if it does not exit 0 then, or has printed what no run may print.
func startServer(t *testing.T, args ...string) *server {
	t.Helper()
	return startServerEnv(t, nil, args...)
}

func startServerEnv(t *testing.T, env []string, args ...string) *server {
	t.Helper()
	if !strings.Contains(strings.Join(args, " "), "--host=") {
		args = append([]string{"--host=127.0.0.1"}, args...)
	}
	return startServerAsIs(t, env, append([]string{"--port=0"}, args...)...)
}

func startServerAsIs(t *testing.T, env []string, args ...string) *server {
	t.Helper()
	cmd := exec.Command(serverBinary, args...)
	cmd.Env = append(cmd.Environ(), env...)
	s := &server{process: start(t, "bosh-server", cmd)}
	t.Cleanup(func() { s.stop(t) })
	s.url = s.waitLine(t, listeningLine)[1]
	u, err := url.Parse(s.url)
	if err != nil {
		t.Fatalf("the listening line names no URL: %v", err)
	}
	s.addr, s.path = u.Host, u.Path
	return s
}

// stop ends the server as an operator does, and holds it to a clean end.
func (s *server) stop(t *testing.T) {
	t.Helper()
	if !s.ended() {
		s.signal(t, syscall.SIGTERM)
	}
	if code := s.wait(t); code != 0 {
		t.Errorf("bosh-server exited with %d, want 0", code)
	}
	out := s.output()
	for _, bad := range []string{"panic:", "fatal error:", "DATA RACE", "\ngoroutine "} {
		if strings.Contains(out, bad) {
			t.Errorf("bosh-server printed %q:\n%s", bad, out)
			break
		}
	}
}
