package load

import (
	"fmt"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Count is what a generator has seen since it began; latencies, since they were last taken.
type Count struct {
	Ready      int    `json:"ready"`  // sessions that stand
	Opened     uint64 `json:"opened"` // sessions, ever
	Closed     uint64 `json:"closed"` // of them, those that ended properly
	Failed     uint64 `json:"failed"` // and those that did not
	FirstError string `json:"first_error,omitempty"`

	Sent    uint64 `json:"sent"`
	Echoed  uint64 `json:"echoed"`
	Pushed  uint64 `json:"pushed"`
	Awaited uint64 `json:"awaited"` // messages under way
	Silent  int    `json:"silent"`  // sessions without an echo since the closed loops began
	Late    uint64 `json:"late"`    // paced messages that were never sent, since the one before was still under way

	Lost    uint64 `json:"lost"` // messages under way when their session ended
	Skipped uint64 `json:"skipped"`
	Doubled uint64 `json:"doubled"`
	Strange uint64 `json:"strange"`
}

// Settled says whether nothing is under way.
func (g *Generator) Settled() bool {
	return g.wanted == 0 && g.opening == 0 && g.closing == 0 && len(g.ending) == 0 && g.awaiting() == 0
}

func (g *Generator) awaiting() (n uint64) {
	for _, s := range g.sessions {
		if s.awaited {
			n++
		}
	}
	return n
}

// Counts is a copy of the counts.
func (g *Generator) Counts() Count {
	c := g.count
	c.Awaited = g.awaiting()
	return c
}

// TakeLatency returns the latencies since it was last called, in HdrHistogram's encoding.
func (g *Generator) TakeLatency() ([]byte, error) {
	b, err := g.latency.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	g.latency.Reset()
	if err != nil {
		return nil, fmt.Errorf("latencies: %w", err)
	}
	return b, nil
}

// Add sums the counts of several generators.
func (c Count) Add(d Count) Count {
	c.Ready += d.Ready
	c.Opened += d.Opened
	c.Closed += d.Closed
	c.Failed += d.Failed
	c.Sent += d.Sent
	c.Echoed += d.Echoed
	c.Pushed += d.Pushed
	c.Awaited += d.Awaited
	c.Silent += d.Silent
	c.Late += d.Late
	c.Lost += d.Lost
	c.Skipped += d.Skipped
	c.Doubled += d.Doubled
	c.Strange += d.Strange
	if c.FirstError == "" {
		c.FirstError = d.FirstError
	}
	return c
}

// Trouble says what makes a run a failed one, "" if nothing does.
func (c Count) Trouble() string {
	if c.Failed+c.Lost+c.Skipped+c.Doubled+c.Strange == 0 {
		return ""
	}
	return fmt.Sprintf("%d sessions failed, %d messages lost, %d skipped, %d doubled, %d strange; first: %s",
		c.Failed, c.Lost, c.Skipped, c.Doubled, c.Strange, c.FirstError)
}
