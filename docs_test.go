package gobosh_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

var update = flag.Bool("update", false, "write the options of docs/bosh-server.1")

const (
	readmeLinesMax = 120
	manual         = "docs/bosh-server.1"
	optionsBegin   = ".\\\" The options are made of --help: go test . -run Manual -update\n"
	optionsEnd     = ".\\\" The end of the options.\n"
)

// help is what the command says of itself.
var help = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "bosh-server-docs-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, "bosh-server")
	if out, err := exec.Command("go", "build", "-o", binary, "./cmd/bosh-server").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	out, err := exec.Command(binary, "--help").Output()
	return string(out), err
})

var helpFlag = regexp.MustCompile(`(?m)^ +--([a-z0-9-]+)`)

// knownFlags are those that --help names.
func knownFlags(t *testing.T) map[string]bool {
	t.Helper()
	text, err := help()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, m := range helpFlag.FindAllStringSubmatch(text, -1) {
		known[m[1]] = true
	}
	if len(known) < 50 {
		t.Fatalf("only %d flags in --help", len(known))
	}
	return known
}

// documents are the texts for people, by their paths.
func documents(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	err := walk(func(name string) {
		if path.Ext(name) != ".md" && name != manual || strings.Contains(name, "testdata/") || strings.HasPrefix(name, "bench/results/") {
			return
		}
		b, err := os.ReadFile(filepath.FromSlash(name))
		if err != nil {
			t.Error(err)
		}
		texts[name] = string(b)
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(texts) < 10 {
		t.Fatalf("only %d documents found", len(texts))
	}
	return texts
}

// exists reports whether a file or folder of the repository has that path, which may be a pattern.
func exists(name string) bool {
	found, err := filepath.Glob(filepath.FromSlash(name))
	return err == nil && len(found) > 0
}

var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// TestLinks: what a document links to is there; other sites aren't asked.
func TestLinks(t *testing.T) {
	for name, text := range documents(t) {
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			file := name
			if target != "" {
				file = path.Join(path.Dir(name), target)
			}
			switch {
			case !exists(file):
				t.Errorf("%s: a link to %s, which is not there", name, m[1])
			case anchor != "" && !slices.Contains(anchors(t, file), anchor):
				t.Errorf("%s: a link to %s, which has no such heading", name, m[1])
			}
		}
	}
}

var (
	heading   = regexp.MustCompile(`(?m)^#+ (.*)$`)
	notAnchor = regexp.MustCompile(`[^a-z0-9 _-]`)
)

// anchors are the names of a document's headings in links.
func anchors(t *testing.T, name string) (list []string) {
	t.Helper()
	b, err := os.ReadFile(filepath.FromSlash(name))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range heading.FindAllStringSubmatch(string(b), -1) {
		list = append(list, strings.ReplaceAll(notAnchor.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-"))
	}
	return list
}

var (
	anyFlag   = regexp.MustCompile("(^|[\\s`(\\[|])--([a-z][a-z0-9-]*)")
	otherTool = regexp.MustCompile(`(?m)^.*(\./bench|\bmake\b.*BENCHFLAGS|--ulimit|\bdocker\b|\bcurl\b|\bnpm\b|\bprosodyctl\b|\bkubectl\b|\bsystemctl\b|\binstall\.sh\b|\bsha256sum\b|\bgit\b).*$`)
)

// TestFlags: each --flag that a document names is one of --help's. Lines with other programs' flags aren't looked at.
func TestFlags(t *testing.T) {
	known := knownFlags(t)
	for name, text := range documents(t) {
		text = otherTool.ReplaceAllString(strings.ReplaceAll(text, `\-`, "-"), "")
		for _, m := range anyFlag.FindAllStringSubmatch(text, -1) {
			if !known[strings.TrimRight(m[2], "-")] {
				t.Errorf("%s: --%s is no flag", name, m[2])
			}
		}
	}
}

var (
	fence    = regexp.MustCompile("(?ms)^```.*?^```$")
	quoted   = regexp.MustCompile("`([^`\n]+)`")
	repoPath = regexp.MustCompile(`^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.*-]+)*/?$`)
)

// looksLikePath reports whether a quoted word can only mean a file or a folder of the repository: it begins with a folder of
// the root, or it ends as a source or a document does.
func looksLikePath(word string, roots []string) bool {
	if !repoPath.MatchString(word) {
		return false
	}
	first, _, deeper := strings.Cut(word, "/")
	if deeper {
		return slices.Contains(roots, first)
	}
	return slices.Contains([]string{".go", ".md", ".1"}, path.Ext(word)) || slices.Contains(roots, word) && strings.Contains(word, ".")
}

// TestPaths: what a document names in backticks and looks like a path of the repository is one.
func TestPaths(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	roots := []string{}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && e.Name() != "bin" && e.Name() != "build" && e.Name() != "dist" {
			roots = append(roots, e.Name())
		}
	}
	// Names that are of each package, of our notes, or of a machine.
	elsewhere := []string{"doc.go", "decisions.md", "clients.md", "checklist.md"}
	for name, text := range documents(t) {
		for _, m := range quoted.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
			word := m[1]
			if !looksLikePath(word, roots) || slices.Contains(elsewhere, word) {
				continue
			}
			if !exists(word) && !exists(path.Join(path.Dir(name), word)) && !exists("*/"+word) {
				t.Errorf("%s: `%s` is not there", name, word)
			}
		}
	}
}

// TestClientVersions: the versions that docs/clients.md calls tested are those that the tests install.
func TestClientVersions(t *testing.T) {
	var pinned struct{ Dependencies map[string]string }
	b, err := os.ReadFile("test/integration/package.json")
	if err == nil {
		err = json.Unmarshal(b, &pinned)
	}
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("docs/clients.md")
	if err != nil {
		t.Fatal(err)
	}
	// What stands in for a browser is no client.
	for _, part := range []string{"@xmldom/xmldom", "playwright-core", "ws", "xhr2"} {
		delete(pinned.Dependencies, part)
	}
	rows := regexp.MustCompile(`(?m)^\| (\S+) \| (\d\S*) \|`).FindAllStringSubmatch(string(page), -1)
	if len(rows) != len(pinned.Dependencies) {
		t.Errorf("docs/clients.md has %d clients with a version, the tests have %d", len(rows), len(pinned.Dependencies))
	}
	for name, version := range pinned.Dependencies {
		if alias, ok := strings.CutPrefix(version, "npm:"); ok { // another version of the same: npm:strophe.js@1.2.16
			at := strings.LastIndex(alias, "@")
			name, version = alias[:at], alias[at+1:]
		}
		if name == "strophe" { // its name before 1.2
			name = "strophe.js"
		}
		if !slices.ContainsFunc(rows, func(row []string) bool { return row[1] == name && row[2] == version }) {
			t.Errorf("docs/clients.md has no row for %s %s", name, version)
		}
	}
}

// TestReadmeLength: who reads it has five minutes.
func TestReadmeLength(t *testing.T) {
	b, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(b, []byte("\n")); n > readmeLinesMax {
		t.Errorf("README.md has %d lines, and %d at most", n, readmeLinesMax)
	}
}

// TestMakeTargets: what documents tell to make is a target.
func TestMakeTargets(t *testing.T) {
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range documents(t) {
		for _, m := range regexp.MustCompile("(?m)(?:^    |`)make ([a-z]+)").FindAllStringSubmatch(text, -1) {
			if !bytes.Contains(makefile, []byte("\n"+m[1]+":")) {
				t.Errorf("%s: make %s is no target", name, m[1])
			}
		}
	}
}

// TestManual: the manual page has the options of --help, in its words.
func TestManual(t *testing.T) {
	text, err := help()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(manual)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(b), optionsBegin)
	_, after, ended := strings.Cut(rest, optionsEnd)
	if !ok || !ended {
		t.Fatal(manual, " has lost the marks around its options")
	}
	want := before + optionsBegin + roffOptions(text) + optionsEnd + after
	switch {
	case want == string(b):
	case *update:
		if err := os.WriteFile(manual, []byte(want), fs.FileMode(0o644)); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s is not what --help says: go test . -run Manual -update", manual)
	}
}

