package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// stamp is what a release says of itself.
type stamp struct {
	version string
	commit  string    // empty when the sources are no clone
	when    time.Time // in UTC, whole seconds
}

// stampOf asks tools/version.sh and git. VERSION, COMMIT and SOURCE_DATE_EPOCH in the environment win; without git the last has to be set.
func stampOf(source string, getenv func(string) string) (stamp, error) {
	version, err := output(source, filepath.Join(".", "tools", "version.sh"))
	if err != nil {
		return stamp{}, err
	}
	s := stamp{version: version, commit: getenv("COMMIT")}
	if !regexp.MustCompile(`^[A-Za-z0-9.+~-]+$`).MatchString(version) {
		return s, fmt.Errorf("%q is no version", version)
	}
	if s.commit == "" {
		if commit, err := output(source, "git", "rev-parse", "--short=12", "HEAD"); err == nil {
			s.commit = commit
		}
	}
	seconds := getenv("SOURCE_DATE_EPOCH")
	if seconds == "" {
		if seconds, err = output(source, "git", "log", "-1", "--format=%ct"); err != nil {
			return s, fmt.Errorf("the sources are no clone, so their time has to be given: SOURCE_DATE_EPOCH=SECONDS: %w", err)
		}
	}
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return s, fmt.Errorf("SOURCE_DATE_EPOCH: %w", err)
	}
	s.when = time.Unix(n, 0).UTC()
	return s, nil
}

var preRelease = regexp.MustCompile(`-(alpha|beta|rc|pre)`)

// debianVersion is a version as dpkg sorts it: 1.0.0-rc1 before 1.0.0, and 1.0.0-5-gabc after it. No dash is left, since what follows one
// would be the revision of a package whose sources are somebody else's.
func debianVersion(version string) string {
	if version == "" || version[0] < '0' || version[0] > '9' {
		return "0.0.0~" + strings.ReplaceAll(version, "-", ".")
	}
	version = preRelease.ReplaceAllString(version, "~$1")
	version = strings.Replace(version, "-", "+", 1)
	return strings.ReplaceAll(version, "-", ".")
}

// output is what a command prints, without the space around it.
func output(dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	return outputOf(cmd)
}

func outputOf(cmd *exec.Cmd) (string, error) {
	var complaint strings.Builder
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, complaint.String())
	}
	return strings.TrimSpace(string(out)), nil
}
