package report

import (
	"bytes"
	"fmt"
	"image/color"

	"gonum.org/v1/plot"
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
	title, unit string
	bars        []bar
}

const (
	barHeight   = 22 // points
	chartWidth  = 620
	chartBorder = 70
)

var (
	oursColor  = color.RGBA{R: 0x1f, G: 0x6f, B: 0xb4, A: 0xff}
	otherColor = color.RGBA{R: 0xa8, G: 0xb4, B: 0xc0, A: 0xff}
)

// svg draws it: bars from left to right, the first subject on top.
func (c *chart) svg() ([]byte, error) {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.X.Min = c.title, c.unit, 0
	n := len(c.bars)
	names := make([]string, n)
	for i, b := range c.bars {
		at := n - 1 - i
		names[at] = b.name
		bars, err := plotter.NewBarChart(plotter.Values{b.value.Median}, vg.Points(barHeight*0.6))
		if err != nil {
			return nil, fmt.Errorf("chart %s: %w", c.title, err)
		}
		bars.Horizontal, bars.XMin, bars.Color, bars.LineStyle.Width = true, float64(at), otherColor, 0
		if b.isOurs {
			bars.Color = oursColor
		}
		p.Add(bars)
		if b.value.N > 1 {
			line, err := plotter.NewLine(plotter.XYs{{X: b.value.Least, Y: float64(at)}, {X: b.value.Most, Y: float64(at)}})
			if err != nil {
				return nil, fmt.Errorf("chart %s: %w", c.title, err)
			}
			p.Add(line)
		}
	}
	p.NominalY(names...)
	canvas := vgsvg.NewWith(vgsvg.UseWH(vg.Points(chartWidth), vg.Points(float64(n)*barHeight+chartBorder)))
	p.Draw(draw.New(canvas))
	var b bytes.Buffer
	if _, err := canvas.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("chart %s: %w", c.title, err)
	}
	// Inside a page the SVG needs no XML declaration and no document type.
	if i := bytes.Index(b.Bytes(), []byte("<svg")); i > 0 {
		return b.Bytes()[i:], nil
	}
	return b.Bytes(), nil
}

// charts are those of a report, without the empty ones.
func (r *Report) charts() (all []chart) {
	micros := func(rounds func(*Subject) []Traffic) func(*Subject) Spread {
		return func(s *Subject) Spread { return PerMessage(rounds(s)) }
	}
	for _, c := range []struct {
		title, unit string
		of          func(*Subject) Spread
	}{
		{"CPU of an echo", "µs", micros(func(s *Subject) []Traffic { return s.Echo })},
		{"CPU of a pushed message", "µs", micros(func(s *Subject) []Traffic { return s.Push })},
		{"CPU of a session's set-up", "µs", setUpSpread},
		{"Resident memory of an idle session", "KB", residentSpread},
		{"Paced traffic, 99th percentile", "ms", pacedSpread},
		{"Resident memory after everything has closed, by that at the start", "", keptSpread},
	} {
		made := chart{title: c.title, unit: c.unit}
		for _, s := range r.Subjects {
			if v := c.of(s); v.N > 0 {
				made.bars = append(made.bars, bar{s.Name(), v, s.Server == oursName})
			}
		}
		if len(made.bars) > 0 {
			all = append(all, made)
		}
	}
	return all
}

// oursName is the server whose bars stand out.
const oursName = "bosh-server"

func setUpSpread(s *Subject) Spread {
	var values []float64
	for i := range s.SetUps {
		values = append(values, s.SetUps[i].PerSession())
	}
	return SpreadOf(values)
}

func residentSpread(s *Subject) Spread {
	if len(s.Idle) == 0 {
		return Spread{}
	}
	resident, _ := s.BytesPerSession(s.Idle[len(s.Idle)-1])
	return SpreadOf([]float64{resident / 1024})
}

func pacedSpread(s *Subject) Spread {
	if s.Paced == nil {
		return Spread{}
	}
	return SpreadOf([]float64{s.Paced.Latency.P99.Seconds() * 1000})
}

func keptSpread(s *Subject) Spread {
	if s.After == nil {
		return Spread{}
	}
	return SpreadOf([]float64{s.Kept()})
}
