package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"go-xmpp-bosh/bench/report"
)

// build builds the command as a user would.
func build(to string) error {
	cmd := exec.Command("go", "build", "-o", to, "go-xmpp-bosh/cmd/bosh-server")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building bosh-server: %w\n%s", err, out)
	}
	return nil
}

func newReport(o *options) *report.Report {
	return &report.Report{
		Date: time.Now().UTC().Truncate(time.Second), Commit: commit(), Command: command(os.Args[1:]), Quick: o.quick, Part: o.part, Message: o.message,
		Machine: report.Machine{CPU: cpuModel(), Cores: runtime.NumCPU(), Memory: memoryBytes(), Kernel: kernel(), Go: runtime.Version()},
	}
}

// command is how to do it again, without folders of this machine.
func command(args []string) string {
	words := []string{"go run ./bench"}
	for _, a := range args {
		if name, value, ok := strings.Cut(a, "="); ok && strings.Contains(value, "/") {
			a = name + "=…"
		}
		words = append(words, a)
	}
	return strings.Join(words, " ")
}

// commit is the one that was measured, with "+" when the tree has changes.
func commit() string {
	id, err := exec.Command("git", "rev-parse", "--short=12", "HEAD").Output()
	if err != nil {
		return "unknown"
	}
	changed, err := exec.Command("git", "status", "--porcelain", "--untracked-files=no").Output()
	if err == nil && len(bytes.TrimSpace(changed)) > 0 {
		return strings.TrimSpace(string(id)) + "+"
	}
	return strings.TrimSpace(string(id))
}

func cpuModel() string {
	b, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown"
	}
	for lines := bufio.NewScanner(bytes.NewReader(b)); lines.Scan(); {
		if name, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

func memoryBytes() int64 {
	var info unix.Sysinfo_t
	if err := unix.Sysinfo(&info); err != nil {
		return 0
	}
	return int64(info.Totalram) * int64(info.Unit)
}

// kernel is its version, without what a distributor has added.
func kernel() string {
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return "unknown"
	}
	release, _, _ := strings.Cut(unix.ByteSliceToString(u.Release[:]), "-")
	return "Linux " + release
}

// progress is the line that says what goes on.
type progress struct {
	w     interface{ Write([]byte) (int, error) }
	began time.Time
}

func (p *progress) say(what string) {
	s := strconv.Itoa(int(time.Since(p.began).Seconds()))
	fmt.Fprintln(p.w, "["+strings.Repeat(" ", max(0, 3-len(s)))+s+" s] "+what)
}
