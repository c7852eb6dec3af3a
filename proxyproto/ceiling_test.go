//go:build !race

package proxyproto

import "testing"

func TestAllocations(t *testing.T) {
	for _, c := range good {
		in := []byte(c.in)
		if n := testing.AllocsPerRun(100, func() { _, _, _ = Parse(in) }); n > 2 { // the text of two addresses
			t.Errorf("%s: %v allocations", c.name, n)
		}
	}
	h, _, _ := Parse([]byte(good[0].in))
	room := make([]byte, 0, 64)
	if n := testing.AllocsPerRun(100, func() { AppendV2(room, h.Source, h.Destination) }); n != 0 {
		t.Errorf("AppendV2: %v allocations", n)
	}
}
