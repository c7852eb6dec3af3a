package proc

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"
)

// child is a process that lives until the test ends.
func child(t *testing.T, args ...string) int {
	t.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		cmd.Wait() //nolint:errcheck // how it ends doesn't matter
	})
	// It has started when it answers.
	if _, err := io.WriteString(in, "x\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	return cmd.Process.Pid
}

func TestTree(t *testing.T) {
	pid := child(t, "cat")
	if tree := Tree(os.Getpid()); tree[0] != os.Getpid() || !slices.Contains(tree, pid) {
		t.Errorf("%v has no %d", tree, pid)
	}
}

func TestCPUGrows(t *testing.T) {
	before, err := CPU(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	after := before
	for until := time.Now().Add(10 * time.Second); after < before+time.Millisecond && time.Now().Before(until); {
		if after, err = CPU(os.Getpid()); err != nil {
			t.Fatal(err)
		}
	}
	if after < before+time.Millisecond {
		t.Errorf("%v, then %v", before, after)
	}
	if _, err := CPU(1 << 30); err == nil {
		t.Error("a process that isn't there has CPU time")
	}
}

func TestMemory(t *testing.T) {
	m, err := MemoryOf(child(t, "cat"))
	if err != nil {
		t.Fatal(err)
	}
	if m.Resident <= 0 || m.Proportional <= 0 || m.Proportional > m.Resident || m.Anonymous > m.Resident {
		t.Errorf("%+v", m)
	}
	if k, err := KernelMemory(); err != nil || k.Slab <= 0 {
		t.Errorf("%+v, %v", k, err)
	}
}

func TestSockstat(t *testing.T) {
	inUse, held := sockstat([]byte("sockets: used 9\nTCP: inuse 5 orphan 0 tw 3 alloc 7 mem 2\nUDP: inuse 8 mem 1\n"))
	if inUse != 5 || held != 2*int64(os.Getpagesize()) {
		t.Errorf("%d in use, %d bytes", inUse, held)
	}
}

const trace = `starting
gc 1 @0.011s 4%: 0.12+1.0+0.50 ms clock, 0.2+0.3/0.9/0.1+0.02 ms cpu, 4->4->0 MB, 4 MB goal, 0 MB stacks, 0 MB globals, 2 P
gc 2 @0.027s 5%: 0.010+0.53+0.003 ms clock, 0.02+0.1/0.5/0+0.006 ms cpu, 4->4->1 MB, 4 MB goal, 0 MB stacks, 0 MB globals, 2 P
goroutine 1 [running]:
main.main()
goroutine 18 [select, 2 minutes]:
`

func TestCollections(t *testing.T) {
	var c Collections
	for _, b := range []byte(trace) {
		if n, err := c.Write([]byte{b}); n != 1 || err != nil {
			t.Fatal(n, err)
		}
	}
	if s := c.Take(); s.Cycles != 2 || s.Longest != 500*time.Microsecond || s.Total != 633*time.Microsecond {
		t.Errorf("%+v", s)
	}
	if s := c.Take(); s.Cycles != 0 {
		t.Errorf("taken twice: %+v", s)
	}
	if c.Goroutines() != 2 || !bytes.Contains([]byte(c.Said()), []byte("starting")) {
		t.Errorf("%d goroutines; %q", c.Goroutines(), c.Said())
	}
}

func TestStraceSummary(t *testing.T) {
	calls := parseSummary([]byte(`strace: Process 5 attached
% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 60.00    0.000030           3        10           read
 40.00    0.000020           2         9         4 epoll_pwait
------ ----------- ----------- --------- --------- ----------------
100.00    0.000050           2        19         4 total
`))
	if len(calls) != 2 || calls["read"] != 10 || calls["epoll_pwait"] != 9 {
		t.Errorf("%v", calls)
	}
}
