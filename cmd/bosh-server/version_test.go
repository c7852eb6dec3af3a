package main

import (
	"bytes"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
)

func TestVersionLine(t *testing.T) {
	built := func(revision, modified string) *debug.BuildInfo {
		return &debug.BuildInfo{Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: revision}, {Key: "vcs.modified", Value: modified}}}
	}
	on := runtime.Version() + ", " + runtime.GOOS + "/" + runtime.GOARCH + ")"
	const revision = "0123456789abcdef0123456789abcdef01234567"
	for _, test := range []struct {
		version, commit string
		info            *debug.BuildInfo
		want            string
	}{
		{"devel", "", nil, "bosh-server devel (" + on},
		{"devel", "", &debug.BuildInfo{}, "bosh-server devel (" + on},
		{"devel", "", built(revision, "false"), "bosh-server devel (commit 0123456789ab, " + on},
		{"devel", "", built(revision, "true"), "bosh-server devel (commit 0123456789ab-dirty, " + on},
		{"1.2.3", "fedcba987654", built(revision, "true"), "bosh-server 1.2.3 (commit fedcba987654, " + on},
	} {
		func() {
			defer func(v, c string) { version, commit = v, c }(version, commit)
			version, commit = test.version, test.commit
			if got := versionLine(test.info); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		}()
	}
}

func TestVersionFlag(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if code := run([]string{"--version"}, &stdout, &stderr); code != exitOK || !strings.HasPrefix(stdout.String(), "bosh-server devel (") {
		t.Errorf("%d, %q, %q", code, stdout.String(), stderr.String())
	}
}
