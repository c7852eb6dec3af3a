package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The document says what its result says: nobody has touched up a figure, and the words of the harness are those in print.
func TestDocumentIsOfItsResult(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", document))
	if err != nil {
		t.Fatal(err)
	}
	names := filesNamed(text)
	if len(names) < 1 {
		t.Fatal("it names no result")
	}
	for _, name := range names {
		parts, err := partsOf(filepath.Join("results", name))
		if err != nil {
			t.Fatal(err)
		}
		again, err := withParts(text, parts)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(again, text) {
			t.Errorf("go run ./bench --publish=%s/%s would change %s", resultsFolder, name, document)
		}
	}
}

func TestMarksAreNeeded(t *testing.T) {
	if _, err := withParts([]byte("# Performance\n"), []part{{"run", nil}}); err == nil {
		t.Error("written into nowhere")
	}
	if names := filesNamed([]byte("# Performance, see `bench/results/`\n")); len(names) > 0 {
		t.Error(names)
	}
}

func TestLatest(t *testing.T) {
	dir := t.TempDir()
	if name, err := latestIn(dir, ""); err == nil {
		t.Errorf("%s, of none", name)
	}
	for _, name := range []string{"2026-01-01T000000Z.json", "2026-01-02T000000Z.json", "2026-01-03T000000Z-quick.json", "2026-01-04T000000Z-million.json"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if name, err := latestIn(dir, ""); err != nil || !strings.HasSuffix(name, "02T000000Z.json") {
		t.Errorf("%s, %v", name, err)
	}
	if name, err := latestIn(dir, machinesEnding); err != nil || !strings.HasSuffix(name, "04T000000Z-million.json") {
		t.Errorf("%s, %v", name, err)
	}
}

func TestMachines(t *testing.T) {
	dir := t.TempDir()
	var said, text bytes.Buffer
	if err := machines(50, dir, &said); err != nil {
		t.Fatal(err)
	}
	name, err := latestIn(dir, machinesEnding)
	if err != nil {
		t.Fatal(err)
	}
	parts, err := partsOf(name)
	if err != nil || len(parts) != 1 || parts[0].write(&text) != nil {
		t.Fatal(parts, err)
	}
	if !strings.Contains(said.String(), "50 sessions") || !strings.Contains(text.String(), "| bosh, 50 sessions | websocket, 50 sessions |") {
		t.Errorf("%s\n%s", &said, &text)
	}
}
