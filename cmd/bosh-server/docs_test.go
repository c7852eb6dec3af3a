package main

import (
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

var update = flag.Bool("update", false, "write the table of docs/configuration.md")

const (
	configurationDoc = "../../docs/configuration.md"
	tableBegin       = "<!-- The tables are made of the code: go test ./cmd/bosh-server -run Documented -update -->\n"
	tableEnd         = "<!-- The end of the tables. -->\n"
)

// allFlags is every flag there is.
func allFlags() *pflag.FlagSet { return new(settings).define(io.Discard) }

// TestDocumentedFlags: docs/configuration.md says of every flag what the code says.
func TestDocumentedFlags(t *testing.T) {
	text, err := os.ReadFile(configurationDoc)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), tableBegin)
	_, after, ended := strings.Cut(rest, tableEnd)
	if !ok || !ended {
		t.Fatal("docs/configuration.md has lost the marks around its tables")
	}
	want := before + tableBegin + tables(allFlags()) + tableEnd + after
	switch {
	case want == string(text):
	case *update:
		if err := os.WriteFile(configurationDoc, []byte(want), 0o644); err != nil { //nolint:gosec // a document
			t.Fatal(err)
		}
	default:
		have := strings.Split(string(text), "\n")
		for line := range strings.SplitSeq(want, "\n") {
			if !slices.Contains(have, line) {
				t.Errorf("not in docs/configuration.md: %s", line)
			}
		}
		t.Error("docs/configuration.md is not what the code says: go test ./cmd/bosh-server -run Documented -update")
	}
}

// tables has one for each group of flags.
func tables(f *pflag.FlagSet) string {
	var b strings.Builder
	for _, g := range groups() {
		flags := grouped(f, g)
		if len(flags) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n## %s\n\n| flag | default | unit | what it is | 0 | at the limit | SIGHUP |\n|---|---|---|---|---|---|---|\n", g)
		for _, flag := range flags {
			n := notes[flag.Name]
			name, usage := pflag.UnquoteUsage(flag)
			if flag.Value.Type() == "int" || flag.Value.Type() == "bool" || name == "string" || name == "stringArray" {
				name = ""
			}
			shape := "`--" + flag.Name
			if name != "" {
				shape += "=" + strings.Trim(name, "'")
			}
			live := ""
			if n.live || flag.Name == "tls-cert" || flag.Name == "tls-key" { // the files, not their names
				live = "yes"
			}
			fmt.Fprintf(&b, "| %s` | %s | %s | %s | %s | %s | %s |\n", cell(shape), cell(defaultOf(flag)), n.unit, cell(usage), n.zero, n.limit, live)
		}
	}
	return b.String() + "\n"
}

// cell makes text safe for a table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "*", `\*`, "<", "&lt;").Replace(text)
}

func defaultOf(flag *pflag.Flag) string {
	switch {
	case flag.Value.Type() == "stringArray":
		return strings.Trim(flag.DefValue, "[]")
	case flag.Name == "max-memory":
		return "¾ of the memory"
	case flag.Name == "tls-port", flag.Value.Type() == "bool" && flag.DefValue == "false":
		return "off"
	case flag.Value.Type() == "bool":
		return "on"
	}
	return flag.DefValue
}

// TestEveryFlagHasItsNote: what 0 means and what happens at the limit is said of every number.
func TestEveryFlagHasItsNote(t *testing.T) {
	seen := map[string]bool{}
	allFlags().VisitAll(func(flag *pflag.Flag) {
		seen[flag.Name] = true
		n, ok := notes[flag.Name]
		switch {
		case !ok || n.group == groupOther:
			t.Errorf("--%s: say in notes.go where it belongs", flag.Name)
		case flag.Value.Type() == "int" && n.zero == "":
			t.Errorf("--%s: say in notes.go what 0 means", flag.Name)
		case flag.Value.Type() == "int" && n.unit == "" && !strings.HasSuffix(flag.Name, "port"):
			t.Errorf("--%s: say in notes.go in which unit it is", flag.Name)
		}
		if flag.Usage == "" {
			t.Errorf("--%s: no usage", flag.Name)
		}
		if n.zero == refused {
			if _, err := parseSettings([]string{"--" + flag.Name + "=0"}, nil, io.Discard); err == nil {
				t.Errorf("--%s=0 is taken, but the documentation says that it is refused", flag.Name)
			}
		} else if flag.Value.Type() == "int" && flag.Name != "tls-port" {
			if _, err := parseSettings([]string{"--" + flag.Name + "=0"}, nil, io.Discard); err != nil {
				t.Errorf("--%s=0 is refused, but the documentation says that it means %q", flag.Name, n.zero)
			}
		}
	})
	for _, name := range slices.Sorted(maps.Keys(notes)) {
		if !seen[name] {
			t.Errorf("notes.go has --%s, which is no flag", name)
		}
	}
}

// TestReadmeFlags: the README names flags that exist, with their defaults, and is short.
func TestReadmeFlags(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	f, rows := allFlags(), 0
	row := regexp.MustCompile("^\\| `--([a-z-]+)` \\|([^|]*)\\|")
	for line := range strings.Lines(string(text)) {
		m := row.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		rows++
		if flag := f.Lookup(m[1]); flag == nil {
			t.Errorf("the README names --%s, which is no flag", m[1])
		} else if want := defaultOf(flag); strings.TrimSpace(m[2]) != want {
			t.Errorf("the README says that --%s is %q unless told otherwise; it is %q", m[1], m[2], want)
		}
	}
	if rows < 8 || rows > 12 {
		t.Errorf("the README's table has %d flags, want the ten that matter most", rows)
	}
	if n := strings.Count(string(text), "\n"); n >= 120 {
		t.Errorf("the README has %d lines, want fewer than 120", n)
	}
}

// --help names every flag under the heading of its group.
func TestHelpIsGrouped(t *testing.T) {
	var b strings.Builder
	f := allFlags()
	usage(&b, f)
	f.VisitAll(func(flag *pflag.Flag) {
		heading := "\n" + notes[flag.Name].group.String() + ":\n"
		_, section, ok := strings.Cut(b.String(), heading)
		section, _, _ = strings.Cut(section, "\n\n")
		if !ok || !regexp.MustCompile(`(?m)^ +--`+flag.Name+`\b`).MatchString(section) {
			t.Errorf("--%s is not under %q", flag.Name, heading)
		}
	})
}
