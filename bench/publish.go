package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// publish prints the table and writes the files.
func (r *run) publish(w io.Writer) error {
	if err := r.report.WriteTable(w); err != nil {
		return err
	}
	if r.results == "" {
		return nil
	}
	if err := os.MkdirAll(r.results, 0o755); err != nil {
		return fmt.Errorf("results: %w", err)
	}
	name := filepath.Join(r.results, r.report.FileName())
	for _, f := range []struct {
		ending string
		write  func(io.Writer) error
	}{{".json", r.report.WriteJSON}, {".html", r.report.WriteHTML}} {
		if err := writeFile(name+f.ending, f.write); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(w, "written:", name+f.ending); err != nil {
			return fmt.Errorf("results: %w", err)
		}
	}
	return nil
}

func writeFile(name string, write func(io.Writer) error) error {
	f, err := os.Create(name)
	if err != nil {
		return fmt.Errorf("results: %w", err)
	}
	if err := write(f); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("results: %w", err)
	}
	return nil
}
