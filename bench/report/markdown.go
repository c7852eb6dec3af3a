package report

import (
	"fmt"
	"io"
	"strings"
)

// WriteRun says in Markdown which run the figures are of.
func (r *Report) WriteRun(w io.Writer, file string) error {
	text := fmt.Sprintf("Measured on %s, commit `%s`: `%s` on %s, %d cores, %s, %s; messages of %d bytes. All of it is in `%s`.",
		r.Date.Format("2 January 2006, 15:04 MST"), r.Commit, r.Command, r.Machine.CPU, r.Machine.Cores, r.Machine.Kernel, r.Machine.Go, r.Message, file)
	if r.Quick {
		text += " It was a quick look with few sessions, which is no measure of memory."
	}
	return writeLines(w, append([]string{text}, prefixed("* ", append(r.Scaling(), r.Notes()...))...))
}

// WriteTargets writes the targets in Markdown, with the command that measures each again.
func (r *Report) WriteTargets(w io.Writer) error {
	lines := []string{
		"| | HAProxy | " + strings.Join(otherNames[:], " | ") + " | target | bosh-server | reached | command |",
		"|---|---|" + strings.Repeat("---|", len(otherNames)) + "---|---|---|---|",
	}
	for _, t := range r.Targets() {
		verdict, found := t.Verdict.String(), t.Found
		if t.Verdict == Missed {
			verdict = "**" + verdict + "**"
		}
		if found == "" {
			found = "–"
		}
		lines = append(lines, fmt.Sprintf("| %s | %s | %s | %s | %s | %s | `go run ./bench --peer=all --only=%s` |", t.What, t.Relay, strings.Join(t.Others[:], " | "), t.Goal, found, verdict, t.Only))
	}
	return writeLines(w, lines)
}

// WriteFigures writes the table in Markdown.
func (r *Report) WriteFigures(w io.Writer) error {
	lines := []string{"", "|" + strings.Repeat("---|", len(columns))}
	for _, c := range columns {
		lines[0] += "| " + c.head + " "
	}
	lines[0] += "|"
	for _, s := range r.Subjects {
		if s.Missing == "" {
			lines = append(lines, "| "+strings.Join(r.Row(s), " | ")+" |")
		}
	}
	return writeLines(w, lines)
}

// The machine of the model.
const (
	modelCores  = 64
	modelBytes  = 200e9 // of its memory; the rest is the system's, and bursts'
	modelBusy   = 0.6   // of each core
	modelSocket = 4096  // bytes that the kernel has for one TCP socket
	modelPace   = 10    // seconds between two messages of a session
)

// WriteModel writes what a large machine would carry, in Markdown: of each of our transports, memory and messages.
func (r *Report) WriteModel(w io.Writer) error {
	lines := []string{
		fmt.Sprintf("| | process | kernel | sessions in %.0f GB | a loop's share, %d loops | messages/s | sessions at a message in %d s |", modelBytes/1e9, modelCores, modelPace),
		"|---|---|---|---|---|---|---|",
	}
	for _, s := range r.Subjects {
		idle, ok := s.working()
		if !ok || !IsOurs(s) || s.Loops > 0 || len(s.Echo) == 0 {
			continue
		}
		sockets := 2
		if s.Transport == "bosh2" {
			sockets = 3
		}
		resident, _ := s.BytesPerSession(idle)
		sessions := modelBytes / (resident + float64(sockets*modelSocket))
		messages := modelCores * modelBusy * 1e6 / PerMessage(s.Echo).Median
		lines = append(lines, fmt.Sprintf("| %s | %.1f KB | %d × %d KB | %.1f million | %.0f,000 | %.1f million | %.1f million |", s.Name(), resident/1024, sockets, modelSocket/1024,
			sessions/1e6, sessions/modelCores/1000, messages/1e6, min(sessions, messages*modelPace)/1e6))
	}
	return writeLines(w, lines)
}

func prefixed(with string, lines []string) []string {
	for i, l := range lines {
		lines[i] = with + l
	}
	return lines
}

func writeLines(w io.Writer, lines []string) error {
	if _, err := io.WriteString(w, strings.Join(lines, "\n")+"\n"); err != nil {
		return fmt.Errorf("markdown: %w", err)
	}
	return nil
}
