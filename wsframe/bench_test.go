package wsframe

import (
	"strings"
	"testing"

	"go-xmpp-bosh/buffer"
)

// text256 is a message of 256 bytes.
var text256 = (stanza + strings.Repeat(" ", 256))[:256]

// BenchmarkRead: one text message of 256 bytes.
func BenchmarkRead(b *testing.B) {
	first := bitFin | byte(OpText)
	half := compressed(text256)
	for _, c := range []struct {
		name      string
		isDeflate bool
		raw       []byte
	}{
		{"plain", false, appendFrame(nil, first, text256)},
		{"compressed", true, appendFrame(nil, first|bitRSV1, half)},
		{"fragments", false, appendFrame(appendFrame(nil, byte(OpText), text256[:100]), bitFin, text256[100:])},
		{"wide", false, appendFrame(nil, first, strings.Repeat("日本語€", 21)+"abcd")},
	} {
		b.Run(c.name, func(b *testing.B) {
			var r Reader
			r.Reset(NewPool(new(buffer.Pool)), testBytesMax, Deflate{On: c.isDeflate, WindowBits: windowBitsMax})
			raw := make([]byte, len(c.raw))
			var m Message
			b.SetBytes(256)
			b.ReportAllocs()
			for b.Loop() {
				copy(raw, c.raw)
				if n, ev := r.Next(raw, &m); ev != EventText || n != len(raw) {
					b.Fatal(ev)
				}
			}
		})
	}
}

// BenchmarkReadByByte: the same message, a byte a call.
func BenchmarkReadByByte(b *testing.B) {
	var r Reader
	r.Reset(NewPool(new(buffer.Pool)), testBytesMax, Deflate{})
	whole := appendFrame(nil, bitFin|byte(OpText), text256)
	raw := make([]byte, len(whole))
	var m Message
	b.ReportAllocs()
	for b.Loop() {
		copy(raw, whole)
		ev := NeedMore
		for end := range raw {
			_, ev = r.Next(raw[:end+1], &m)
		}
		if ev != EventText {
			b.Fatal(ev)
		}
	}
}

// BenchmarkAppendText: one text message of 256 bytes.
func BenchmarkAppendText(b *testing.B) {
	for _, c := range []struct {
		name string
		d    Deflate
	}{{"plain", Deflate{}}, {"compressed", Deflate{On: true, WindowBits: 15}}, {"window of 512", Deflate{On: true, WindowBits: 9}}} {
		b.Run(c.name, func(b *testing.B) {
			pool := NewPool(new(buffer.Pool))
			dst, text := make([]byte, 0, 512), []byte(text256)
			dst = pool.AppendText(dst, c.d, text) // makes the compressor
			b.SetBytes(256)
			b.ReportAllocs()
			for b.Loop() {
				dst = pool.AppendText(dst[:0], c.d, text)
			}
			b.ReportMetric(float64(len(dst)), "wire-bytes")
		})
	}
}
