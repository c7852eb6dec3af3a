package proxy

import (
	"strings"
	"testing"
	"time"
)

func TestDraw(t *testing.T) {
	st := new(Stats)
	st.History[samples-2].Requests = 30
	st.History[samples-1].Requests = 15
	c := draw("R", st, 0.1, decimal, series{"requests", func(p *Sample) uint64 { return p.Requests }})
	if c.Top != "5" || len(c.Lines) != 1 || c.Lines[0].Now != "1.5" {
		t.Errorf("%+v", c)
	}
	if want := "M0.0 120.0L579.7 120.0L589.8 48.0L600.0 84.0"; c.Lines[0].Path != want {
		t.Errorf("%s, want %s", c.Lines[0].Path, want)
	}
	if a := c.Lines[0].Area; !strings.HasPrefix(a, "M0 120L0.0 120.0") || !strings.HasSuffix(a, "L600 120Z") {
		t.Error(a)
	}
}

func TestTexts(t *testing.T) {
	for got, want := range map[string]string{
		grouping(0): "0", grouping(999): "999", grouping(1234567): "1 234 567",
		decimal(0.25): "0.2", decimal(3): "3", decimal(99.96): "100.0", decimal(1234.4): "1 234",
		size(12): "12 B", size(1500): "1.5 KB", size(2e15): "2 000 TB",
		span(59 * time.Second): "59 s", span(61 * time.Second): "1 min 1 s", span(2 * time.Hour): "2 h 0 min", span(49 * time.Hour): "2 d 1 h",
	} {
		if strings.ReplaceAll(got, "\u202f", " ") != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for v, want := range map[float64]float64{0: 1, 1: 1, 1.5: 2, 2.1: 5, 6: 10, 11: 20, 99: 100, 101: 200} {
		if got := ceiling(v); got != want {
			t.Errorf("ceiling(%v) is %v, want %v", v, got, want)
		}
	}
}
