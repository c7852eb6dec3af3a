//go:build integration && linux

package deploy

import (
	"bufio"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience bounds each wait of a test: far above what the thing takes on a busy machine, far below a hang.
const patience = 20 * time.Second

// process is a child process and what it has printed so far. It ends with the test that started it at the latest.
type process struct {
	name string
	cmd  *exec.Cmd
	done chan struct{} // closed when the process has ended

	mu    sync.Mutex
	lines []string
	more  chan struct{} // closed, and replaced, at each new line
}

func start(t *testing.T, name string, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{name: name, cmd: cmd, done: make(chan struct{}), more: make(chan struct{})}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = w, w
	// SIGTERM, since nginx and HAProxy have children of their own to end.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := cmd.Start(); err != nil {
		t.Fatalf("starting %s: %v", name, err)
	}
	w.Close()
	go p.collect(r)
	t.Cleanup(func() {
		p.end()
		if t.Failed() {
			t.Logf("the last lines of %s:\n%s", name, strings.Join(p.tail(40), "\n"))
		}
	})
	return p
}

func (p *process) collect(r *os.File) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	go func() {
		_ = p.cmd.Wait()
		close(p.done)
	}()
	defer r.Close()
	for lines.Scan() {
		p.mu.Lock()
		p.lines = append(p.lines, lines.Text())
		close(p.more)
		p.more = make(chan struct{})
		p.mu.Unlock()
	}
}

// waitLine waits for a line that matches, from the first one on, and returns its submatches.
func (p *process) waitLine(t *testing.T, re *regexp.Regexp) []string {
	t.Helper()
	late := time.After(patience)
	for i := 0; ; {
		p.mu.Lock()
		lines, more := p.lines, p.more
		p.mu.Unlock()
		for ; i < len(lines); i++ {
			if m := re.FindStringSubmatch(lines[i]); m != nil {
				return m
			}
		}
		select {
		case <-more:
		case <-p.done:
			t.Fatalf("%s has ended before a line like %q:\n%s", p.name, re, strings.Join(p.tail(40), "\n"))
		case <-late:
			t.Fatalf("%s: no line like %q in time:\n%s", p.name, re, strings.Join(p.tail(40), "\n"))
		}
	}
}

// end asks the process to end, and makes it when it does not; it returns the exit status.
func (p *process) end() int {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(patience):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
	return p.cmd.ProcessState.ExitCode()
}

func (p *process) tail(n int) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.lines[max(0, len(p.lines)-n):])
}
