package report

import (
	"fmt"
	"strings"
	"time"

	"go-xmpp-bosh/bench/proc"
)

// Verdict is how a target was met.
type Verdict uint8

// The verdicts.
const (
	NotMeasured Verdict = iota
	Reached
	Missed
)

func (v Verdict) String() string {
	switch v {
	case NotMeasured:
		return "not measured"
	case Reached:
		return "yes"
	case Missed:
		return "no"
	}
	return "unknown"
}

// Target is one aim of the project, with what was found.
type Target struct {
	What    string
	Relay   string // HAProxy's figure
	Others  [3]string
	Goal    string
	Found   string
	Verdict Verdict
	Only    string // what has to be run for it
}

// otherNames are those of Target.Others.
var otherNames = [3]string{"node-xmpp-bosh", "prosody", "ejabberd"}

// Targets are all of them.
func (r *Report) Targets() []Target {
	perEcho := func(s *Subject) string { return unit(PerMessage(s.Echo), "µs") }
	perPush := func(s *Subject) string { return unit(PerMessage(s.Push), "µs") }
	echoes := func(s *Subject) []Traffic { return s.Echo }
	return []Target{
		r.ratioTarget("CPU of an echo, WebSocket", "websocket", 1.25, perEcho, echoes),
		r.ratioTarget("CPU of an echo, BOSH, two requests a message", "bosh2", 2.2, perEcho, echoes),
		r.ratioTarget("CPU of an echo, BOSH, one request a message", "bosh1", 1.6, perEcho, echoes),
		r.ratioTarget("CPU of a pushed message, WebSocket", "websocket", 1.25, perPush, func(s *Subject) []Traffic { return s.Push }),
		r.setUpTarget("CPU of a session's set-up, WebSocket", "websocket"),
		r.setUpTarget("CPU of a session's set-up, BOSH", "bosh2"),
		r.residentTarget("resident bytes of an idle session, WebSocket", "websocket", 1.7),
		r.residentTarget("resident bytes of an idle session, BOSH", "bosh2", 2.5),
		r.keptTarget(),
		r.pacedTarget("99th percentile of paced traffic, WebSocket", "websocket"),
		r.pacedTarget("99th percentile of paced traffic, BOSH", "bosh2", "bosh1"),
		r.pauseTarget(),
	}
}

// row fills in what others have.
func (r *Report) row(what, transport, goal string, figure func(*Subject) string) Target {
	t := Target{What: what, Goal: goal, Relay: figure(r.base()), Only: transport + ",haproxy"}
	if transport == "websocket" {
		t.Only += ",ws-stream"
	}
	for i, name := range otherNames {
		t.Others[i] = figure(r.find(name, transport))
		if transport == "websocket" && t.Others[i] == "–" {
			t.Others[i] = figure(r.find(name, "ws-stream"))
		}
	}
	return t
}

func (r *Report) ratioTarget(what, transport string, most float64, figure func(*Subject) string, rounds func(*Subject) []Traffic) Target {
	t := r.row(what, transport, fmt.Sprintf("≤ %.4g × HAProxy", most), figure)
	ours := r.find(oursName, transport)
	if ratio := Ratio(rounds(ours), rounds(r.base())); ratio.N > 0 {
		t.Found, t.Verdict = fmt.Sprintf("%s ×, %s", ratio, figure(ours)), atMost(ratio.Median, most)
	}
	return t
}

// setUpMost is the target in µs; the machine that it was set on took setUpBase for HAProxy's.
const (
	setUpMost = 170
	setUpBase = 89
)

// setUpTarget: as all targets are ratios of one run, a slower machine may take longer in proportion, and that is said.
func (r *Report) setUpTarget(what, transport string) Target {
	figure := func(s *Subject) string { return unit(setUpSpread(s), "µs") }
	t := r.row(what, transport, fmt.Sprintf("≤ %d µs, %.2g × HAProxy", setUpMost, float64(setUpMost)/setUpBase), figure)
	ours, base := setUpSpread(r.find(oursName, transport)), setUpSpread(r.base())
	if ours.N == 0 {
		return t
	}
	t.Found, t.Verdict = ours.String()+" µs", atMost(ours.Median, setUpMost)
	if base.N > 0 {
		ratio := ours.Median / base.Median
		t.Found += fmt.Sprintf(", %.3g ×", ratio)
		if t.Verdict == Missed {
			t.Verdict = atMost(ratio, float64(setUpMost)/setUpBase)
		}
	}
	return t
}

