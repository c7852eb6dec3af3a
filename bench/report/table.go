package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// baseServer is what ratios are to: a relay that doesn't look at what it carries.
const baseServer = "haproxy"

// base finds the relay's figures.
func (r *Report) base() *Subject {
	for _, s := range r.Subjects {
		if s.Server == baseServer && !s.TLS && s.Missing == "" {
			return s
		}
	}
	return &Subject{}
}

var columns = []string{
	"", "sessions", "set-up µs", "echo µs", "×haproxy", "msg/s·core", "p99 ms", "push µs", "×haproxy", "paced p50/p99/p99.9/max ms", "RSS/session", "PSS/session", "kernel/session", "after close", "calls/msg", "churn µs", "GC n, longest",
}

// WriteTable writes the one table.
func (r *Report) WriteTable(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, strings.Join(columns, "\t")+"\t")
	for _, s := range r.Subjects {
		fmt.Fprintln(t, strings.Join(r.Row(s), "\t")+"\t")
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("table: %w", err)
	}
	for _, note := range r.Notes() {
		if _, err := fmt.Fprintln(w, note); err != nil {
			return fmt.Errorf("table: %w", err)
		}
	}
	return nil
}

// Row is a subject's cells.
func (r *Report) Row(s *Subject) []string {
	row := make([]string, len(columns))
	for i := range row {
		row[i] = "–"
	}
	row[0] = s.Name()
	base := r.base()
	if n := len(s.Idle); n > 0 {
		last := s.Idle[n-1]
		rss, pss := s.BytesPerSession(last)
		row[10], row[11] = bytesText(rss), bytesText(pss)
		row[12] = bytesText(float64(last.Kernel.Buffers+last.Kernel.Slab) / float64(max(1, last.Sessions)))
	}
	if len(s.SetUps) > 0 {
		row[2] = setUpText(s.SetUps)
	}
	if len(s.Echo) > 0 {
		row[1] = fmt.Sprint(s.Echo[0].Sessions)
		per := PerMessage(s.Echo)
		row[3], row[4], row[5] = per.String(), Ratio(s.Echo, base.Echo).String(), fmt.Sprintf("%.0f", 1e6/per.Median)
		row[6] = ms(s.Echo[len(s.Echo)-1].Latency.P99)
	}
	if len(s.Push) > 0 {
		row[7], row[8] = PerMessage(s.Push).String(), Ratio(s.Push, base.Push).String()
	}
	if p := s.Paced; p != nil {
		row[9] = strings.Join([]string{ms(p.Latency.P50), ms(p.Latency.P99), ms(p.Latency.P999), ms(p.Latency.Max)}, "/")
	}
	if s.After != nil {
		row[13] = fmt.Sprintf("%.2f×%s", s.Kept(), bytesText(float64(s.Start.Resident)))
	}
	if len(s.Calls) > 0 {
		sum := 0.0
		for _, n := range s.Calls {
			sum += n
		}
		row[14] = fmt.Sprintf("%.2f", sum)
	}
	if s.Churn != nil {
		row[15] = fmt.Sprintf("%.0f", s.Churn.PerMessage())
	}
	if n, longest := s.collections(); n > 0 {
		row[16] = fmt.Sprintf("%d, %s ms", n, ms(longest))
	}
	return row
}

func setUpText(all []SetUp) string {
	var values []float64
	for i := range all {
		values = append(values, all[i].PerSession())
	}
	return SpreadOf(values).String()
}

// collections are those of steady traffic: echo and push.
func (s *Subject) collections() (n int, longest time.Duration) {
	for _, rounds := range [][]Traffic{s.Echo, s.Push} {
		for _, t := range rounds {
			n += t.GC.Cycles
			longest = max(longest, t.GC.Longest)
		}
	}
	return n, longest
}

// Notes say what the table has no room for: what is missing, and what failed.
func (r *Report) Notes() (notes []string) {
	if r.Ended != "" {
		notes = append(notes, "FAILED  not all was measured: "+r.Ended)
	}
	for _, s := range r.Subjects {
		switch {
		case s.Failure != "":
			notes = append(notes, fmt.Sprintf("FAILED  %s: %s", s.Name(), s.Failure))
		case s.Missing != "":
			notes = append(notes, fmt.Sprintf("–  %s: %s", s.Name(), s.Missing))
		}
		if s.NoPush != "" {
			notes = append(notes, fmt.Sprintf("–  %s, push: %s", s.Name(), s.NoPush))
		}
	}
	return notes
}

// Failed says whether bosh-server lost, doubled or reordered a message, or broke down; or a floor did, which would be the harness's own fault. What
// happens to the others is in the table.
func (r *Report) Failed() bool {
	if r.Ended != "" {
		return true
	}
	for _, s := range r.Subjects {
		if s.Failure != "" && (s.Server == oursName || s.Server == baseServer) {
			return true
		}
	}
	return false
}

func ms(d time.Duration) string { return fmt.Sprintf("%.3g", float64(d)/float64(time.Millisecond)) }

func bytesText(b float64) string {
	switch {
	case b >= 1<<20 || b <= -(1<<20):
		return fmt.Sprintf("%.1f MB", b/(1<<20))
	case b >= 1<<10 || b <= -(1<<10):
		return fmt.Sprintf("%.2f KB", b/(1<<10))
	}
	return fmt.Sprintf("%.0f B", b)
}
