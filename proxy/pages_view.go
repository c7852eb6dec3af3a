package proxy

import (
	"bytes"
	"fmt"
	"html/template"
	"math"
	"os"
	"strconv"
	"time"
)

// view is what a page shows.
type view struct {
	Title    string
	Host     string
	Uptime   string
	Draining bool
	Refresh  int // seconds
	Style    template.CSS
	Tiles    []tile
	Charts   []chart
	Totals   []totals
	Info     *info // of the operators' page
}

// tile is one number.
type tile struct{ Label, Value, Note string }

// totals is a row of the table.
type totals struct{ Name, Sessions, SessionsAll, Streams, StreamsAll string }

// chart is a small drawing of the history. Lines are in its view box of chartWidth by chartHeight.
type chart struct {
	Title, Top string
	Lines      []line
}

type line struct {
	Name, Now  string
	Path, Area string
	Number     int // for its colour
}

const (
	chartWidth  = 600
	chartHeight = 120
)

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// render makes the page. It can't fail: the template is the program's, and so are the types in it.
func render(v *view) []byte {
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, v); err != nil {
		return []byte(err.Error())
	}
	return b.Bytes()
}

// hostName is the machine's, as it is at the start.
var hostName, _ = os.Hostname()

// view is the statistics page.
func (s *Server) view(st *Stats) *view {
	newest := &st.History[samples-1]
	bosh, ws := TransportBOSH, TransportWebSocket
	rate := func(n uint64) string { return decimal(float64(n) / float64(SampleSeconds)) }
	v := &view{
		Title: "BOSH and WebSocket for XMPP", Host: hostName, Uptime: span(st.At.Sub(st.Started)), Draining: st.Draining,
		Refresh: SampleSeconds, Style: template.CSS(pageStyle), //nolint:gosec // a file of the program
		Tiles: []tile{
			{"Sessions", grouping(st.Sessions[bosh].Active() + st.Sessions[ws].Active()), grouping(st.Sessions[bosh].Opened+st.Sessions[ws].Opened) + " since the start"},
			{"Streams", grouping(st.Streams[bosh].Active() + st.Streams[ws].Active()), grouping(st.Streams[bosh].Opened+st.Streams[ws].Opened) + " since the start"},
			{"Requests a second", rate(newest.Requests), "over the last 10 s"},
			{"Stanzas a second", rate(newest.Stanzas.In + newest.Stanzas.Out), "over the last 10 s"},
		},
	}
	for t := range Transports {
		name := [Transports]string{"BOSH", "WebSocket"}[t]
		v.Totals = append(v.Totals, totals{
			name, grouping(st.Sessions[t].Active()), grouping(st.Sessions[t].Opened),
			grouping(st.Streams[t].Active()), grouping(st.Streams[t].Opened),
		})
	}
	per := 1 / float64(SampleSeconds)
	v.Charts = []chart{
		draw("Sessions", st, 1, decimal, series{"BOSH", func(p *Sample) uint64 { return p.Sessions[bosh] }}, series{"WebSocket", func(p *Sample) uint64 { return p.Sessions[ws] }}),
		draw("Requests a second", st, per, decimal, series{"requests", func(p *Sample) uint64 { return p.Requests }}),
		draw("Stanzas a second", st, per, decimal, series{"from clients", func(p *Sample) uint64 { return p.Stanzas.In }}, series{"to clients", func(p *Sample) uint64 { return p.Stanzas.Out }}),
		draw("Bytes a second", st, per, size, series{"from clients", func(p *Sample) uint64 { return p.Bytes.In }}, series{"to clients", func(p *Sample) uint64 { return p.Bytes.Out }}),
	}
	return v
}

type series struct {
	name string
	of   func(*Sample) uint64
}

// draw makes a chart of series, in units of 1/scale; all of it shares one height.
func draw(title string, st *Stats, scale float64, text func(float64) string, list ...series) chart {
	top := 0.0
	for i := range st.History {
		for _, e := range list {
			top = max(top, float64(e.of(&st.History[i]))*scale)
		}
	}
	top = ceiling(top)
	c := chart{Title: title, Top: text(top)}
	for n, e := range list {
		var path []byte
		for i := range st.History {
			n := e.of(&st.History[i])
			if i > 0 && i < samples-1 && n == e.of(&st.History[i-1]) && n == e.of(&st.History[i+1]) {
				continue // the line goes on as it was
			}
			v := float64(n) * scale
			if i > 0 {
				path = append(path, 'L')
			}
			path = strconv.AppendFloat(path, float64(i)*chartWidth/(samples-1), 'f', 1, 64)
			path = append(path, ' ')
			path = strconv.AppendFloat(path, chartHeight-v/top*chartHeight, 'f', 1, 64)
		}
		c.Lines = append(c.Lines, line{
			Name: e.name, Now: text(float64(e.of(&st.History[samples-1])) * scale), Number: n,
			Path: "M" + string(path), Area: fmt.Sprintf("M0 %dL%sL%d %dZ", chartHeight, path, chartWidth, chartHeight),
		})
	}
	return c
}

// ceiling is the next of 1, 2, 5, 10, 20 …
func ceiling(v float64) float64 {
	if v <= 1 {
		return 1
	}
	ten := math.Pow(10, math.Floor(math.Log10(v)))
	for _, f := range [...]float64{1, 2, 5} {
		if v <= f*ten {
			return f * ten
		}
	}
	return 10 * ten
}

// grouping writes a number with thin spaces between its thousands.
func grouping(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}

// decimal writes a rate: with a digit behind the point where that says something.
func decimal(v float64) string {
	if v >= 100 || v == math.Trunc(v) {
		return grouping(uint64(math.Round(v)))
	}
	return strconv.FormatFloat(v, 'f', 1, 64)
}

// size writes a number of bytes.
func size(v float64) string {
	for _, unit := range [...]string{"B", "KB", "MB", "GB"} {
		if v < 1000 {
			return decimal(v) + "\u202f" + unit
		}
		v /= 1000
	}
	return decimal(v) + "\u202fTB"
}

// span writes a duration in its two largest units.
func span(d time.Duration) string {
	s := int64(d.Seconds())
	switch {
	case s >= 86400:
		return fmt.Sprintf("%d d %d h", s/86400, s%86400/3600)
	case s >= 3600:
		return fmt.Sprintf("%d h %d min", s/3600, s%3600/60)
	case s >= 60:
		return fmt.Sprintf("%d min %d s", s/60, s%60)
	}
	return fmt.Sprintf("%d s", s)
}
