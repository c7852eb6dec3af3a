package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"go-xmpp-bosh/bench/report"
)

// document is where the figures of a run are told; what stands between two marks in it is written by --publish, the rest by people.
var document = filepath.Join("docs", "performance.md")

// resultsFolder is where results are kept, as the document names it.
const resultsFolder = "bench/results"

// latest stands for the newest full result.
const latest = "latest"

// publishResult writes a result into the document.
func publishResult(name, results string, w io.Writer) error {
	if name == latest {
		var err error
		if name, err = latestIn(results); err != nil {
			return err
		}
	}
	text, err := os.ReadFile(document)
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	r, err := readReport(name)
	if err != nil {
		return err
	}
	if text, err = withFigures(text, r, filepath.Base(name)); err != nil {
		return err
	}
	if err := os.WriteFile(document, text, 0o644); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	_, err = fmt.Fprintln(w, "written:", document, "from", name)
	return err
}

// latestIn is the newest result of a full run: names are dates.
func latestIn(results string) (string, error) {
	all, err := filepath.Glob(filepath.Join(results, "*.json"))
	if err != nil {
		return "", fmt.Errorf("publish: %w", err)
	}
	all = slices.DeleteFunc(all, func(name string) bool { return strings.Contains(name, "quick") })
	if len(all) == 0 {
		return "", fmt.Errorf("publish: no full result in %s", results)
	}
	return slices.Max(all), nil
}

func readReport(name string) (*report.Report, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("publish: %w", err)
	}
	r := new(report.Report)
	if err := json.Unmarshal(b, r); err != nil {
		return nil, fmt.Errorf("publish: %s: %w", name, err)
	}
	return r, nil
}

// withFigures is the text with all its marked parts made anew.
func withFigures(text []byte, r *report.Report, file string) ([]byte, error) {
	for _, part := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"run", func(w io.Writer) error { return r.WriteRun(w, resultsFolder+"/"+file) }},
		{"targets", r.WriteTargets},
		{"figures", r.WriteFigures},
	} {
		begin, end := []byte("<!-- bench: "+part.name+" -->\n"), []byte("<!-- bench: end of "+part.name+" -->\n")
		before, rest, ok := bytes.Cut(text, begin)
		_, after, closed := bytes.Cut(rest, end)
		if !ok || !closed {
			return nil, fmt.Errorf("publish: %s has no marks for %q", document, part.name)
		}
		var b bytes.Buffer
		b.Write(before)
		b.Write(begin)
		if err := part.write(&b); err != nil {
			return nil, err
		}
		b.Write(end)
		b.Write(after)
		text = b.Bytes()
	}
	return text, nil
}

// errNoFile says that a text names no result.
var errNoFile = errors.New("no result is named")

// fileNamed is the result that a document was made from.
func fileNamed(text []byte) (string, error) {
	m := named.FindSubmatch(text)
	if m == nil {
		return "", errNoFile
	}
	return string(m[1]), nil
}

var named = regexp.MustCompile("`" + resultsFolder + "/([^`]+[.]json)`")
