package buffer

import "math/bits"

const (
	minBits = 6  // 64 bytes
	maxBits = 20 // 1 MiB
	classes = (maxBits-minBits)*steps + 1

	// steps is how many classes there are for a doubling of the size. They are sizes that Go's allocator has too, or nearly so; an answer that is kept for
	// a repeat wastes an eighth of its slice, where with powers of two it is a quarter.
	steps = 4

	// ClassBytesMax bounds the free bytes that each size class keeps: what a loop's next few hundred callbacks may want again, and
	// no more. A class whose slices are larger keeps one.
	ClassBytesMax = 512 << 10
)

// Pool is a set of free lists. The zero value is ready for use.
type Pool struct {
	free [classes][][]byte // each of exactly its class's capacity
}

// Get returns an empty slice with room for n bytes, owned by the caller. Above the largest class it is made to measure.
func (p *Pool) Get(n int) []byte {
	c := classOf(n)
	if c >= classes {
		return make([]byte, 0, n)
	}
	list := p.free[c]
	if len(list) == 0 {
		return make([]byte, 0, sizeOf(c))
	}
	last := len(list) - 1
	b := list[last]
	list[last] = nil
	p.free[c] = list[:last]
	return b
}

// Put gives b back; the caller may not use it any more. A slice of a size that no class has is left to the garbage collector, nil too.
func (p *Pool) Put(b []byte) {
	size := cap(b)
	c := classOf(size)
	if c >= classes || size != sizeOf(c) {
		return
	}
	if poison {
		overwrite(b[:size])
	}
	if len(p.free[c]) >= max(1, ClassBytesMax/size) {
		return
	}
	p.free[c] = append(p.free[c], b[:0])
}

// Grow returns b with room for n more bytes: b itself, or a copy in a larger class, b being given back.
func (p *Pool) Grow(b []byte, n int) []byte {
	if n <= cap(b)-len(b) {
		return b
	}
	size := len(b) + n
	if size > 1<<maxBits { // no class rounds it up: keep appending linear
		size = max(size, 2*cap(b))
	}
	g := append(p.Get(size), b...)
	p.Put(b)
	return g
}

// Append appends v to b, exchanging b for a larger slice where it has to.
func (p *Pool) Append(b []byte, v ...byte) []byte { return append(p.Grow(b, len(v)), v...) }

// AppendString is Append for a string.
func (p *Pool) AppendString(b []byte, v string) []byte { return append(p.Grow(b, len(v)), v...) }

// Trim gives all free slices to the garbage collector.
func (p *Pool) Trim() { p.free = [classes][][]byte{} }

// Free is the number of bytes that wait in the free lists.
func (p *Pool) Free() int {
	n := 0
	for c, list := range p.free {
		n += len(list) * sizeOf(c)
	}
	return n
}

// classOf is the smallest class that holds n bytes; classes or above when none does.
func classOf(n int) int {
	if n <= 1<<minBits {
		return 0
	}
	octave := bits.Len(uint(n-1)) - 1 // 2^octave is less than n
	return (octave-minBits)*steps + (n-1-1<<octave)*steps>>octave + 1
}

// sizeOf is the capacity of a class's slices.
func sizeOf(c int) int {
	octave := minBits + c/steps
	return 1<<octave + c%steps<<octave/steps
}

// overwrite makes the use of a slice that was given back visible.
func overwrite(b []byte) {
	for i := range b {
		b[i] = 0xDB
	}
}
