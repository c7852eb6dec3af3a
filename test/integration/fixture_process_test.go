//go:build integration && linux

package integration

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
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
	done chan struct{} // closed when the process has ended and all its output is in lines

	mu    sync.Mutex
	lines []string
	more  chan struct{} // closed, and replaced, at each new line
	err   error         // of Wait, valid after done
}

// start runs a command whose output is kept line by line, stdout and stderr together unless stdout is given.
func start(t *testing.T, name string, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{name: name, cmd: cmd, done: make(chan struct{}), more: make(chan struct{})}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if cmd.Stdout == nil {
		cmd.Stdout = w
	}
	cmd.Stderr = w
	// Even a test binary that is killed or times out leaves no child behind.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatalf("starting %s: %v", name, err)
	}
	w.Close()
	go p.collect(r)
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("the last lines of %s:\n%s", name, p.tail(60))
		}
	})
	return p
}

func (p *process) collect(r *os.File) {
	defer r.Close()
	b := bufio.NewReaderSize(r, 64<<10)
	for {
		line, err := b.ReadString('\n')
		if line != "" {
			p.mu.Lock()
			p.lines = append(p.lines, strings.TrimRight(line, "\r\n"))
			close(p.more)
			p.more = make(chan struct{})
			p.mu.Unlock()
		}
		if err != nil {
			break
		}
	}
	err := p.cmd.Wait()
	p.mu.Lock()
	p.err = err
	p.mu.Unlock()
	close(p.done)
}

// waitLine waits for a line that matches, from the first one on, and returns its submatches.
func (p *process) waitLine(t *testing.T, re *regexp.Regexp) []string {
	t.Helper()
	m, err := p.findLine(re, patience)
	if err != nil {
		t.Fatalf("%s: waiting for a line like %q: %v\n%s", p.name, re, err, p.tail(60))
	}
	return m
}

func (p *process) findLine(re *regexp.Regexp, within time.Duration) ([]string, error) {
	late := time.After(within)
	for i := 0; ; {
		p.mu.Lock()
		lines, more := p.lines, p.more
		p.mu.Unlock()
		for ; i < len(lines); i++ {
			if m := re.FindStringSubmatch(lines[i]); m != nil {
				return m, nil
			}
		}
		select {
		case <-more:
		case <-p.done:
			p.mu.Lock()
			last := i == len(p.lines)
			p.mu.Unlock()
			if last {
				return nil, errors.New("it has ended")
			}
		case <-late:
			return nil, errors.New("it did not come in time")
		}
	}
}

// signal sends a signal to the process alone.
func (p *process) signal(t *testing.T, s os.Signal) {
	t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatalf("signalling %s: %v", p.name, err)
	}
}

// wait waits for the end of the process and returns its exit status: -1 when a signal ended it.
func (p *process) wait(t *testing.T) int {
	t.Helper()
	select {
	case <-p.done:
	case <-time.After(patience):
		t.Fatalf("%s has not ended after %v\n%s", p.name, patience, p.tail(60))
	}
	var exit *exec.ExitError
	if p.err != nil && !errors.As(p.err, &exit) && !errors.Is(p.err, io.ErrClosedPipe) {
		t.Fatalf("%s: %v", p.name, p.err)
	}
	return p.cmd.ProcessState.ExitCode()
}

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

func (p *process) kill() {
	if !p.ended() {
		_ = p.cmd.Process.Kill()
		<-p.done
	}
}

// output is everything printed so far.
func (p *process) output() string { return p.tail(1 << 30) }

func (p *process) tail(n int) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.lines[max(0, len(p.lines)-n):], "\n")
}
