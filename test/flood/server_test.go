package flood

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go-xmpp-bosh/test/parts"
)

// patience bounds each wait; none is ever expected to take that long.
const patience = 60 * time.Second

// binary is the command under test.
var binary string

func TestMain(m *testing.M) {
	parts.Main(m, func(dir string) (err error) {
		binary, err = parts.Build(dir, "./cmd/bosh-server")
		return err
	})
}

// server is the command at work.
type server struct {
	cmd   *exec.Cmd
	addr  string
	admin string
	done  chan struct{} // closed when it has ended, and its log is read

	mu    sync.Mutex
	lines []string
}

var (
	listeningAt = regexp.MustCompile(`msg=listening .*address="?http://([^/\s"]+)`)
	adminAt     = regexp.MustCompile(`address="?(http://127\.0\.0\.1:\d+)"?\s*$`)
)

// startServer runs it in front of an XMPP server, with at most so many file descriptors (0: as many as there are).
func startServer(t *testing.T, x *xmpp, descriptors int, args ...string) *server {
	t.Helper()
	args = append([]string{"--host=127.0.0.1", "--port=0", "--admin=0", "--backend=*=" + x.addr}, args...)
	cmd := exec.Command(binary, args...)
	if descriptors > 0 {
		cmd = exec.Command("sh", append([]string{"-c", `ulimit -n "$0" && exec "$@"`, strconv.Itoa(descriptors), binary}, args...)...)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	r, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s := &server{cmd: cmd, done: make(chan struct{})}
	ready := make(chan struct{})
	go s.collect(r, ready)
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-s.done
		if t.Failed() {
			t.Logf("the log:\n%s", strings.Join(s.log(), "\n"))
		}
	})
	select {
	case <-ready:
	case <-s.done:
		t.Fatal("the server has ended")
	case <-time.After(patience):
		t.Fatal("the server does not start")
	}
	return s
}

// collect reads the log; ready is closed once it is known where the server listens.
func (s *server) collect(r io.Reader, ready chan struct{}) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		s.mu.Lock()
		s.lines = append(s.lines, lines.Text())
		s.mu.Unlock()
		known := s.addr != "" && s.admin != ""
		if m := listeningAt.FindStringSubmatch(lines.Text()); m != nil {
			s.addr = m[1]
		} else if m := adminAt.FindStringSubmatch(lines.Text()); m != nil {
			s.admin = m[1]
		}
		if !known && s.addr != "" && s.admin != "" {
			close(ready)
		}
	}
	_ = s.cmd.Wait()
	close(s.done)
}

func (s *server) log() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.lines...)
}

// end asks it to end, and wants it to say that all is well.
func (s *server) end(t *testing.T) {
	t.Helper()
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.done:
	case <-time.After(patience):
		t.Fatal("the server does not end")
	}
	if code := s.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("the server has ended with %d", code)
	}
}

var limitHits = regexp.MustCompile(`(?m)^bosh_server_limit_hits_total\{limit="([^"]+)"\} (\d+)`)

// hits are the limits that were hit, and how often.
func (s *server) hits(ctx context.Context) (map[string]int, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.admin+"/metrics", http.NoBody)
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	found := map[string]int{}
	for _, m := range limitHits.FindAllSubmatch(text, -1) {
		if n, _ := strconv.Atoi(string(m[2])); n > 0 {
			found[string(m[1])] = n
		}
	}
	return found, err
}

// awaitHits waits until each of some limits was hit.
func (s *server) awaitHits(t *testing.T, limits ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		hits, err := s.hits(ctx)
		missing := ""
		for _, l := range limits {
			if hits[l] == 0 {
				missing += " " + l
			}
		}
		if err == nil && missing == "" {
			t.Logf("limits hit: %v", hits)
			return
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			t.Fatalf("not hit:%s; hit: %v; %v", missing, hits, err)
		}
	}
}
