package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go-xmpp-bosh/bench/report"
)

// The document says what its result says: nobody has touched up a figure, and the words of the harness are those in print.
func TestDocumentIsOfItsResult(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", document))
	if err != nil {
		t.Fatal(err)
	}
	name, err := fileNamed(text)
	if err != nil {
		t.Fatal(err)
	}
	r, err := readReport(filepath.Join("results", name))
	if err != nil {
		t.Fatal(err)
	}
	again, err := withFigures(text, r, name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again, text) {
		t.Errorf("go run ./bench --publish=%s/%s would change %s", resultsFolder, name, document)
	}
}

func TestMarksAreNeeded(t *testing.T) {
	if _, err := withFigures([]byte("# Performance\n"), new(report.Report), "x.json"); err == nil {
		t.Error("written into nowhere")
	}
	if _, err := fileNamed([]byte("# Performance\n")); !errors.Is(err, errNoFile) {
		t.Error(err)
	}
}

func TestLatest(t *testing.T) {
	dir := t.TempDir()
	if name, err := latestIn(dir); err == nil {
		t.Errorf("%s, of none", name)
	}
	for _, name := range []string{"2026-01-01T000000Z.json", "2026-01-02T000000Z.json", "2026-01-03T000000Z-quick.json"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if name, err := latestIn(dir); err != nil || !strings.HasSuffix(name, "02T000000Z.json") {
		t.Errorf("%s, %v", name, err)
	}
}
