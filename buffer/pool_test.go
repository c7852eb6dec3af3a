package buffer

import (
	"bytes"
	"fmt"
	"testing"
)

func TestGetSizes(t *testing.T) {
	var p Pool
	for _, c := range []struct{ n, want int }{
		{-1, 64}, {0, 64}, {1, 64}, {64, 64}, {65, 80}, {80, 80}, {81, 96}, {112, 112}, {113, 128}, {128, 128}, {129, 160}, {4097, 5120}, {1<<20 - 1, 1 << 20}, {1 << 20, 1 << 20}, {1<<20 + 1, 1<<20 + 1},
	} {
		for range 2 { // new, and from the list
			b := p.Get(c.n)
			if len(b) != 0 || cap(b) != c.want {
				t.Errorf("Get(%d): len %d cap %d, want 0 and %d", c.n, len(b), cap(b), c.want)
			}
			p.Put(b)
		}
	}
}

// Each size has the smallest class that holds it, and a class is the class of its size.
func TestClasses(t *testing.T) {
	for c := range classes {
		size := sizeOf(c)
		if classOf(size) != c || classOf(size+1) != c+1 {
			t.Errorf("class %d, of %d bytes: that is class %d, and one more is class %d", c, size, classOf(size), classOf(size+1))
		}
	}
	if got := sizeOf(classes - 1); got != 1<<maxBits {
		t.Errorf("the largest class has %d bytes", got)
	}
}

func TestPutKeepsWhatAClassHolds(t *testing.T) {
	var p Pool
	for _, b := range [][]byte{nil, {}, make([]byte, 0, 63), make([]byte, 0, 100), make([]byte, 0, 144), make([]byte, 0, 32), make([]byte, 0, 2<<20)} {
		p.Put(b)
	}
	if p.Free() != 0 {
		t.Fatalf("%d bytes of odd sizes kept", p.Free())
	}
	b := append(p.Get(100), "abc"...)
	p.Put(b)
	if p.Free() != 112 {
		t.Fatalf("%d bytes kept, want 112", p.Free())
	}
	if c := p.Get(112); len(c) != 0 || &c[:1][0] != &b[0] {
		t.Fatal("what was given back is not handed out again")
	}
}

func TestFreeBytesAreBounded(t *testing.T) {
	var p Pool
	for _, size := range []int{64, 4096, 1 << 20} {
		n := 2*ClassBytesMax/size + 2
		for range n {
			p.Put(make([]byte, size))
		}
		if want := max(ClassBytesMax, size); p.Free() != want {
			t.Errorf("class %d keeps %d bytes, want %d", size, p.Free(), want)
		}
		p.Trim()
		if p.Free() != 0 {
			t.Errorf("%d bytes after Trim", p.Free())
		}
	}
}

func TestGrow(t *testing.T) {
	var p Pool
	b := append(p.Get(60), bytes.Repeat([]byte("x"), 60)...)
	if c := p.Grow(b, 4); &c[0] != &b[0] || cap(c) != 64 {
		t.Fatal("moved although there was room")
	}
	old := &b[0]
	b = p.Grow(b, 5)
	if cap(b) != 80 || string(b) != string(bytes.Repeat([]byte("x"), 60)) {
		t.Fatalf("len %d cap %d after Grow", len(b), cap(b))
	}
	if c := p.Get(1); &c[:1][0] != old {
		t.Fatal("the smaller slice was not given back")
	}
	if b = p.Grow(nil, 10); cap(b) != 64 {
		t.Fatalf("Grow(nil, 10) has capacity %d", cap(b))
	}
}

// Appending past the largest class stays linear: the slice at least doubles.
func TestGrowPastTheLargestClass(t *testing.T) {
	var p Pool
	var b []byte
	copies := 0
	chunk := make([]byte, 1000)
	for len(b) < 16<<20 {
		before := cap(b)
		b = p.Append(b, chunk...)
		if cap(b) != before {
			copies++
		}
	}
	if copies > classes+5 { // each class, and four doublings
		t.Fatalf("%d copies for 16 MB", copies)
	}
}

func TestAppend(t *testing.T) {
	var p Pool
	var b []byte
	var want bytes.Buffer
	for i := range 1000 {
		s := fmt.Sprint(i)
		b = p.AppendString(p.Append(b, ' '), s)
		want.WriteString(" " + s)
	}
	if string(b) != want.String() {
		t.Fatal("content differs")
	}
}
