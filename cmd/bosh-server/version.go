package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

// version and commit are stamped by the linker: -X main.version=1.2.3. Without them a plain "go build" in a clone knows its commit.
var (
	version = "devel"
	commit  = ""
)

const commitDigits = 12

// versionLine is what --version prints.
func versionLine(info *debug.BuildInfo) string {
	var of []string
	if c := cmp.Or(commit, commitOf(info)); c != "" {
		of = append(of, "commit "+c)
	}
	of = append(of, runtime.Version(), runtime.GOOS+"/"+runtime.GOARCH)
	return fmt.Sprintf("bosh-server %s (%s)", version, strings.Join(of, ", "))
}

// commitOf is the commit that go build has noted, and whether the tree had changes.
func commitOf(info *debug.BuildInfo) string {
	if info == nil {
		return ""
	}
	noted := map[string]string{}
	for _, s := range info.Settings {
		noted[s.Key] = s.Value
	}
	c := noted["vcs.revision"]
	c = c[:min(len(c), commitDigits)]
	if c != "" && noted["vcs.modified"] == "true" {
		c += "-dirty"
	}
	return c
}
