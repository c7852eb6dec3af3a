package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"go-xmpp-bosh/bench/proc"
)

// column is one of the table: its head, its cell for a subject ("–" when there is nothing), and what it means.
type column struct {
	head, means string
	cell        func(*Report, *Subject) string
}

var columns = []column{
	{"", "server and transport: bosh2 is BOSH over two connections, as strophe.js has it (two requests a message), bosh1 over one (one request); ws-stream is WebSocket's framing before RFC 7395; loops=N runs on any core", func(_ *Report, s *Subject) string { return s.Name() }},
	{"sessions", "that send at once in echo and push", func(_ *Report, s *Subject) string {
		if len(s.Echo) == 0 {
			return "–"
		}
		return fmt.Sprint(s.Echo[0].Sessions)
	}},
	{"set-up µs", "CPU of a session from connect to bind, with TLS its handshake too", func(_ *Report, s *Subject) string { return setUpSpread(s).String() }},
	{"echo µs", "CPU of a message there and back, all sessions sending the next when the last is back", func(_ *Report, s *Subject) string { return PerMessage(s.Echo).String() }},
	{"×haproxy", "the same by HAProxy's relay of TCP, round by round", func(r *Report, s *Subject) string { return Ratio(s.Echo, r.base().Echo).String() }},
	{"msg/s·core", "messages in a second of one core's time", func(_ *Report, s *Subject) string {
		if per := PerMessage(s.Echo); per.Median > 0 {
			return fmt.Sprintf("%.0f", 1e6/per.Median)
		}
		return "–"
	}},
	{"echo p99 ms", "99th percentile of an echo's time while all sessions send: the length of the queue", func(_ *Report, s *Subject) string { return latencies(s.Echo).p99.String() }},
	{"push µs", "CPU of a message from the backend to a client", func(_ *Report, s *Subject) string { return PerMessage(s.Push).String() }},
	{"×haproxy", "the same by HAProxy's", func(r *Report, s *Subject) string { return Ratio(s.Push, r.base().Push).String() }},
	{"paced p50/p99/p99.9/max ms", "time of an echo at a pace that leaves the server idle, from when it was due; several windows, medians, the 99th percentile with its range", func(_ *Report, s *Subject) string {
		if len(s.Paced) == 0 {
			return "–"
		}
		l := latencies(s.Paced)
		return strings.Join([]string{number(l.p50.Median), l.p99.String(), number(l.p999.Median), number(l.most.Most)}, "/")
	}},
	{"rank", "by that 99th percentile, among the servers (the floors apart) over BOSH, or over WebSocket", (*Report).rank},
	{"RSS KB", "resident memory of an idle session, above what the server had after one, at each number of sessions in turn", func(_ *Report, s *Subject) string { return steps(s, residentKB) }},
	{"PSS KB", "the same, with shared pages divided among who shares them", func(_ *Report, s *Subject) string { return steps(s, proportionalKB) }},
	{"kernel KB", "the kernel's memory for both ends of a session's connections, the harness's own included", func(_ *Report, s *Subject) string { return steps(s, kernelKB) }},
	{"after close", "resident memory some time after everything has closed, by that after the first session", func(_ *Report, s *Subject) string {
		if s.After == nil {
			return "–"
		}
		return fmt.Sprintf("%.2f×%s", s.Kept(), bytesText(float64(s.Start.Resident)))
	}},
	{"calls/msg", "system calls of the server for one echo, while a few sessions send", func(_ *Report, s *Subject) string {
		if len(s.Calls) == 0 {
			return "–"
		}
		return fmt.Sprintf("%.2f", s.callsSum())
	}},
	{"churn µs", "CPU of a whole session: open, one message, close", func(_ *Report, s *Subject) string {
		if s.Churn == nil {
			return "–"
		}
		return fmt.Sprintf("%.0f", s.Churn.PerMessage())
	}},
	{"GC n, longest", "collections while all sessions stood, through all rounds, and the longest stop", func(_ *Report, s *Subject) string {
		if !IsOurs(s) || len(s.Echo) == 0 {
			return "–"
		}
		return collections(s.Steady)
	}},
	{"goroutines", "when all has closed; of loops=N, while all sessions stand", func(_ *Report, s *Subject) string {
		if s.Goroutines == 0 {
			return "–"
		}
		return fmt.Sprint(s.Goroutines)
	}},
}

