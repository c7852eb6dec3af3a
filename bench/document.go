package main

import (
	"bytes"
	"encoding/json"
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

// publishResult writes a result into the document, and the newest of the machines without sockets.
func publishResult(name, results string, w io.Writer) error {
	if name == latest {
		var err error
		if name, err = latestIn(results, ""); err != nil {
			return err
		}
	}
	parts, err := partsOf(name)
	if err != nil {
		return err
	}
	names := []string{name}
	if machines, err := latestIn(results, machinesEnding); err == nil {
		more, err := partsOf(machines)
		if err != nil {
			return err
		}
		parts, names = append(parts, more...), append(names, machines)
	}
	text, err := os.ReadFile(document)
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	if text, err = withParts(text, parts); err != nil {
		return err
	}
	if err := os.WriteFile(document, text, 0o644); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	_, err = fmt.Fprintln(w, "written:", document, "from", strings.Join(names, " and "))
	return err
}

// latestIn is the newest result of a full run, or of what its ending says: names are dates.
func latestIn(results, ending string) (string, error) {
	all, err := filepath.Glob(filepath.Join(results, "*"+ending))
	if err != nil {
		return "", fmt.Errorf("publish: %w", err)
	}
	all = slices.DeleteFunc(all, func(name string) bool { return ending == "" && !full.MatchString(name) })
	if len(all) == 0 {
		return "", fmt.Errorf("publish: no full result in %s", results)
	}
	return slices.Max(all), nil
}

var full = regexp.MustCompile(`[0-9]Z[.]json$`)

// part is what stands between two marks of the document.
type part struct {
	name  string
	write func(io.Writer) error
}

// partsOf are those that a result has to say something for.
func partsOf(name string) ([]part, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("publish: %w", err)
	}
	file := resultsFolder + "/" + filepath.Base(name)
	if strings.HasSuffix(name, machinesEnding) {
		r := new(machinesReport)
		if err := json.Unmarshal(b, r); err != nil {
			return nil, fmt.Errorf("publish: %s: %w", name, err)
		}
		return []part{{"million", func(w io.Writer) error { return writeMachines(w, r, file) }}}, nil
	}
	r := new(report.Report)
	if err := json.Unmarshal(b, r); err != nil {
		return nil, fmt.Errorf("publish: %s: %w", name, err)
	}
	return []part{
		{"run", func(w io.Writer) error { return r.WriteRun(w, file) }}, {"targets", r.WriteTargets}, {"figures", r.WriteFigures}, {"model", r.WriteModel},
	}, nil
}

// withParts is the text with these parts made anew.
func withParts(text []byte, parts []part) ([]byte, error) {
	for _, p := range parts {
		begin, end := []byte("<!-- bench: "+p.name+" -->\n"), []byte("<!-- bench: end of "+p.name+" -->\n")
		before, rest, ok := bytes.Cut(text, begin)
		_, after, closed := bytes.Cut(rest, end)
		if !ok || !closed {
			return nil, fmt.Errorf("publish: %s has no marks for %q", document, p.name)
		}
		var b bytes.Buffer
		b.Write(before)
		b.Write(begin)
		if err := p.write(&b); err != nil {
			return nil, err
		}
		b.Write(end)
		b.Write(after)
		text = b.Bytes()
	}
	return text, nil
}

// filesNamed are the results that a document was made from.
func filesNamed(text []byte) (names []string) {
	for _, m := range named.FindAllSubmatch(text, -1) {
		names = append(names, string(m[1]))
	}
	return names
}

var named = regexp.MustCompile("`" + resultsFolder + "/([^`]+[.]json)`")
