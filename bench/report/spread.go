package report

import (
	"fmt"
	"math"
	"slices"
)

// Spread is a measured value with the range that its repeats had.
type Spread struct {
	Median, Least, Most float64
	N                   int
}

// SpreadOf sums repeats up.
func SpreadOf(values []float64) (s Spread) {
	if len(values) == 0 {
		return s
	}
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return Spread{(sorted[(n-1)/2] + sorted[n/2]) / 2, sorted[0], sorted[n-1], n}
}

// String is "median [least–most]", or "–" when nothing was measured.
func (s Spread) String() string {
	switch s.N {
	case 0:
		return "–"
	case 1:
		return number(s.Median)
	}
	return number(s.Median) + " [" + number(s.Least) + "–" + number(s.Most) + "]"
}

// number has three digits, or as many as a whole number needs.
func number(v float64) string {
	if math.Abs(v) >= 1000 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3g", v)
}

// PerMessage is the CPU time of a message over the rounds, in µs.
func PerMessage(rounds []Traffic) Spread {
	var values []float64
	for i := range rounds {
		values = append(values, rounds[i].PerMessage())
	}
	return SpreadOf(values)
}

// Ratio compares the CPU time of two subjects' messages, round by round: neighbours in time, so that the machine's moods cancel out.
func Ratio(rounds, base []Traffic) Spread { return compare(rounds, base, (*Traffic).PerMessage) }

func compare(rounds, base []Traffic, of func(*Traffic) float64) Spread {
	var values []float64
	for i := range rounds {
		for j := range base {
			if base[j].Round == rounds[i].Round && of(&base[j]) > 0 {
				values = append(values, of(&rounds[i])/of(&base[j]))
			}
		}
	}
	return SpreadOf(values)
}
