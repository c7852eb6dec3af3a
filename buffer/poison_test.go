//go:build race

package buffer

import "testing"

func TestPutOverwrites(t *testing.T) {
	var p Pool
	b := append(p.Get(3), "abc"...)
	p.Put(b)
	if string(b) == "abc" {
		t.Error("a slice that was given back still reads as before")
	}
}
