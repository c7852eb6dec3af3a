package load

import (
	"testing"

	"github.com/HdrHistogram/hdrhistogram-go"

	"go-xmpp-bosh/bench/wire"
)

func TestNumbersAreChecked(t *testing.T) {
	for _, test := range []struct {
		name             string
		seqs             []uint32
		doubled, skipped uint64
	}{
		{"in order", []uint32{1, 2, 3}, 0, 0},
		{"doubled", []uint32{1, 2, 2, 3}, 1, 0},
		{"lost", []uint32{1, 4}, 0, 2},
		{"swapped", []uint32{2, 1, 3}, 1, 1},
	} {
		g := &Generator{mode: Quiet}
		g.latency = newHistogram()
		s := &session{phase: phaseReady}
		for _, seq := range test.seqs {
			g.took(s, wire.Mark{Kind: wire.KindPush, Seq: seq})
		}
		if g.count.Doubled != test.doubled || g.count.Skipped != test.skipped {
			t.Errorf("%s: %+v", test.name, g.count)
		}
		if (g.count.Trouble() != "") != (test.doubled+test.skipped > 0) {
			t.Errorf("%s: %q", test.name, g.count.Trouble())
		}
	}
}

func TestCountsAdd(t *testing.T) {
	sum := Count{Ready: 1, Sent: 2, FirstError: ""}.Add(Count{Ready: 3, Sent: 4, Lost: 1, FirstError: "why"})
	if sum.Ready != 4 || sum.Sent != 6 || sum.Lost != 1 || sum.FirstError != "why" {
		t.Errorf("%+v", sum)
	}
}

func newHistogram() *hdrhistogram.Histogram { return hdrhistogram.New(latencyMin, latencyMax, digits) }
