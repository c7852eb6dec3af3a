package report

import (
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"time"
)

// WriteHTML writes the page.
func (r *Report) WriteHTML(w io.Writer) error {
	v := view{Report: r, Columns: columns[1:], Notes: r.Notes(), Day: r.Date.Format(time.RFC1123)}
	for _, s := range r.Subjects {
		row := r.Row(s)
		v.Rows = append(v.Rows, viewRow{row[0], s.Version, row[1:], s.Server == oursName, callsText(s.Calls)})
	}
	for _, c := range r.charts() {
		svg, err := c.svg()
		if err != nil {
			return err
		}
		v.Charts = append(v.Charts, template.HTML(svg)) //nolint:gosec // drawn here, from numbers and our own names
	}
	if err := page.Execute(w, v); err != nil {
		return fmt.Errorf("page: %w", err)
	}
	return nil
}

type view struct {
	*Report
	Day     string
	Columns []string
	Rows    []viewRow
	Notes   []string
	Charts  []template.HTML
}

type viewRow struct {
	Name, Version string
	Cells         []string
	IsOurs        bool
	Calls         string
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

var page = template.Must(template.New("page").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>bosh-server: benchmark of {{.Day}}</title>
<style>
body { font: 15px/1.5 sans-serif; margin: 2em auto; max-width: 100em; padding: 0 1em; color: #222 }
table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums }
th, td { padding: .25em .6em; text-align: right; border-bottom: 1px solid #ddd; white-space: nowrap }
td:first-child, th:first-child { text-align: left }
.ours td { background: #eaf3fb }
.wide { overflow-x: auto }
code { background: #f2f2f2; padding: .1em .3em }
small { color: #666 }
</style></head><body>
<h1>bosh-server: benchmark</h1>
<p>{{.Day}}, commit <code>{{.Commit}}</code>, <code>{{.Command}}</code>.
{{.Machine.CPU}}, {{.Machine.Cores}} cores; {{.Machine.Kernel}}, {{.Machine.Go}}. Messages of {{.Message}} bytes. CPU is the server's own, user and
system, pinned to one core. A value over several rounds is its median, with the range; a ratio is between neighbouring rounds.</p>
<div class="wide"><table><tr><th></th>{{range .Columns}}<th>{{.}}</th>{{end}}</tr>
{{range .Rows}}<tr{{if .IsOurs}} class="ours"{{end}}><td>{{.Name}} <small>{{.Version}}</small></td>{{range .Cells}}<td>{{.}}</td>{{end}}</tr>
{{end}}</table></div>
{{if .Notes}}<ul>{{range .Notes}}<li>{{.}}</li>{{end}}</ul>{{end}}
{{range .Charts}}<div>{{.}}</div>
{{end}}
<h2>System calls of a message</h2><ul>{{range .Rows}}{{if .Calls}}<li>{{.Name}}: {{.Calls}}</li>{{end}}{{end}}</ul>
</body></html>
`))
