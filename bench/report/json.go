package report

import (
	"encoding/json"
	"fmt"
	"io"
)

// FileName is the report's, without an ending: the time of the run.
func (r *Report) FileName() string {
	name := r.Date.Format("2006-01-02T150405Z")
	switch {
	case r.Quick:
		name += "-quick"
	case r.Part || r.Ended != "":
		name += "-part"
	}
	return name
}

// WriteJSON writes the figures.
func (r *Report) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", " ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r); err != nil {
		return fmt.Errorf("results: %w", err)
	}
	return nil
}
