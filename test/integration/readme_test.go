//go:build integration && linux

package integration

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestReadmeFlags: the README's table and --help name the same flags.
func TestReadmeFlags(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	flag := regexp.MustCompile("`--([a-z-]+)`")
	var documented []string
	for line := range strings.Lines(string(readme)) {
		if cell, _, ok := strings.Cut(strings.TrimPrefix(line, "|"), "|"); ok && strings.HasPrefix(line, "|") {
			for _, m := range flag.FindAllStringSubmatch(cell, -1) {
				documented = append(documented, m[1])
			}
		}
	}
	help := start(t, "bosh-server --help", exec.Command(serverBinary, "--help"))
	help.wait(t)
	real := []string{"help"} // which --help doesn't list
	for _, m := range regexp.MustCompile(`(?m)^\s+(?:-\w, )?--([a-z-]+)`).FindAllStringSubmatch(help.output(), -1) {
		real = append(real, m[1])
	}
	slices.Sort(documented)
	slices.Sort(real)
	if !slices.Equal(documented, real) {
		t.Errorf("the README's table has %v, --help has %v", documented, real)
	}
}
