package report

import (
	"strings"
	"testing"
	"time"

	"go-xmpp-bosh/bench/proc"
)

// paced is traffic with such 99th percentiles, in milliseconds.
func paced(ms ...int) (all []Traffic) {
	for i, p := range ms {
		all = append(all, Traffic{Round: i, Sessions: 100, Messages: 100, Latency: Latency{P99: time.Duration(p) * time.Millisecond}})
	}
	return all
}

func idle(sessions, bytes int) Idle {
	return Idle{Sessions: sessions, Memory: proc.Memory{Resident: int64(1<<20 + sessions*bytes)}}
}

// compared is a run in which bosh-server reaches some targets and misses others.
func compared() *Report {
	start := proc.Memory{Resident: 1 << 20}
	return &Report{Subjects: []*Subject{
		{
			Server: oursName, Transport: "websocket", Start: start, Paced: paced(3, 2, 4), After: &proc.Memory{Resident: 1 << 21},
			Echo: []Traffic{traffic(0, 12), traffic(1, 14)}, Push: []Traffic{traffic(0, 14)}, SetUps: []SetUp{{Sessions: 10, CPU: 2 * time.Millisecond}},
			Idle: []Idle{idle(50, 9000), idle(100, 1500), idle(900, 4000)}, Steady: proc.Summary{Cycles: 2, Longest: 2 * time.Millisecond},
			Busy: &Traffic{GC: proc.Summary{Cycles: 1, Longest: time.Millisecond / 4}},
		},
		{Server: oursName, Transport: "bosh2", Start: start, Paced: paced(9), Echo: []Traffic{traffic(0, 21)}, Idle: []Idle{idle(100, 3000)}},
		{Server: oursName, Transport: "websocket", TLS: true, Paced: paced(1)},
		{Server: oursName, Transport: "websocket", Loops: 1, Echo: []Traffic{traffic(0, 10)}},
		{Server: oursName, Transport: "websocket", Loops: 2, Echo: []Traffic{{Round: 0, Sessions: 100, Messages: 1500, Wall: time.Second, CPU: 18 * time.Millisecond}}},
		{Server: baseName, Transport: "tcp", Paced: paced(1), Echo: []Traffic{traffic(0, 10), traffic(1, 10)}, Push: []Traffic{traffic(0, 10)}, SetUps: []SetUp{{Sessions: 10, CPU: time.Millisecond}}},
		{Server: "node-xmpp-bosh", Transport: "ws-stream", Paced: paced(5), Echo: []Traffic{traffic(0, 60)}},
		{Server: "ejabberd", Transport: "websocket", Paced: paced(4)},
		{Server: "ejabberd", Transport: "bosh1", Paced: paced(8)},
	}}
}

func TestTargets(t *testing.T) {
	want := map[string]struct {
		verdict Verdict
		found   string
		others  string
	}{
		"CPU of an echo, WebSocket":                          {Missed, "1.3 [1.2–1.4] ×, 13 µs", "60 µs – –"},
		"CPU of an echo, BOSH, two requests a message":       {Reached, "2.1 ×, 21 µs", "– – –"},
		"CPU of an echo, BOSH, one request a message":        {NotMeasured, "", "– – –"},
		"CPU of a pushed message, WebSocket":                 {Missed, "1.4 ×, 14 µs", "– – –"},
		"CPU of a session's set-up, WebSocket":               {Missed, "200 µs, 2 ×", "– – –"},
		"CPU of a session's set-up, BOSH":                    {NotMeasured, "", "– – –"},
		"resident bytes of an idle session, WebSocket":       {Reached, "1.46 KB (100 sessions)", "– – –"},
		"resident bytes of an idle session, BOSH":            {Missed, "2.93 KB (100 sessions)", "– – –"},
		"resident memory after all sessions closed":          {Missed, "2 × (websocket)", "– – –"},
		"99th percentile of paced traffic, WebSocket":        {Reached, "3 [2–4] ms (websocket, 1 of 3)", "5 ms – 4 ms"},
		"99th percentile of paced traffic, BOSH":             {Missed, "9 ms (bosh2, 2 of 2)", "– – –"},
		"longest pause of the collector in measured traffic": {Reached, "0.25 ms, of 1 collections (2 ms, of 2, with the times when others had the core)", "– – –"},
	}
	for _, target := range compared().Targets() {
		w, ok := want[target.What]
		if got := strings.Join(target.Others[:], " "); !ok || target.Verdict != w.verdict || target.Found != w.found || got != w.others {
			t.Errorf("%+v, want %+v", target, w)
		}
		delete(want, target.What)
	}
	if len(want) > 0 {
		t.Errorf("no target: %v", want)
	}
	for _, target := range (&Report{}).Targets() {
		if target.Verdict != NotMeasured || target.Found != "" {
			t.Errorf("found in nothing: %+v", target)
		}
	}
}

func TestRank(t *testing.T) {
	r := compared()
	for i, want := range []string{"1 of 3", "2 of 2", "–", "–", "–", "–", "3 of 3", "2 of 3", "1 of 2"} {
		if got := r.rank(r.Subjects[i]); got != want {
			t.Errorf("%s: %s, want %s", r.Subjects[i].Name(), got, want)
		}
	}
}

func TestScaling(t *testing.T) {
	lines := compared().Scaling()
	if len(lines) != 1 || !strings.HasPrefix(lines[0], "bosh-server websocket loops=2 over one loop, 100 sessions, all on any core: 1.5 × the messages/s (1500 against 1000) at 1.2 × the CPU") {
		t.Errorf("%q", lines)
	}
}

func TestMarkdown(t *testing.T) {
	var b strings.Builder
	r := compared()
	for _, err := range []error{r.WriteRun(&b, "bench/results/x.json"), r.WriteTargets(&b), r.WriteFigures(&b)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, part := range []string{"`bench/results/x.json`", "* bosh-server websocket loops=2 over", "| **no** |", "| yes |", "`go run ./bench --peer=all --only=websocket,haproxy,ws-stream`", "| 1 of 3 |"} {
		if !strings.Contains(b.String(), part) {
			t.Errorf("no %q in\n%s", part, b.String())
		}
	}
	bars := 0 // of the table's lines
	for line := range strings.Lines(b.String()) {
		n := strings.Count(line, "|")
		if n > 0 && bars > 0 && n != bars && !strings.HasPrefix(line, "|  |") {
			t.Errorf("%d bars, not %d: %s", n, bars, line)
		}
		bars = n
	}
}

func TestNamesOfVerdicts(t *testing.T) {
	for v, want := range map[Verdict]string{NotMeasured: "not measured", Reached: "yes", Missed: "no", 9: "unknown"} {
		if v.String() != want {
			t.Errorf("%d: %s", v, v)
		}
	}
}
