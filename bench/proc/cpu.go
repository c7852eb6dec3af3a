package proc

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// CPU is the user and system time that a process and its descendants have had: the sum of their threads' times on a core, to the nanosecond.
// A thread that ended takes its time with it, so a process that ends threads is measured a little short; none of the servers does under load.
func CPU(pid int) (time.Duration, error) {
	var sum time.Duration
	for _, p := range Tree(pid) {
		threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", p))
		if err != nil || len(threads) == 0 {
			if p == pid {
				return 0, fmt.Errorf("process %d: %w", pid, errors.Join(os.ErrNotExist, err))
			}
			continue
		}
		for _, name := range threads {
			b, err := os.ReadFile(name)
			if err != nil {
				continue
			}
			first, _, _ := strings.Cut(string(b), " ")
			ns, err := strconv.ParseInt(first, 10, 64)
			if err != nil {
				return 0, fmt.Errorf("schedstat: %w", err)
			}
			sum += time.Duration(ns)
		}
	}
	return sum, nil
}
