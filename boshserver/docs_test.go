package boshserver_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var goBlock = regexp.MustCompile("(?s)```go\n(.*?)```")

// The guide shows no code that is not in an example, which is compiled and run.
func TestGuide(t *testing.T) {
	names, err := filepath.Glob("example*_test.go")
	if err != nil || len(names) < 4 {
		t.Fatalf("%v, %v", names, err)
	}
	var examples strings.Builder
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		examples.Write(b)
	}
	guide, err := os.ReadFile("../docs/embedding.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := goBlock.FindAllStringSubmatch(string(guide), -1)
	if len(blocks) < 4 {
		t.Fatalf("only %d blocks of code", len(blocks))
	}
	for _, b := range blocks {
		if !strings.Contains(examples.String(), b[1]) {
			t.Errorf("not in an example:\n%s", b[1])
		}
	}
}
