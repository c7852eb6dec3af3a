package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"go-xmpp-bosh/bench/million"
	"go-xmpp-bosh/bench/report"
)

// machinesReport is a run of the machines without sockets.
type machinesReport struct {
	Date    time.Time        `json:"date"`
	Commit  string           `json:"commit"`
	Command string           `json:"command"`
	Machine report.Machine   `json:"machine"`
	Results []million.Result `json:"results"`
}

// machinesEnding is how the names of their results end.
const machinesEnding = "-million.json"

// machines measures the machines of so many sessions without sockets.
func machines(n int, results string, stdout io.Writer) error {
	of := newReport(&options{})
	r := machinesReport{Date: of.Date, Commit: of.Commit, Command: of.Command, Machine: of.Machine}
	for _, kind := range []million.Kind{million.BOSH, million.WebSocket} {
		m, err := million.Measure(kind, n)
		if err == nil {
			err = m.Write(stdout)
		}
		if err != nil {
			return err
		}
		r.Results = append(r.Results, m)
	}
	if results == "" {
		return nil
	}
	b, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return fmt.Errorf("results: %w", err)
	}
	if err := os.MkdirAll(results, 0o755); err != nil {
		return fmt.Errorf("results: %w", err)
	}
	name := filepath.Join(results, of.FileName()+machinesEnding)
	if err := os.WriteFile(name, append(b, '\n'), 0o644); err != nil {
		return fmt.Errorf("results: %w", err)
	}
	_, err = fmt.Fprintln(stdout, "written:", name)
	return err
}

// writeMachines writes them in Markdown.
func writeMachines(w io.Writer, r *machinesReport, file string) error {
	fmt.Fprintf(w, "Measured on %s, commit `%s`: `%s`; `%s`.\n\n| |", r.Date.Format("2 January 2006, 15:04 MST"), r.Commit, r.Command, file)
	for _, m := range r.Results {
		fmt.Fprintf(w, " %s, %d sessions |", m.Kind, m.Sessions)
	}
	fmt.Fprint(w, "\n|---|---|---|\n")
	for _, line := range []struct {
		what string
		cell func(m *million.Result) string
	}{
		{"record (session, stream, two timer nodes)", func(m *million.Result) string { return fmt.Sprintf("%d B", m.RecordBytes) }},
		{"heap a session, all included", func(m *million.Result) string { return fmt.Sprintf("%.0f B", m.HeapBytes) }},
		{"set-up, all of a session's log-in", func(m *million.Result) string { return m.SetUp.String() }},
		{"a message and its poll among 1,000 sessions", func(m *million.Result) string { return m.EchoFew.String() }},
		{"the same among all", func(m *million.Result) string { return fmt.Sprintf("%v, %.2f allocations", m.EchoMany, m.EchoAllocs) }},
		{"a look at the wheel when nothing is due", func(m *million.Result) string { return m.IdleLook.String() }},
		{"timers fired in a minute", func(m *million.Result) string { return fmt.Sprintf("%d at %v", m.Fired, m.SweepPerFire) }},
		{"the busiest of 60,000 milliseconds", func(m *million.Result) string {
			return fmt.Sprintf("%v, %d above %v", m.LongestTick.Round(time.Microsecond), m.Stalls, million.Stall)
		}},
		{"a collection, from beginning to end", func(m *million.Result) string { return m.GCMark.Round(time.Microsecond).String() }},
		{"its longest stop", func(m *million.Result) string { return m.GCPause.Round(time.Microsecond).String() }},
	} {
		fmt.Fprintf(w, "| %s |", line.what)
		for i := range r.Results {
			fmt.Fprintf(w, " %s |", line.cell(&r.Results[i]))
		}
		fmt.Fprintln(w)
	}
	return nil
}
