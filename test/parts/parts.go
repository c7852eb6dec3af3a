package parts

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Root is the project's folder, from that of a package of tests.
var Root = filepath.Join("..", "..")

// Main is for a TestMain: it runs the tests behind prepare, to which it gives a folder that is there as long as they run.
func Main(m *testing.M, prepare func(dir string) error) {
	dir, err := os.MkdirTemp("", "bosh-server-tests-")
	if err == nil {
		err = prepare(dir)
	}
	code := 1
	if err == nil {
		code = m.Run()
	} else {
		fmt.Fprintln(os.Stderr, err)
	}
	os.RemoveAll(dir)
	os.Exit(code)
}

// Server is the binary under test: that which BOSH_SERVER names, else one built in dir, with the race detector if it can be.
func Server(dir string) (string, error) {
	if given := os.Getenv("BOSH_SERVER"); given != "" {
		return filepath.Abs(given)
	}
	var flags []string
	if cgo, err := exec.Command("go", "env", "CGO_ENABLED").Output(); err == nil && strings.TrimSpace(string(cgo)) == "1" {
		flags = append(flags, "-race")
	}
	return Build(dir, "./cmd/bosh-server", flags...)
}

// Build builds a command of the project's in dir, and gives its path.
func Build(dir, command string, flags ...string) (string, error) {
	out := filepath.Join(dir, filepath.Base(command))
	build := exec.Command("go", append(append([]string{"build", "-o", out}, flags...), command)...)
	build.Dir = Root
	if said, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building %s: %w\n%s", command, err, said)
	}
	return out, nil
}

// Has reports whether there is such a program.
func Has(program string) bool {
	_, err := exec.LookPath(program)
	return err == nil
}

// Need ends a test for want of a part: skipped where nobody could install it, failed where test/install.sh can.
func Need(t *testing.T, have bool, what string) {
	t.Helper()
	if have {
		return
	}
	if Has("apt-get") && os.Getuid() == 0 {
		t.Fatalf("%s is missing: run test/install.sh", what)
	}
	t.Skipf("%s is missing, and can't be installed here: that takes root and apt-get (see test/install.sh)", what)
}

// NeedProgram is Need of a program.
func NeedProgram(t *testing.T, name string) {
	t.Helper()
	Need(t, Has(name), name)
}
