package proc

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// ErrNoTracer says that strace isn't installed.
var ErrNoTracer = errors.New("strace is not installed")

// Tracer counts the system calls of a process and its descendants from StartTracer to Stop. Meanwhile they are several times as slow.
type Tracer struct {
	cmd     *exec.Cmd
	summary chan []byte
}

// StartTracer returns when the tracer is attached.
func StartTracer(pid int) (*Tracer, error) {
	if _, err := exec.LookPath("strace"); err != nil {
		return nil, ErrNoTracer
	}
	args := []string{"-c", "-f"}
	tree := Tree(pid)
	for _, p := range tree {
		args = append(args, "-p", strconv.Itoa(p))
	}
	t := &Tracer{exec.Command("strace", args...), make(chan []byte, 1)}
	out, err := t.cmd.StderrPipe()
	if err != nil {
		return nil, fmt.Errorf("strace: %w", err)
	}
	if err := t.cmd.Start(); err != nil {
		return nil, fmt.Errorf("strace: %w", err)
	}
	attached := make(chan struct{})
	go t.listen(out, len(tree), attached)
	select {
	case <-attached:
		return t, nil
	case b := <-t.summary:
		t.cmd.Wait() //nolint:errcheck // what it said is more than its exit code
		return nil, fmt.Errorf("strace: %s", bytes.TrimSpace(b))
	}
}

// listen reads what strace says: a line for each process that it attaches to, and in the end the table.
func (t *Tracer) listen(out io.Reader, processes int, attached chan<- struct{}) {
	var all []byte
	for lines := bufio.NewScanner(out); lines.Scan(); {
		all = append(append(all, lines.Bytes()...), '\n')
		if bytes.Contains(lines.Bytes(), []byte(" attached")) {
			if processes--; processes == 0 {
				close(attached)
			}
		}
	}
	t.summary <- all
}

// Stop ends the tracing and returns the calls by name.
func (t *Tracer) Stop() (map[string]int, error) {
	if err := t.cmd.Process.Signal(os.Interrupt); err != nil {
		return nil, fmt.Errorf("strace: %w", err)
	}
	b := <-t.summary
	t.cmd.Wait() //nolint:errcheck // ended by the signal, it says so
	return parseSummary(b), nil
}

// parseSummary reads strace's table: "% time, seconds, usecs/call, calls, errors (often absent), syscall".
func parseSummary(b []byte) map[string]int {
	calls := map[string]int{}
	for lines := bufio.NewScanner(bytes.NewReader(b)); lines.Scan(); {
		f := strings.Fields(lines.Text())
		if len(f) < 5 || f[len(f)-1] == "total" {
			continue
		}
		if _, err := strconv.ParseFloat(f[0], 64); err != nil {
			continue
		}
		if n, err := strconv.Atoi(f[3]); err == nil {
			calls[f[len(f)-1]] = n
		}
	}
	return calls
}
