package timer

import "testing"

// A turn of the loop in which nothing is due, while many wait.
func BenchmarkRest(b *testing.B) {
	w := NewWheel(1)
	nodes := make([]Node, 10_000)
	for i := range nodes {
		w.Set(&nodes[i], 1<<40+Time(i))
	}
	now := Time(1)
	for b.Loop() {
		w.Advance(now, func(*Node) { b.Fatal("fired early") })
		now++
	}
}
