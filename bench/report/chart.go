package report

import (
	"bytes"
	"fmt"
	"image/color"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// bar is one bar of a chart, with the range of its repeats.
type bar struct {
	name   string
	value  Spread
	isOurs bool
}

// chart is a picture of one figure over all subjects.
type chart struct {
	title, unit, means string
	bars               []bar
}

// A chart is as wide as a phone in points, so that its text need not shrink there; a wide page has several beside each other.
const (
	barHeight   = 19 // points
	chartWidth  = 330
	chartBorder = 40
	textHeight  = 11
)

// The colours stand for the page's own, which follow the reader's choice of light or dark.
var (
	oursColor  = color.RGBA{R: 0x01, G: 0x02, B: 0x03, A: 0xff}
	otherColor = color.RGBA{R: 0x04, G: 0x05, B: 0x06, A: 0xff}

	pageColors = strings.NewReplacer(
		"fill:#010203", "fill:var(--ours)", "fill:#040506", "fill:var(--others)", "stroke:#000000", "stroke:var(--ink)",
		"font-family:Liberation Sans", "font-family:Liberation Sans,Arial,Helvetica,sans-serif;fill:var(--ink)",
		// Places are computed for the first of these; some that a reader may have instead are wider.
		"font-size:11px", "font-size:10px",
	)
)

// svg draws it: bars from left to right, the first subject on top, each with its value.
func (c *chart) svg() ([]byte, error) {
	p := plot.New()
	p.BackgroundColor = nil
	p.X.Label.Text, p.X.Min = c.unit, 0
	n := len(c.bars)
	names := make([]string, n)
	labels := plotter.XYLabels{}
	most := 0.0
	for i, b := range c.bars {
		at := n - 1 - i
		names[at] = b.name
		drawn, err := c.draw(b, at)
		if err != nil {
			return nil, fmt.Errorf("chart %s: %w", c.title, err)
		}
		p.Add(drawn...)
		end := max(b.value.Most, b.value.Median)
		most = max(most, end)
		labels.XYs = append(labels.XYs, plotter.XY{X: end, Y: float64(at)})
		labels.Labels = append(labels.Labels, number(b.value.Median))
	}
	values, err := plotter.NewLabels(labels)
	if err != nil {
		return nil, fmt.Errorf("chart %s: %w", c.title, err)
	}
	values.Offset = vg.Point{X: 3, Y: -textHeight * 0.35}
	p.Add(values)
	p.NominalY(names...)
	p.X.Max = most * 1.25
	sans := font.Font{Typeface: "Liberation", Variant: "Sans", Size: textHeight}
	for _, style := range []*font.Font{&p.X.Label.TextStyle.Font, &p.X.Tick.Label.Font, &p.Y.Tick.Label.Font} {
		*style = sans
	}
	for i := range values.TextStyle {
		values.TextStyle[i].Font = sans
	}
	canvas := vgsvg.NewWith(vgsvg.UseWH(vg.Points(chartWidth), vg.Points(float64(n)*barHeight+chartBorder)))
	p.Draw(draw.New(canvas))
	var b bytes.Buffer
	if _, err := canvas.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("chart %s: %w", c.title, err)
	}
	// Inside a page the SVG needs no XML declaration and no document type.
	_, drawing, _ := strings.Cut(b.String(), "<svg")
	return []byte("<svg role=\"img\" aria-label=\"" + c.title + "\"" + pageColors.Replace(drawing)), nil
}

// draw is a bar and, above it, the range of its repeats.
func (c *chart) draw(b bar, at int) ([]plot.Plotter, error) {
	bars, err := plotter.NewBarChart(plotter.Values{b.value.Median}, vg.Points(barHeight*0.6))
	if err != nil {
		return nil, err
	}
	bars.Horizontal, bars.XMin, bars.Color, bars.LineStyle.Width = true, float64(at), otherColor, 0
	if b.isOurs {
		bars.Color = oursColor
	}
	if b.value.N < 2 {
		return []plot.Plotter{bars}, nil
	}
	line, err := plotter.NewLine(plotter.XYs{{X: b.value.Least, Y: float64(at)}, {X: b.value.Most, Y: float64(at)}})
	if err != nil {
		return nil, err
	}
	return []plot.Plotter{bars, line}, nil
}

// charts are those of a report, without the empty ones.
func (r *Report) charts() (all []chart) {
	for _, c := range []struct {
		title, unit, means string
		of                 func(*Subject) Spread
	}{
		{"CPU of an echo", "µs", "User and system time of the server for a message there and back.", func(s *Subject) Spread { return PerMessage(s.Echo) }},
		{"CPU of a pushed message", "µs", "From the backend to a client.", func(s *Subject) Spread { return PerMessage(s.Push) }},
		{"CPU of a session's set-up", "µs", "Connection, stream, SASL, restart, bind; with TLS its handshake.", setUpSpread},
		{"Resident memory of an idle session", "KB", "Above what the server held after its first session.", residentSpread},
		{"Paced traffic, 99th percentile", "ms", "Time of an echo when the server has little to do.", PacedP99},
		{"Memory after everything has closed", "× that at the start", "1 is the server after its first session.", keptSpread},
		{"System calls of an echo", "calls", "Counted by strace.", callsSpread},
	} {
		made := chart{title: c.title, unit: c.unit, means: c.means}
		for _, s := range r.Subjects {
			if v := c.of(s); v.N > 0 {
				made.bars = append(made.bars, bar{s.Name(), v, IsOurs(s)})
			}
		}
		if len(made.bars) > 0 {
			all = append(all, made)
		}
	}
	return all
}

func setUpSpread(s *Subject) Spread {
	var values []float64
	for i := range s.SetUps {
		values = append(values, s.SetUps[i].PerSession())
	}
	return SpreadOf(values)
}

func residentSpread(s *Subject) Spread {
	i, ok := s.working()
	if !ok {
		return Spread{}
	}
	return SpreadOf([]float64{residentKB(s, i)})
}

func keptSpread(s *Subject) Spread {
	if s.After == nil {
		return Spread{}
	}
	return SpreadOf([]float64{s.Kept()})
}

func callsSpread(s *Subject) Spread {
	if len(s.Calls) == 0 {
		return Spread{}
	}
	return SpreadOf([]float64{s.callsSum()})
}

func (s *Subject) callsSum() (sum float64) {
	for _, n := range s.Calls {
		sum += n
	}
	return sum
}
