package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"go-xmpp-bosh/bench/proc"
)

func traffic(round int, micros float64) Traffic {
	return Traffic{Round: round, Sessions: 100, Messages: 1000, Wall: time.Second, CPU: time.Duration(micros * 1e6), Latency: Latency{P99: 3 * time.Millisecond}}
}

func sample() *Report {
	return &Report{
		Date: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Commit: "abc", Command: "go run ./bench", Message: 256,
		Subjects: []*Subject{
			{
				Server: "bosh-server", Transport: "bosh2", Start: proc.Memory{Resident: 1 << 20, Proportional: 1 << 20},
				SetUps: []SetUp{{Sessions: 100, CPU: 10 * time.Millisecond}},
				Idle:   []Idle{{Sessions: 100, Memory: proc.Memory{Resident: 1<<20 + 204800, Proportional: 1<<20 + 102400}}},
				Echo:   []Traffic{traffic(0, 20), traffic(1, 24), traffic(2, 22)}, Push: []Traffic{traffic(0, 5)},
				Paced: []Traffic{{Messages: 5, Latency: Latency{P50: time.Millisecond, P99: 2 * time.Millisecond}}}, Churn: &Traffic{Messages: 10, CPU: time.Millisecond},
				After: &proc.Memory{Resident: 1 << 21}, Calls: map[string]float64{"read": 2, "write": 2.5},
			},
			{Server: "haproxy", Transport: "tcp", Echo: []Traffic{traffic(0, 10), traffic(1, 8), traffic(2, 11)}},
			{Server: "nginx", Transport: "post", Missing: "nginx is not installed"},
			{Server: "ejabberd", Transport: "bosh2", TLS: true, Failure: "3 messages lost"},
		},
	}
}

func TestRatiosAreOfNeighbours(t *testing.T) {
	r := sample()
	if got := Ratio(r.Subjects[0].Echo, r.Subjects[1].Echo); got.Median != 2 || got.Least != 2 || got.Most != 3 || got.N != 3 {
		t.Errorf("%+v", got)
	}
	if got := Ratio(r.Subjects[0].Echo, nil); got.N != 0 || got.String() != "–" {
		t.Errorf("%+v", got)
	}
}

func TestSpread(t *testing.T) {
	for _, test := range []struct {
		values []float64
		want   string
	}{{nil, "–"}, {[]float64{2}, "2"}, {[]float64{3, 1, 2}, "2 [1–3]"}, {[]float64{4, 1, 2, 3}, "2.5 [1–4]"}, {[]float64{1041.6, 12345}, "6693 [1042–12345]"}} {
		if got := SpreadOf(test.values).String(); got != test.want {
			t.Errorf("%v: %s, want %s", test.values, got, test.want)
		}
	}
}

func TestDerivedFigures(t *testing.T) {
	s := sample().Subjects[0]
	if got := s.Echo[0].PerMessage(); got != 20 {
		t.Errorf("%v µs a message", got)
	}
	if got := s.SetUps[0].PerSession(); got != 100 {
		t.Errorf("%v µs a set-up", got)
	}
	if rss, pss := s.BytesPerSession(s.Idle[0]); rss != 2048 || pss != 1024 {
		t.Errorf("%v, %v", rss, pss)
	}
	if s.Kept() != 2 {
		t.Errorf("kept %v", s.Kept())
	}
	if got := (&Traffic{}).PerMessage(); got != 0 {
		t.Errorf("%v of nothing", got)
	}
	if busy := s.Echo[0].Busy(); busy != 0.02 {
		t.Errorf("busy %v", busy)
	}
}

func TestTable(t *testing.T) {
	var b strings.Builder
	r := sample()
	if err := r.WriteTable(&b); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"bosh-server bosh2", "22 [20–24]", "2 [2–3]", "2.00×1.0 MB", "1 of 1", "4.50", "nginx is not installed", "FAILED  ejabberd bosh2+tls: 3 messages lost"} {
		if !strings.Contains(b.String(), part) {
			t.Errorf("no %q in\n%s", part, b.String())
		}
	}
	if !r.Failed() || (&Report{}).Failed() || !(&Report{Ended: "by a signal"}).Failed() {
		t.Error("failure isn't told from success")
	}
	for _, s := range r.Subjects {
		if row := r.Row(s); len(row) != len(columns) {
			t.Errorf("%s: %d cells for %d columns", s.Name(), len(row), len(columns))
		}
	}
}

func TestJSONRoundTrip(t *testing.T) {
	var b bytes.Buffer
	if err := sample().WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var back Report
	if err := json.Unmarshal(b.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if len(back.Subjects) != 4 || back.Subjects[0].Echo[1].PerMessage() != 24 || back.FileName() != "2026-01-02T030405Z" {
		t.Errorf("%+v", back)
	}
}

// The page stands alone: no script, no style sheet, no picture from elsewhere.
func TestPageStandsAlone(t *testing.T) {
	var b bytes.Buffer
	if err := sample().WriteHTML(&b); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, outside := range []string{"src=", "<link", "<script", "@import", "<image", "url("} {
		if strings.Contains(page, outside) {
			t.Errorf("the page has %s", outside)
		}
	}
	if n := strings.Count(page, "<svg"); n != 7 {
		t.Errorf("%d charts", n)
	}
	for rest := page; ; {
		_, svg, ok := strings.Cut(rest, "<svg")
		if !ok {
			break
		}
		svg, rest, _ = strings.Cut(svg, "</svg>")
		if err := xml.Unmarshal([]byte("<svg"+svg+"</svg>"), new(struct{})); err != nil {
			t.Errorf("a chart is no XML: %v", err)
		}
	}
}
