package main

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"go-xmpp-bosh/bench/load"
	"go-xmpp-bosh/bench/peer"
)

// options are the command line, and what follows from it.
type options struct {
	quick      bool
	part       bool // not all subjects, or fewer sessions
	peers      []string
	only       []string
	results    string
	binary     string
	message    int
	million    int
	loops      int    // of the server that is measured against one with one loop; 0: none is
	publishing string // a result to write into the documentation, instead of measuring
	serverCore int
	loadCore   int
	sizing
}

// sizing is how much is done: in full or for a quick look.
type sizing struct {
	steps      []int // of sessions, at each of which idle memory is read; the first is that of paced traffic, too
	bosh       int   // sessions of echo and push, over BOSH
	stream     int   // and over WebSocket and TCP
	busy       int   // of them, those that send in the round in which the others rest; 0: there is none
	most       bool
	rounds     int
	others     int           // rounds of those that are neither ours nor a floor
	lead       time.Duration // of traffic before a measurement
	window     time.Duration // of a measurement
	interval   time.Duration // of paced traffic
	windows    int           // of paced traffic, each an interval long
	rest       time.Duration // before idle memory is read
	afterwards time.Duration // before memory is read when all has closed
	trace      time.Duration // between two looks whether enough was traced
	patience   time.Duration // for whatever has to come to an end
}

var (
	fullSizing = sizing{
		steps: []int{1000, 4000}, bosh: 4000, stream: 8000, busy: 500, most: true, rounds: 3, others: 2,
		lead: 500 * time.Millisecond, window: 1500 * time.Millisecond, interval: 2 * time.Second, windows: 3,
		rest: time.Second, afterwards: 10 * time.Second, trace: 300 * time.Millisecond, patience: time.Minute,
	}
	quickSizing = sizing{
		steps: []int{200}, bosh: 500, stream: 500, rounds: 1, others: 1,
		lead: 100 * time.Millisecond, window: 500 * time.Millisecond, interval: 500 * time.Millisecond, windows: 1,
		rest: 100 * time.Millisecond, afterwards: 2 * time.Second, trace: 300 * time.Millisecond, patience: 20 * time.Second,
	}
)

func parseOptions(args []string, w io.Writer) (*options, error) {
	o := &options{}
	var peers, only string
	f := pflag.NewFlagSet("bench", pflag.ContinueOnError)
	f.SetOutput(w)
	f.SortFlags = false
	f.BoolVar(&o.quick, "quick", false, "fewer sessions, one round: a first look in less than a minute")
	f.StringVar(&peers, "peer", "", "servers to compare with, besides haproxy and nginx: "+strings.Join(peer.Names(), ", ")+"; all, or none (no floors either)")
	f.StringVar(&only, "only", "", "of all subjects only those whose names hold one of these words, or are =NAME: \"bosh2,=haproxy tcp\"")
	f.StringVar(&o.results, "results", filepath.Join("bench", "results"), "folder for the results; empty: none are written")
	f.StringVar(&o.binary, "binary", "", "the bosh-server to measure; without it, it is built")
	f.IntVar(&o.message, "message-bytes", 256, "bytes of a message's stanza")
	f.IntVar(&o.million, "million", 0, "instead of all that: measure the machines of so many sessions without sockets")
	f.Lookup("million").NoOptDefVal = "1000000"
	f.IntVar(&o.serverCore, "server-core", 1, "core of the server under test; -1: any")
	f.IntVar(&o.loadCore, "load-core", 0, "core of backend and load generators; -1: any")
	f.IntVar(&o.loops, "loops", -1, "loops of a bosh-server whose throughput is compared with that of one loop, both on any core; 0: not measured (2; --quick: 0)")
	f.StringVar(&o.publishing, "publish", "", "instead of measuring: write this result (a JSON file, or latest) into docs/performance.md")
	rounds := f.Int("rounds", 0, "interleaved repeats of echo and push (3, of peers that are no floors 2; --quick: 1)")
	sessions := f.Int("sessions", 0, "sessions of echo and push, whatever the transport")
	f.Usage = func() { fmt.Fprintf(w, "Usage: go run ./bench [flags]\n\n%s", f.FlagUsagesWrapped(100)) }
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	if f.NArg() > 0 {
		return nil, fmt.Errorf("unexpected argument %q", f.Arg(0))
	}
	o.sizing = fullSizing
	if o.quick {
		o.sizing = quickSizing
	}
	if *rounds > 0 {
		o.rounds, o.others = *rounds, *rounds
	}
	if *sessions > 0 {
		o.bosh, o.stream, o.busy, o.most = *sessions, *sessions, min(o.busy, *sessions), false
	}
	switch {
	case o.loops < 0 && o.quick:
		o.loops = 0
	case o.loops < 0:
		o.loops = 2
	}
	o.part = only != "" || *sessions > 0 || peers == "none"
	if only != "" {
		o.only = strings.Split(only, ",")
	}
	return o, o.choosePeers(peers)
}

func (o *options) choosePeers(peers string) error {
	switch peers {
	case "none":
		o.peers = []string{peer.Ours}
	case "all":
		o.peers = peer.Names()
	default:
		o.peers = []string{peer.Ours, "haproxy", "nginx"}
		for name := range strings.SplitSeq(peers, ",") {
			switch {
			case name == "" || slices.Contains(o.peers, name):
			case !slices.Contains(peer.Names(), name):
				return fmt.Errorf("--peer=%s: there are %s", name, strings.Join(peer.Names(), ", "))
			default:
				o.peers = append(o.peers, name)
			}
		}
	}
	return nil
}

// wanted says whether a subject is among those asked for.
func (o *options) wanted(name string) bool {
	return len(o.only) == 0 || slices.ContainsFunc(o.only, func(word string) bool { return word == "="+name || strings.Contains(name, word) })
}

// first is how many sessions a subject has for paced traffic.
func (o *options) first(t load.Transport) int { return min(o.steps[0], o.sessions(t)) }

// sessions is how many a subject has for echo and push.
func (o *options) sessions(t load.Transport) int {
	if t == load.BOSH1 || t == load.BOSH2 || t == load.Static {
		return o.bosh
	}
	return o.stream
}

// tinySizing is for the harness's own test.
var tinySizing = sizing{
	steps: []int{5}, bosh: 10, stream: 10, busy: 2, rounds: 1, others: 1,
	lead: 20 * time.Millisecond, window: 100 * time.Millisecond, interval: 100 * time.Millisecond, windows: 2, trace: 10 * time.Millisecond,
	afterwards: 10 * time.Millisecond, patience: 5 * time.Second,
}