var (
	helpGroup  = regexp.MustCompile(`^([A-Z].*):$`)
	helpOption = regexp.MustCompile(`^ +(--[a-z0-9-]+\S*)( \S.*?)?(?:  +(.*))?$`)
)

// roffOptions writes the groups of --help as sections of a manual page.
func roffOptions(text string) string {
	var b strings.Builder
	in := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if m := helpGroup.FindStringSubmatch(line); m != nil {
			fmt.Fprintf(&b, ".SS %s\n", roff(m[1]))
			in = true
		} else if m := helpOption.FindStringSubmatch(line); m != nil && in {
			fmt.Fprintf(&b, ".TP\n\\fB%s\\fR\\fI%s\\fR\n", roff(m[1]), roff(m[2]))
			if m[3] != "" {
				fmt.Fprintln(&b, roff(m[3]))
			}
		} else if in && strings.TrimSpace(line) != "" {
			fmt.Fprintln(&b, roff(strings.TrimSpace(line)))
		}
	}
	return b.String()
}

// roff escapes a line of text for roff: dashes are those that can be typed, and nothing begins a request.
func roff(s string) string {
	s = strings.ReplaceAll(s, `\`, `\e`)
	s = strings.ReplaceAll(s, "-", `\-`)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = `\&` + s
	}
	return s
}
