//go:build !race

package proxy

import (
	"testing"

	"go-xmpp-bosh/xmlstream"
)

// A program that hears of sessions and has no filter costs a message nothing; filters of its own that change nothing, nothing here either.
func TestProgramsAllocateNothing(t *testing.T) {
	same := func(_ *SessionRef, _ string, el *xmlstream.Element) *xmlstream.Element { return el }
	for name, p := range map[string]Program{
		"no filter": {Hooks: Hooks{Begin: func(*SessionRef) {}, End: func(*SessionRef) {}}},
		"filters":   {Hooks: Hooks{FromClient: same, FromServer: same}},
	} {
		b, w := newSteadyWith(t, 100, p), newSocketSteadyWith(t, 100, p)
		for range 50 {
			b.echo()
			w.echo()
		}
		if n := testing.AllocsPerRun(1000, b.echo); n != 0 {
			t.Errorf("%s: %v allocations per echo over BOSH, want 0", name, n)
		}
		if n := testing.AllocsPerRun(1000, w.echo); n != 0 {
			t.Errorf("%s: %v allocations per echo over WebSocket, want 0", name, n)
		}
	}
}
