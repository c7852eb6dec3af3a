package buffer

import "testing"

// A slice taken and given back, of the sizes of a small body, a frame and a large answer.
func BenchmarkGetPut(b *testing.B) {
	var p Pool
	sizes := [...]int{200, 700, 20_000}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p.Put(p.Get(sizes[i%len(sizes)]))
	}
}

// An answer that grows stanza by stanza through its classes.
func BenchmarkGrow(b *testing.B) {
	var p Pool
	stanza := make([]byte, 256)
	b.SetBytes(16 * 256)
	b.ReportAllocs()
	for b.Loop() {
		answer := p.Get(len(stanza))
		for range 16 {
			answer = p.Append(answer, stanza...)
		}
		p.Put(answer)
	}
}