// WriteTable writes the one table.
func (r *Report) WriteTable(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, c := range columns {
		fmt.Fprint(t, c.head, "\t")
	}
	fmt.Fprintln(t)
	for _, s := range r.Subjects {
		fmt.Fprintln(t, strings.Join(r.Row(s), "\t")+"\t")
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("table: %w", err)
	}
	for _, note := range append(r.Scaling(), r.Notes()...) {
		if _, err := fmt.Fprintln(w, note); err != nil {
			return fmt.Errorf("table: %w", err)
		}
	}
	return nil
}

// Row is a subject's cells.
func (r *Report) Row(s *Subject) []string {
	row := make([]string, len(columns))
	for i, c := range columns {
		row[i] = c.cell(r, s)
	}
	return row
}

// spreads are latencies over several windows, in milliseconds.
type spreads struct{ p50, p99, p999, most Spread }

func latencies(all []Traffic) spreads {
	of := func(pick func(Latency) time.Duration) Spread {
		var values []float64
		for i := range all {
			values = append(values, pick(all[i].Latency).Seconds()*1000)
		}
		return SpreadOf(values)
	}
	return spreads{
		of(func(l Latency) time.Duration { return l.P50 }), of(func(l Latency) time.Duration { return l.P99 }),
		of(func(l Latency) time.Duration { return l.P999 }), of(func(l Latency) time.Duration { return l.Max }),
	}
}

// steps lists a figure of all idle measurements.
func steps(s *Subject, of func(*Subject, Idle) float64) string {
	if len(s.Idle) == 0 {
		return "–"
	}
	words := make([]string, len(s.Idle))
	for i, idle := range s.Idle {
		words[i] = fmt.Sprintf("%.3g", of(s, idle))
	}
	return strings.Join(words, "/")
}

func residentKB(s *Subject, i Idle) float64 {
	resident, _ := s.BytesPerSession(i)
	return resident / 1024
}

func proportionalKB(s *Subject, i Idle) float64 {
	_, proportional := s.BytesPerSession(i)
	return proportional / 1024
}

func kernelKB(_ *Subject, i Idle) float64 {
	return float64(i.Kernel.Buffers+i.Kernel.Slab) / 1024 / float64(max(1, i.Sessions))
}

func collections(c proc.Summary) string {
	if c.Cycles == 0 {
		return "none"
	}
	return fmt.Sprintf("%d, %s ms", c.Cycles, ms(c.Longest))
}

// SaidMark stands in a failure before the last lines of the server's log.
const SaidMark = "; the server said: "

// Notes say what the table has no room for: what is missing, and what failed.
func (r *Report) Notes() (notes []string) {
	if r.Ended != "" {
		notes = append(notes, "FAILED  not all was measured: "+r.Ended)
	}
	for _, s := range r.Subjects {
		switch {
		case s.Failure != "":
			failure, _, _ := strings.Cut(s.Failure, SaidMark) // that is many lines, for the JSON and the progress
			notes = append(notes, fmt.Sprintf("FAILED  %s: %s", s.Name(), strings.Join(strings.Fields(failure), " ")))
		case s.Missing != "":
			notes = append(notes, fmt.Sprintf("not measured: %s: %s", s.Name(), s.Missing))
		}
		if s.NoPush != "" {
			notes = append(notes, fmt.Sprintf("not measured: %s, push: %s", s.Name(), s.NoPush))
		}
	}
	return notes
}

// Failed says whether a message was lost, doubled or out of order, or something broke down, with whichever server.
func (r *Report) Failed() bool {
	return r.Ended != "" || slices.ContainsFunc(r.Subjects, func(s *Subject) bool { return s.Failure != "" })
}

func ms(d time.Duration) string { return number(float64(d) / float64(time.Millisecond)) }

func bytesText(b float64) string {
	switch {
	case b >= 1<<20 || b <= -(1<<20):
		return fmt.Sprintf("%.1f MB", b/(1<<20))
	case b >= 1<<10 || b <= -(1<<10):
		return fmt.Sprintf("%.2f KB", b/(1<<10))
	}
	return fmt.Sprintf("%.0f B", b)
}
