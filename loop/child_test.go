package loop

import (
	"os"
	"os/exec"
	"testing"

	"golang.org/x/sys/unix"
)

// descriptorsOfChild is few enough to be used up at once.
const descriptorsOfChild = 40

// inChild runs the calling test in a process of its own that may have but a few descriptors, and is true there.
func inChild(t *testing.T) bool {
	t.Helper()
	const mark = "LOOP_TEST_CHILD"
	if os.Getenv(mark) == t.Name() {
		if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: descriptorsOfChild, Max: descriptorsOfChild}); err != nil {
			t.Fatal(err)
		}
		return true
	}
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.timeout=60s")
	cmd.Env = append(os.Environ(), mark+"="+t.Name())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	return false
}
