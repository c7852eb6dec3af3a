package boshserver_test

import (
	"os"
	"os/exec"
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

const importer = `package main

import "go-xmpp-bosh/boshserver"

func main() {
	if _, err := boshserver.New(boshserver.Config{Listen: []string{"127.0.0.1:0"}}); err != nil {
		panic(err)
	}
}
`

// What the guide says to do makes another module's program build.
func TestImport(t *testing.T) {
	guide, err := os.ReadFile("../docs/embedding.md")
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"main.go": importer, "go.mod": "module example.org/chat\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	commands := regexp.MustCompile(`(?m)^    go (.*)$`).FindAllStringSubmatch(string(guide), -1)
	if len(commands) != 2 {
		t.Fatalf("%d commands in the guide", len(commands))
	}
	for _, c := range append(commands, []string{"", "vet ."}) {
		cmd := exec.Command("go", strings.Fields(strings.Replace(c[1], "../bosh-server", root, 1))...)
		cmd.Dir = dir
		cmd.Env = append(cmd.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", cmd, err, out)
		}
	}
}
