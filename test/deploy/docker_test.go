//go:build integration && linux

package deploy

import (
	"debug/elf"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go-xmpp-bosh/test/parts"
)

// instruction is one of the shipped Dockerfile.
type instruction struct{ name, args string }

func dockerfile(t *testing.T) (list []instruction) {
	t.Helper()
	for line := range strings.Lines(ship(t, "docker/Dockerfile")) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		name, args, _ := strings.Cut(line, " ")
		list = append(list, instruction{name, args})
	}
	return list
}

// find is the arguments of the last instruction of that name that begin so.
func find(t *testing.T, list []instruction, name, begin string) string {
	t.Helper()
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].name == name && strings.HasPrefix(list[i].args, begin) {
			return list[i].args
		}
	}
	t.Fatalf("the Dockerfile has no %s %s", name, begin)
	return ""
}

// command reads a command in the form of a JSON list.
func command(t *testing.T, text string) (list []string) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return list
}

// TestDockerfile does without docker what can be done: it builds as the Dockerfile builds, looks whether the binary needs anything beside
// it, and runs entry point and health check.
func TestDockerfile(t *testing.T) {
	t.Parallel()
	list := dockerfile(t)
	dir := t.TempDir()
	binary := filepath.Join(dir, "bosh-server")

	if user := find(t, list, "USER", ""); !regexp.MustCompile(`^[1-9]\d*:[1-9]\d*$`).MatchString(user) {
		t.Errorf("USER %s: want numbers, and not root's", user)
	}
	line := find(t, list, "RUN", "go build")
	build := exec.Command("sh", "-c", strings.Replace(line, "-o /bosh-server", "-o "+binary, 1))
	build.Dir = parts.Root
	build.Env = append(build.Environ(), find(t, list, "ENV", "CGO_ENABLED="), "VERSION=1.2.3")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", line, err, out)
	}
	f, err := elf.Open(binary)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			t.Error("the binary is not static")
		}
	}
	if out, err := exec.Command(binary, "--version").Output(); err != nil || !strings.HasPrefix(string(out), "bosh-server 1.2.3 (") {
		t.Errorf("--version: %q, %v", out, err)
	}

	entry := command(t, find(t, list, "ENTRYPOINT", ""))
	check := find(t, list, "HEALTHCHECK", "")
	health := command(t, check[strings.Index(check, "CMD ")+len("CMD "):])
	if entry[0] != "/bosh-server" || health[0] != entry[0] {
		t.Fatalf("%q and %q: want /bosh-server", entry, health)
	}
	admin := freeAddress(t)
	here := strings.NewReplacer("127.0.0.1:9280", admin)
	args := append(entry[1:], "--host=127.0.0.1", "--port=0", "--demo")
	for i := range args {
		args[i] = here.Replace(args[i])
	}
	ask := exec.Command(binary, here.Replace(health[1]))
	ask.Env = []string{}
	p := start(t, "bosh-server", &exec.Cmd{Path: binary, Args: append([]string{binary}, args...), Env: []string{}, Dir: dir})
	p.waitLine(t, listeningLine)
	if out, err := ask.CombinedOutput(); err != nil {
		t.Errorf("the health check fails: %v\n%s", err, out)
	}
	p.end()
	if err := exec.Command(binary, here.Replace(health[1])).Run(); err == nil {
		t.Error("the health check does not notice that nobody is there")
	}
}

var flagName = regexp.MustCompile(`(?:^|[\s"'\x60(\[])--([a-z][a-z-]+)`)

// TestFlagsExist: what deploy/ and the guide say of flags is true of this binary.
func TestFlagsExist(t *testing.T) {
	t.Parallel()
	help, err := exec.Command(serverBinary, "--help").Output()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, m := range flagName.FindAllStringSubmatch(string(help), -1) {
		known[m[1]] = true
	}
	others := map[string]bool{"now": true, "build-arg": true, "rm": true, "ulimit": true, "read-only": true, "cap-drop": true, "check": true} // of systemctl, docker and sha256sum
	files, err := filepath.Glob(filepath.Join(parts.Root, "deploy", "*", "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("nothing in deploy/: %v", err)
	}
	for _, name := range append(files, filepath.Join(parts.Root, "docs", "deploying.md")) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Base(name) == "Dockerfile" { // its instructions have flags too
			text = regexp.MustCompile(`(?m)^(COPY|HEALTHCHECK) --.*?( CMD|$)`).ReplaceAll(text, []byte("$2"))
		}
		for _, m := range flagName.FindAllStringSubmatch(string(text), -1) {
			if !known[m[1]] && !others[m[1]] {
				t.Errorf("%s names --%s, which there is not", name, m[1])
			}
		}
	}
}
