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
	peers      []string
	only       []string
	results    string
	binary     string
	message    int
	million    int
	serverCore int
	loadCore   int
	sizing
}

// sizing is how much is done: in full or for a quick look.
type sizing struct {
	first      int // sessions of the first idle measurement, and of paced traffic
	bosh       int // sessions of echo and push, over BOSH
	stream     int // and over WebSocket and TCP
	most       bool
	rounds     int
	lead       time.Duration // of traffic before a measurement
	window     time.Duration // of a measurement
	paced      time.Duration
	interval   time.Duration
	rest       time.Duration // before idle memory is read
	afterwards time.Duration // before memory is read when all has closed
	trace      time.Duration
}

var (
	fullSizing = sizing{
		first: 1000, bosh: 4000, stream: 8000, most: true, rounds: 3, lead: 500 * time.Millisecond, window: 1500 * time.Millisecond,
		paced: 6 * time.Second, interval: 2 * time.Second, rest: time.Second, afterwards: 10 * time.Second, trace: time.Second,
	}
	quickSizing = sizing{
		first: 200, bosh: 500, stream: 500, rounds: 1, lead: 100 * time.Millisecond, window: 500 * time.Millisecond,
		paced: time.Second, interval: time.Second, rest: 100 * time.Millisecond, afterwards: 2 * time.Second, trace: 300 * time.Millisecond,
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
	f.StringVar(&only, "only", "", "of all subjects only those whose names hold one of these words, for example \"bosh2,haproxy\"")
	f.StringVar(&o.results, "results", filepath.Join("bench", "results"), "folder for the results; empty: none are written")
	f.StringVar(&o.binary, "binary", "", "the bosh-server to measure; without it, it is built")
	f.IntVar(&o.message, "message-bytes", 256, "bytes of a message's stanza")
	f.IntVar(&o.million, "million", 0, "instead of all that: measure the machines of so many sessions without sockets")
	f.Lookup("million").NoOptDefVal = "1000000"
	f.IntVar(&o.serverCore, "server-core", 1, "core of the server under test; -1: any")
	f.IntVar(&o.loadCore, "load-core", 0, "core of backend and load generators; -1: any")
	rounds := f.Int("rounds", 0, "interleaved repeats of echo and push (3; --quick: 1)")
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
		o.rounds = *rounds
	}
	if *sessions > 0 {
		o.bosh, o.stream, o.first, o.most = *sessions, *sessions, min(o.first, *sessions), false
	}
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
	return len(o.only) == 0 || slices.ContainsFunc(o.only, func(word string) bool { return strings.Contains(name, word) })
}

// sessions is how many a subject has for echo and push.
func (o *options) sessions(t load.Transport) int {
	if t == load.BOSH1 || t == load.BOSH2 || t == load.Static {
		return o.bosh
	}
	return o.stream
}

// tinySizing is for the harness's own test.
var tinySizing = sizing{
	first: 5, bosh: 10, stream: 10, rounds: 1, lead: 20 * time.Millisecond, window: 100 * time.Millisecond,
	paced: 200 * time.Millisecond, interval: 100 * time.Millisecond, afterwards: 10 * time.Millisecond,
}
