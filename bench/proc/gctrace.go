package proc

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Collections are what a Go runtime under GODEBUG=gctrace=1 has said of its garbage collections. It is a writer for the process's standard error.
type Collections struct {
	lock       sync.Mutex
	line       []byte
	pauses     []time.Duration // the two stops of each cycle
	goroutines int             // in the dump that SIGQUIT makes
	other      []string        // the last lines that are nothing of the runtime's
}

// otherMax is how many lines are kept for complaints.
const otherMax = 30

var collection = regexp.MustCompile(`^gc \d+ @[\d.]+s \d+%: ([\d.]+)\+[\d.]+\+([\d.]+) ms clock`)

// Write takes what the process writes.
func (c *Collections) Write(b []byte) (int, error) {
	c.lock.Lock()
	defer c.lock.Unlock()
	c.line = append(c.line, b...)
	for {
		line, rest, ok := strings.Cut(string(c.line), "\n")
		if !ok {
			return len(b), nil
		}
		c.line = []byte(rest)
		c.take(line)
	}
}

func (c *Collections) take(line string) {
	if m := collection.FindStringSubmatch(line); m != nil {
		for _, ms := range m[1:] {
			if f, err := strconv.ParseFloat(ms, 64); err == nil {
				c.pauses = append(c.pauses, time.Duration(f*float64(time.Millisecond)))
			}
		}
		return
	}
	if strings.HasPrefix(line, "goroutine ") && strings.HasSuffix(line, ":") {
		c.goroutines++
	}
	if len(c.other) == otherMax {
		c.other = c.other[1:]
	}
	c.other = append(c.other, line)
}

// Summary is what the collections of a while come to.
type Summary struct {
	Cycles  int           `json:"cycles"`
	Longest time.Duration `json:"longest_pause_ns"`
	Total   time.Duration `json:"pauses_ns"`
}

// Add sums two up.
func (s Summary) Add(t Summary) Summary {
	return Summary{s.Cycles + t.Cycles, max(s.Longest, t.Longest), s.Total + t.Total}
}

// Take sums up the collections since it was last called.
func (c *Collections) Take() (s Summary) {
	c.lock.Lock()
	defer c.lock.Unlock()
	for _, p := range c.pauses {
		s.Longest = max(s.Longest, p)
		s.Total += p
	}
	s.Cycles = len(c.pauses) / 2
	c.pauses = c.pauses[:0]
	return s
}

// Goroutines is how many were in the last dump.
func (c *Collections) Goroutines() int {
	c.lock.Lock()
	defer c.lock.Unlock()
	return c.goroutines
}

// Said is the last that the process said otherwise.
func (c *Collections) Said() string {
	c.lock.Lock()
	defer c.lock.Unlock()
	return strings.Join(c.other, "\n")
}
