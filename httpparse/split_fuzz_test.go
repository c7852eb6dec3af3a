package httpparse

import (
	"bytes"
	"testing"
	"unsafe"
)

// fuzzLimits: the usual ones, and small ones that a fuzzer can pass.
var fuzzLimits = []Limits{
	DefaultLimits,
	{HeadBytes: 100, BodyBytes: 20, Fields: 4},
	{HeadBytes: 64, BodyBytes: 1000, Fields: 2},
}

func addSeeds(f *testing.F, add func(raw []byte)) {
	f.Helper()
	for _, raw := range requests {
		add([]byte(raw))
	}
	for _, fault := range faults {
		if len(fault.raw) < 1500 {
			add([]byte(fault.raw))
		}
	}
}

// FuzzSplit: the same bytes get the same answer in whatever pieces they come.
func FuzzSplit(f *testing.F) {
	addSeeds(f, func(raw []byte) { f.Add(raw, []byte{1, 7, 0, 30}, byte(0)) })
	f.Add([]byte("GET / HTTP/1.1\r\nHost: h\r\nA: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n\r\n"), []byte{99}, byte(1))
	f.Add([]byte(chunkedHead+"0\r\nA: b\r\nA: b\r\nA: b\r\n\r\n"), []byte{60, 1}, byte(2))
	f.Fuzz(func(t *testing.T, raw, steps []byte, choice byte) {
		lim := &fuzzLimits[int(choice)%len(fuzzLimits)]
		once := parseOnce(lim, raw)
		if slow := parsePieces(lim, raw, everyCut(len(raw))); slow != once {
			t.Errorf("byte by byte: %+v\nat once: %+v", slow, once)
		}
		pieces := func(yield func(int) bool) {
			cut := 0
			for _, step := range steps {
				if cut = min(cut+int(step), len(raw)); !yield(cut) {
					return
				}
			}
			yield(len(raw))
		}
		if o := parsePieces(lim, raw, pieces); o != once {
			t.Errorf("in pieces: %+v\nat once: %+v", o, once)
		}
		checkAliases(t, lim, raw)
	})
}

// checkAliases: a request lies inside the buffer that it was read from, and neither it nor the parser touched what follows.
func checkAliases(t *testing.T, lim *Limits, raw []byte) {
	t.Helper()
	var p Parser
	var r Request
	b := clip(raw)
	n, status := p.Parse(lim, b, &r)
	if status != StatusOK {
		if n != 0 || status != 0 && r.KeepAlive {
			t.Errorf("status %d with %d bytes, keep-alive %v", status, n, r.KeepAlive)
		}
		sameBytes(t, "what was not a request", b, raw)
		return
	}
	sameBytes(t, "bytes behind the request", b[n:], raw[n:])
	if n > len(b) || r.HeadBytes > n || len(r.Body) > lim.bodyBytes() || len(r.Fields) > lim.Fields {
		t.Errorf("%d of %d bytes: %+v", n, len(b), r)
	}
	slices := [][]byte{r.MethodText, r.Target, r.Body}
	for _, field := range r.Fields {
		slices = append(slices, field.Name, field.Value)
	}
	for _, s := range slices {
		if !isWithin(s, b[:n]) {
			t.Errorf("%q is not a part of the buffer", s)
		}
	}
	if !bytes.HasPrefix(bytes.TrimLeft(b, "\r\n"), r.MethodText) {
		t.Errorf("method %q", r.MethodText)
	}
}

func isWithin(s, b []byte) bool {
	if len(s) == 0 {
		return true
	}
	start := uintptr(unsafe.Pointer(unsafe.SliceData(b)))
	at := uintptr(unsafe.Pointer(unsafe.SliceData(s)))
	return at >= start && at+uintptr(len(s)) <= start+uintptr(len(b))
}
