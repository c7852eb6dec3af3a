//go:build !race

package timer

import (
	"testing"
	"unsafe"
)

func TestNodeSize(t *testing.T) {
	if n := unsafe.Sizeof(Node{}); n != 32 {
		t.Errorf("a node takes %d bytes, want 32", n)
	}
}

func TestWheelAllocatesNothing(t *testing.T) {
	w := NewWheel(1)
	var a, b Node
	now := Time(1)
	fire := func(n *Node) { w.Set(n, now+3) }
	if n := testing.AllocsPerRun(1000, func() {
		now += 70
		w.Set(&a, now+60_000)
		w.Set(&b, now+5)
		w.Advance(now, fire)
		w.Cancel(&a)
	}); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}
