package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go-xmpp-bosh/bench/crew"
)

// This test binary is the crew, too, and a server with a fault.
func TestMain(m *testing.M) {
	if args := os.Args[1:]; crew.IsPart(args) {
		if crew.Main(args, os.Stdin, os.Stdout) != nil {
			os.Exit(exitFailed)
		}
		return
	}
	if kind := os.Getenv(sabotageKind); kind != "" && len(os.Args) > 1 && !strings.HasPrefix(os.Args[1], "-test.") {
		os.Exit(asSaboteur(kind))
	}
	os.Exit(m.Run())
}

// A run with ten sessions: everything but the sizes is as in a real one.
func TestTenSessions(t *testing.T) {
	o, err := parseOptions([]string{"--quick", "--peer=none", "--sessions=10", "--only=bosh2,websocket", "--server-core=-1", "--load-core=-1", "--results=" + t.TempDir()}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	o.sizing = tinySizing
	r, err := newRun(o, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	defer r.stop()
	if err := r.all(); err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	if err := r.publish(&table); err != nil {
		t.Fatal(err)
	}
	if r.report.Failed() || !strings.Contains(table.String(), "bosh-server bosh2") {
		t.Errorf("\n%s", table.String())
	}
	for _, s := range r.report.Subjects {
		if s.Missing == "" && (len(s.Echo) != 1 || len(s.Push) != 1 || len(s.Paced) != 2 || s.Busy == nil || s.Churn == nil || s.After == nil || len(s.Idle) == 0) {
			t.Errorf("%s: not all was measured: %+v", s.Name(), s)
		}
		// Of both sides, and with two connections of the poll.
		want := map[string]float64{"websocket": 4, "bosh2": 6}[s.Transport]
		if got := s.Calls["read"] + s.Calls["write"]; len(s.Calls) > 0 && (got < 0.9*want || got > 1.1*want) {
			t.Errorf("%s: %.2f reads and writes a message, want about %.0f: %v", s.Name(), got, want, s.Calls)
		}
	}
	if files, err := filepath.Glob(filepath.Join(o.results, "*")); err != nil || len(files) != 2 {
		t.Errorf("%v, %v", files, err)
	}
}

func TestOptions(t *testing.T) {
	for _, args := range [][]string{{"--peer=openfire"}, {"extra"}, {"--unknown"}} {
		if _, err := parseOptions(args, io.Discard); err == nil {
			t.Errorf("%v: taken", args)
		}
	}
	o, err := parseOptions([]string{"--peer=prosody", "--only=tcp"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(o.peers, " "); got != "bosh-server haproxy nginx prosody" {
		t.Errorf("%s", got)
	}
	if !o.wanted("haproxy tcp") || o.wanted("bosh-server bosh2") {
		t.Error("--only chooses wrongly")
	}
	if got := command([]string{"--quick", "--results=some/where"}); got != "go run ./bench --quick --results=…" {
		t.Errorf("%s", got)
	}
}

// What is only a part of a full run is not taken for the newest full result; and a run of nothing has not succeeded.
func TestPartOfARun(t *testing.T) {
	for _, arg := range []string{"--only=nobody", "--sessions=10", "--peer=none"} {
		o, err := parseOptions([]string{arg}, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		if name := newReport(o).FileName() + ".json"; full.MatchString(name) {
			t.Errorf("%s: %s", arg, name)
		}
	}
	o, err := parseOptions([]string{"--only=nobody", "--binary=/none", "--results="}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	if code := measure(o, &table, t.Output()); code != exitFailed || !strings.Contains(table.String(), "--only") {
		t.Errorf("exit code %d\n%s", code, table.String())
	}
	o, err = parseOptions([]string{"--peer=all"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	r := newReport(o)
	if !full.MatchString(r.FileName() + ".json") {
		t.Errorf("%s", r.FileName())
	}
	if r.Ended = "ended by interrupt"; full.MatchString(r.FileName() + ".json") {
		t.Errorf("%s", r.FileName())
	}
}
