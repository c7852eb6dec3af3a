package httpparse

import (
	"strings"
	"testing"
)

// BenchmarkParse: strophe.js in Chromium, 12 fields and a body of 200 bytes.
func BenchmarkParse(b *testing.B) {
	raw := []byte(stropheRequest)
	head := strings.Index(stropheRequest, "\r\n\r\n") + 4
	for name, cuts := range map[string][]int{"whole": {len(raw)}, "head-then-body": {head, len(raw)}} {
		b.Run(name, func(b *testing.B) {
			var p Parser
			var r Request
			b.SetBytes(int64(len(raw)))
			b.ReportAllocs()
			for b.Loop() {
				status := 0
				for _, cut := range cuts {
					_, status = p.Parse(&DefaultLimits, raw[:cut], &r)
				}
				if status != StatusOK {
					b.Fatal(status)
				}
			}
		})
	}
}

// BenchmarkParseChunked: 100 KB in chunks of 4 KB, arriving 1,460 bytes at a time.
func BenchmarkParseChunked(b *testing.B) {
	whole := []byte(chunkedHead + strings.Repeat("1000\r\n"+strings.Repeat("x", 4096)+"\r\n", 24) + "0\r\n\r\n")
	raw := make([]byte, len(whole))
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	var p Parser
	var r Request
	for b.Loop() {
		copy(raw, whole)
		status := 0
		for end := 0; end < len(raw); {
			end = min(end+1460, len(raw))
			_, status = p.Parse(&DefaultLimits, raw[:end], &r)
		}
		if status != StatusOK {
			b.Fatal(status)
		}
	}
}

func BenchmarkHeadAppend(b *testing.B) {
	h := NewHead(200, []Field{
		{[]byte("Content-Type"), []byte("text/xml; charset=utf-8")},
		{[]byte("Access-Control-Allow-Origin"), []byte("*")},
	})
	date := AppendDate(nil, 784111777)
	dst := make([]byte, 0, 512)
	b.ReportAllocs()
	for b.Loop() {
		dst = h.Append(dst[:0], date, 213, true, 1)
	}
}

func BenchmarkAppendDate(b *testing.B) {
	var dst [DateSize]byte
	b.ReportAllocs()
	for b.Loop() {
		AppendDate(dst[:0], 784111777)
	}
}

func BenchmarkCleanPath(b *testing.B) {
	dst := make([]byte, 0, 64)
	b.ReportAllocs()
	for b.Loop() {
		CleanPath(dst, []byte("/http-bind/"))
	}
}