func (r *Report) residentTarget(what, transport string, most float64) Target {
	figure := func(s *Subject) string {
		if i, ok := s.working(); ok {
			return fmt.Sprintf("%.3g KB", residentKB(s, i))
		}
		return "–"
	}
	t := r.row(what, transport, fmt.Sprintf("≤ %.2g KB", most), figure)
	ours := r.find(oursName, transport)
	if i, ok := ours.working(); ok {
		kb := residentKB(ours, i)
		t.Found = fmt.Sprintf("%.3g KB (%d sessions)", kb, i.Sessions)
		if !r.Quick { // what is shared by a few hundred weighs too much
			t.Verdict = atMost(kb, most)
		}
	}
	return t
}

// keptMost is the target of memory after everything closed.
const keptMost = 1.3

func (r *Report) keptTarget() Target {
	figure := func(s *Subject) string { return unit(keptSpread(s), "×") }
	t := r.row("resident memory after all sessions closed", "websocket", fmt.Sprintf("≤ %.2g × start", keptMost), figure)
	t.Only = "bosh2,bosh1,websocket,ws-stream,haproxy"
	var found []string
	for _, transport := range []string{"bosh2", "bosh1", "websocket"} {
		if s := r.find(oursName, transport); s.After != nil {
			found = append(found, fmt.Sprintf("%.3g × (%s)", s.Kept(), transport))
			t.Verdict = max(t.Verdict, atMost(s.Kept(), keptMost))
		}
	}
	t.Found = strings.Join(found, ", ")
	return t
}

func (r *Report) pacedTarget(what string, transports ...string) Target {
	figure := func(s *Subject) string { return unit(PacedP99(s), "ms") }
	t := r.row(what, transports[0], "lowest but for the relay", figure)
	t.Only = strings.Join(transports, ",") + ",ws-stream,haproxy"
	least, others := r.lowestOther(isBOSH(transports[0]))
	var found []string
	for _, transport := range transports {
		s := r.find(oursName, transport)
		p := PacedP99(s)
		if p.N == 0 {
			continue
		}
		found = append(found, fmt.Sprintf("%s ms (%s, %s)", p, transport, r.rank(s)))
		if others {
			t.Verdict = max(t.Verdict, atMost(p.Median, least))
		}
	}
	t.Found = strings.Join(found, ", ")
	return t
}

// pauseMost is the target of the collector's stops in steady state.
const pauseMost = time.Millisecond

// pauseTarget judges the stops in measured traffic, when a server has its core to itself. Between its rounds others have that core, and a stop then
// waits for them: the longest of those is told beside it.
func (r *Report) pauseTarget() Target {
	t := Target{
		What: "longest pause of the collector in measured traffic", Relay: "–", Others: [3]string{"–", "–", "–"}, Goal: "≤ " + ms(pauseMost) + " ms", Only: oursName,
	}
	var measured, all proc.Summary
	for _, s := range r.Subjects {
		if IsOurs(s) && s.Loops == 0 && len(s.Echo) > 0 {
			measured, all, t.Verdict = measured.Add(s.inTraffic()), all.Add(s.Steady), Reached
		}
	}
	if t.Verdict == Reached {
		t.Found = fmt.Sprintf("%s ms, of %d collections (%s ms, of %d, with the times when others had the core)",
			ms(measured.Longest), measured.Cycles, ms(all.Longest), all.Cycles)
		t.Verdict = atMost(measured.Longest.Seconds(), pauseMost.Seconds())
	}
	return t
}

// inTraffic sums up the collections while the subject's sessions sent and were sent messages.
func (s *Subject) inTraffic() (sum proc.Summary) {
	for _, phase := range [][]Traffic{s.Echo, s.Push, s.Paced} {
		for i := range phase {
			sum = sum.Add(phase[i].GC)
		}
	}
	if s.Busy != nil {
		sum = sum.Add(s.Busy.GC)
	}
	return sum
}

func atMost(value, most float64) Verdict {
	if value <= most {
		return Reached
	}
	return Missed
}

// unit is a spread with its unit, or "–".
func unit(s Spread, of string) string {
	if s.N == 0 {
		return "–"
	}
	return number(s.Median) + " " + of
}

// working is the idle measurement of as many sessions as there is traffic of: a later one, of as many as there can be, has been through bursts.
func (s *Subject) working() (i Idle, ok bool) {
	n := len(s.Idle)
	if n > 1 && len(s.Echo) > 0 && s.Idle[n-1].Sessions > s.Echo[0].Sessions {
		n--
	}
	if n == 0 {
		return i, false
	}
	return s.Idle[n-1], true
}
