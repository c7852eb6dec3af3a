//go:build integration && linux

package deploy

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// serverBinary is the bosh-server under test.
var serverBinary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "bosh-server-deploy-")
	if err == nil {
		serverBinary, err = serverUnderTest(dir)
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

// serverUnderTest is the binary that BOSH_SERVER names, else one built in dir, with the race detector if it can be.
func serverUnderTest(dir string) (string, error) {
	if given := os.Getenv("BOSH_SERVER"); given != "" {
		return filepath.Abs(given)
	}
	args := []string{"build", "-o", filepath.Join(dir, "bosh-server")}
	if cgo, err := exec.Command("go", "env", "CGO_ENABLED").Output(); err == nil && strings.TrimSpace(string(cgo)) == "1" {
		args = append(args, "-race")
	}
	build := exec.Command("go", append(args, "./cmd/bosh-server")...)
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building bosh-server: %w\n%s", err, out)
	}
	return filepath.Join(dir, "bosh-server"), nil
}

// root is the project's, from here.
var root = filepath.Join("..", "..")

// need ends a test for want of a program: skipped where nobody could install it, failed where test/install.sh can.
func need(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err == nil {
		return
	}
	if _, err := exec.LookPath("apt-get"); err == nil && os.Getuid() == 0 {
		t.Fatalf("%s is missing: run test/install.sh", name)
	}
	t.Skipf("%s is missing, and can't be installed here: that takes root and apt-get (see test/install.sh)", name)
}
