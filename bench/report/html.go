package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"time"
)

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Parse(pageText))

// WriteHTML writes the page.
func (r *Report) WriteHTML(w io.Writer) error {
	v := view{Report: r, Columns: columns[1:], Notes: append(r.Scaling(), r.Notes()...), Day: r.Date.Format(time.RFC1123)}
	for _, t := range r.Targets() {
		v.Targets = append(v.Targets, viewTarget{t, verdictClass(t.Verdict)})
	}
	for _, s := range r.Subjects {
		row := r.Row(s)
		v.Rows = append(v.Rows, viewRow{row[0], s.Version, row[1:], IsOurs(s)})
		v.Times = append(v.Times, timesOf(s)...)
		if s.Steady.Cycles > 0 || s.Goroutines > 0 || len(s.Calls) > 0 {
			v.Runtime = append(v.Runtime, viewRow{s.Name(), "", runtimeCells(s), IsOurs(s)})
		}
	}
	for _, c := range r.charts() {
		svg, err := c.svg()
		if err != nil {
			return err
		}
		v.Charts = append(v.Charts, viewChart{c.title, c.means, template.HTML(svg)}) //nolint:gosec // drawn here, from numbers and our own names
	}
	if err := page.Execute(w, v); err != nil {
		return fmt.Errorf("page: %w", err)
	}
	return nil
}

type view struct {
	*Report
	Day     string
	Columns []column
	Targets []viewTarget
	Rows    []viewRow
	Times   []viewRow
	Runtime []viewRow
	Notes   []string
	Charts  []viewChart
}

type viewTarget struct {
	Target
	Class string
}

type viewChart struct {
	Title, Means string
	SVG          template.HTML
}

type viewRow struct {
	Name, Version string
	Cells         []string
	IsOurs        bool
}

// Head and Means are for the template.
func (c column) Head() string  { return c.head }
func (c column) Means() string { return c.means }

// OtherNames are the heads of a target's other columns.
func (v view) OtherNames() []string { return otherNames[:] }

func verdictClass(v Verdict) string {
	switch v {
	case Reached:
		return "yes"
	case Missed:
		return "no"
	case NotMeasured:
	}
	return "open"
}

// timesOf are the latencies of all that a subject has been through.
func timesOf(s *Subject) (rows []viewRow) {
	one := func(t *Traffic) []Traffic {
		if t == nil {
			return nil
		}
		return []Traffic{*t}
	}
	for _, c := range []struct {
		what    string
		windows []Traffic
	}{{"echo", s.Echo}, {"echo of some", one(s.Busy)}, {"push", s.Push}, {"paced", s.Paced}, {"churn", one(s.Churn)}} {
		if len(c.windows) == 0 {
			continue
		}
		l := latencies(c.windows)
		rows = append(rows, viewRow{s.Name(), "", []string{
			c.what, fmt.Sprint(c.windows[0].Sessions), rates(c.windows), fmt.Sprintf("%.0f %%", 100*c.windows[0].Busy()), l.p50.String(), l.p99.String(), l.p999.String(), l.most.String(),
		}, IsOurs(s)})
	}
	return rows
}

// runtimeCells are the collector's work in each phase, the goroutines, and the system calls.
func runtimeCells(s *Subject) []string {
	cells := []string{"–", "–", "–", callsText(s.Calls)}
	if IsOurs(s) {
		setUp := SetUp{}
		for _, one := range s.SetUps {
			setUp.GC = setUp.GC.Add(one.GC)
		}
		cells[0], cells[1] = collections(setUp.GC), collections(s.Steady)
	}
	if s.Goroutines > 0 {
		cells[2] = fmt.Sprint(s.Goroutines)
	}
	return cells
}

// callsText lists the system calls of a message, the most frequent first.
func callsText(calls map[string]float64) string {
	type call struct {
		name string
		n    float64
	}
	var all []call
	for name, n := range calls {
		if n >= 0.005 {
			all = append(all, call{name, n})
		}
	}
	slices.SortFunc(all, func(a, b call) int {
		if a.n != b.n && a.n > b.n {
			return -1
		} else if a.n != b.n {
			return 1
		}
		return strings.Compare(a.name, b.name)
	})
	words := make([]string, len(all))
	for i, c := range all {
		words[i] = fmt.Sprintf("%s %.2f", c.name, c.n)
	}
	return strings.Join(words, ", ")
}
