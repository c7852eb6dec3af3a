//go:build !race

package buffer

import "testing"

func TestPoolAllocatesNothing(t *testing.T) {
	var p Pool
	data := make([]byte, 300)
	if n := testing.AllocsPerRun(1000, func() {
		b := p.Get(10)
		b = p.Append(b, data...)
		b = p.AppendString(b, "end")
		p.Put(b)
	}); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}
