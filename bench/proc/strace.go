package proc

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// ErrNoTracer says that strace isn't installed.
var ErrNoTracer = errors.New("strace is not installed")

// SystemCalls counts those of a process and its descendants for a while. Meanwhile it is several times as slow.
func SystemCalls(pid int, while time.Duration) (map[string]int, error) {
	if _, err := exec.LookPath("strace"); err != nil {
		return nil, ErrNoTracer
	}
	args := []string{"-c", "-f"}
	for _, p := range Tree(pid) {
		args = append(args, "-p", strconv.Itoa(p))
	}
	cmd := exec.Command("strace", args...)
	var summary bytes.Buffer
	cmd.Stderr = &summary
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("strace: %w", err)
	}
	time.Sleep(while)
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		return nil, fmt.Errorf("strace: %w", err)
	}
	cmd.Wait() //nolint:errcheck // ended by the signal, it says so
	return parseSummary(summary.Bytes()), nil
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
