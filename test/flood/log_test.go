package flood

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

var logLine = regexp.MustCompile(`^time=(\S+) level=(\S+) msg=("(?:[^"\\]|\\.)*"|\S+)`)

// wantReadable: each kind of complaint is there at most once a second, and says what to do; there is little else.
func (s *server) wantReadable(t *testing.T) {
	t.Helper()
	type kind struct {
		lines       int
		first, last time.Time
		example     string
	}
	kinds := map[string]*kind{}
	other := 0
	for _, line := range s.log() {
		m := logLine.FindStringSubmatch(line)
		if m == nil {
			t.Errorf("what is this line? %s", line)
			continue
		}
		at, err := time.Parse(time.RFC3339Nano, m[1])
		switch {
		case err != nil:
			t.Error(err)
		case m[2] == "ERROR":
			t.Errorf("an error: %s", line)
		case m[2] != "WARN":
			other++
		default:
			k := kinds[m[3]]
			if k == nil {
				k = &kind{first: at, example: line}
				kinds[m[3]] = k
				if !strings.Contains(m[3], "--") && !strings.Contains(m[3], "ulimit") {
					t.Errorf("it does not say what to do: %s", line)
				}
			}
			k.lines++
			k.last = at
		}
	}
	for _, k := range kinds {
		// The second is the loop's, and a line is written a little after it: hence two more.
		if most := int(k.last.Sub(k.first)/time.Second) + 3; k.lines > most {
			t.Errorf("%d times in %v: %s", k.lines, k.last.Sub(k.first), k.example)
		}
		t.Logf("%d: %s", k.lines, k.example)
	}
	if other > 20 {
		t.Errorf("%d lines beside the complaints", other)
	}
}
