package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// lay writes files below a folder.
func lay(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func ours(t *testing.T) string {
	t.Helper()
	mit, err := os.ReadFile(filepath.Join(root, "LICENSE"))
	if err != nil {
		t.Fatal(err)
	}
	return string(mit)
}

// TestLicences: those of the root and of the folders that lead to a package count, others don't.
func TestLicences(t *testing.T) {
	dir, mit := t.TempDir(), ours(t)
	lay(t, dir, map[string]string{
		"LICENSE": mit, "NOTICE": "Made by somebody.", "license.go": "package x",
		"in/COPYING.txt": mit, "in/deeper/x.go": "package deeper", "beside/LICENSE": mit,
	})
	c := component{name: "x", version: "v1"}
	if err := c.read(dir, []string{filepath.Join(dir, "in", "deeper"), dir}); err != nil {
		t.Fatal(err)
	}
	names := make([]string, 0, len(c.texts))
	for _, t := range c.texts {
		names = append(names, t.name)
	}
	if !slices.Equal(c.ids, []string{"MIT"}) || !slices.Equal(names, []string{"LICENSE", "NOTICE", "in/COPYING.txt"}) {
		t.Errorf("%q in %q", c.ids, names)
	}
	if got := string(notices([]component{c})); strings.Count(got, "Permission is hereby granted") != 2 || !strings.Contains(got, "x v1 (MIT)") || !strings.Contains(got, "Made by somebody.") {
		t.Errorf("the notices lack something:\n%s", got)
	}
}

// TestUnknownLicence: what nobody has read is not given to others.
func TestUnknownLicence(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"none":    {"x.go": "package x"},
		"unknown": {"LICENSE": "You may look at this on Sundays."},
		"notice":  {"NOTICE": "Made by somebody."},
	} {
		dir := t.TempDir()
		lay(t, dir, files)
		c := component{name: "x"}
		if err := c.read(dir, nil); err == nil {
			t.Errorf("%s: taken as %q", name, c.ids)
		}
	}
}

func TestScriptHead(t *testing.T) {
	for line, want := range map[string]string{
		"/*! strophe.js 5.0.0, MIT licence: LICENSE.txt */": "strophe.js 5.0.0",
		"/*! @scope/name v1.2.3-rc.1 | MIT */":              "@scope/name 1.2.3-rc.1",
		"/* strophe.js 5.0.0, */":                           "",
		"// ours":                                           "",
	} {
		got := ""
		if m := scriptHead.FindStringSubmatch(line); m != nil {
			got = m[1] + " " + m[2]
		}
		if got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

func TestHashes(t *testing.T) {
	if got, err := hashesOf(component{sum: "h1:AAEC"}); err != nil || (*got)[0].Value != "000102" {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := hashesOf(component{}); err != nil || got != nil {
		t.Errorf("%v, %v", got, err)
	}
	for _, sum := range []string{"h2:AAEC", "h1:%"} {
		if got, err := hashesOf(component{sum: sum}); err == nil {
			t.Errorf("%s is taken: %v", sum, got)
		}
	}
}
