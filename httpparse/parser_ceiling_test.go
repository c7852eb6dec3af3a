//go:build !race

package httpparse

import (
	"testing"
	"unsafe"
)

func TestParserSize(t *testing.T) {
	if got := unsafe.Sizeof(Parser{}); got != 28 {
		t.Errorf("a parser is %d bytes; doc.go says 28", got)
	}
}

func TestParseAllocatesNothing(t *testing.T) {
	var r Request
	for _, raw := range requests {
		whole := []byte(raw)
		b := make([]byte, len(whole))
		for name, cuts := range map[string][]int{"at once": nil, "in two pieces": {len(raw) / 2}, "in three": {len(raw) / 3, len(raw) - 2}} {
			allocs := testing.AllocsPerRun(100, func() {
				copy(b, whole) // chunks are joined in place
				var p Parser
				for _, cut := range cuts {
					p.Parse(&DefaultLimits, b[:cut], &r)
				}
				if n, status := p.Parse(&DefaultLimits, b, &r); n != len(b) || status != StatusOK {
					t.Fatalf("%q: %d, %d", raw, n, status)
				}
			})
			if allocs != 0 {
				t.Errorf("%q, %s: %v allocations", raw, name, allocs)
			}
		}
	}
}

func TestFaultAllocatesNothing(t *testing.T) {
	var r Request
	for _, f := range faults {
		b := []byte(f.raw)
		if allocs := testing.AllocsPerRun(10, func() {
			var p Parser
			p.Parse(&DefaultLimits, b, &r)
		}); allocs != 0 {
			t.Errorf("%s: %v allocations", f.name, allocs)
		}
	}
}

func TestLookUpsAllocateNothing(t *testing.T) {
	var p Parser
	var r Request
	p.Parse(&DefaultLimits, []byte("GET /a/../%62?x=1&c=%20 HTTP/1.1\r\nHost: h\r\nA: b, c\r\n\r\n"), &r)
	dst := make([]byte, 0, 64)
	for name, f := range map[string]func(){
		"Header":      func() { r.Header("a") },
		"HeaderToken": func() { r.HeaderToken("a", "c") },
		"CleanPath":   func() { CleanPath(dst, r.Path) },
		"QueryArg":    func() { r.QueryArg(dst, "c") },
		"StatusText":  func() { StatusText(404) },
	} {
		if allocs := testing.AllocsPerRun(100, f); allocs != 0 {
			t.Errorf("%s: %v allocations", name, allocs)
		}
	}
}

func TestHeadAllocatesNothing(t *testing.T) {
	h := NewHead(200, []Field{{[]byte("Content-Type"), []byte("text/xml; charset=utf-8")}})
	dst := make([]byte, 0, 512)
	var date [DateSize]byte
	if allocs := testing.AllocsPerRun(100, func() {
		dst = h.Append(dst[:0], AppendDate(date[:0], 784111777), 12345, false, 1)
	}); allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}
