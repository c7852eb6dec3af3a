package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// source is where a setting's value may come from; a later one wins.
type source uint8

const (
	sourceDefault source = iota
	sourceFile
	sourceEnvironment
	sourceCommandLine
)

func (s source) String() string {
	switch s {
	case sourceDefault:
		return "default"
	case sourceFile:
		return "file"
	case sourceEnvironment:
		return "environment"
	case sourceCommandLine:
		return "command line"
	}
	return "invalid"
}

// origin is where one value came from.
type origin struct {
	source source
	where  string // a file's name, line and column, or an environment variable
}

func (o origin) String() string {
	switch o.source {
	case sourceFile:
		return o.where
	case sourceEnvironment:
		return "environment " + o.where
	case sourceDefault, sourceCommandLine:
	}
	return o.source.String()
}

var flagName = regexp.MustCompile(`--([a-z][a-z0-9-]*)`)

// locate puts before each complaint about a flag where its value was given, if that is not the command line, which everybody
// has before his eyes.
func (s *settings) locate(err error) error {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok { //nolint:errorlint // the list itself, not one within
		var all []error
		for _, e := range joined.Unwrap() {
			all = append(all, s.locate(e))
		}
		return errors.Join(all...)
	}
	for _, m := range flagName.FindAllStringSubmatch(err.Error(), -1) {
		o := s.from[m[1]]
		if o.source == sourceFile || o.source == sourceEnvironment {
			return fmt.Errorf("%s: %w", o, err)
		}
		if o.source == sourceCommandLine {
			break
		}
	}
	return err
}

// nearest is a hint at the known name that is most like one that is not known; "" when none is.
func nearest(name string, known []string) string {
	best, at := "", max(len(name)/3, 1)+1
	for _, k := range slices.Sorted(slices.Values(known)) {
		if d := distance(name, k); d < at {
			best, at = k, d
		}
	}
	return best
}

// distance is how many letters have to be put in, taken out or exchanged to make b of a, where two neighbours that have changed
// places count once.
func distance(a, b string) int {
	const longest = 64
	if len(a) > longest || len(b) > longest {
		return longest
	}
	var rows [longest + 1][longest + 1]int
	for i := range len(a) + 1 {
		for j := range len(b) + 1 {
			if i == 0 || j == 0 {
				rows[i][j] = i + j
				continue
			}
			d := min(rows[i-1][j], rows[i][j-1]) + 1
			if a[i-1] == b[j-1] {
				d = min(d, rows[i-1][j-1])
			} else {
				d = min(d, rows[i-1][j-1]+1)
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(a)][len(b)]
}

// spelled is a setting's name as node-xmpp-bosh wrote it, and as it is in the configuration file.
func spelled(flag string) string { return strings.ReplaceAll(flag, "-", "_") }

// normal is a flag's name in either spelling.
func normal(name string) string { return strings.ReplaceAll(name, "_", "-") }
