package wire

import (
	"fmt"
	"strings"
	"testing"
)

const to = "s000001@localhost/bench"

func TestMessageRoundTrip(t *testing.T) {
	for _, size := range []int{0, 200, 256, 1000, 5000} {
		m := Mark{Kind: KindPush, Seq: 0x01abcdef, Time: 0x0123456789abcdef}
		b := AppendMessage(nil, to, m, size)
		if want := max(size, MessageBytesMin(to)); len(b) != want {
			t.Errorf("size %d: %d bytes, want %d", size, len(b), want)
		}
		var got []Mark
		EachMark(b, func(m Mark) { got = append(got, m) })
		if len(got) != 1 || got[0] != m {
			t.Errorf("size %d: read back as %v, want %v", size, got, m)
		}
	}
}

func TestEachMarkFindsAllInOrder(t *testing.T) {
	var b []byte
	for i := range 5 {
		b = AppendMessage(append(b, "<presence/>"...), to, Mark{KindEcho, uint32(i), int64(i * 7)}, 256)
	}
	var got []string
	EachMark(b, func(m Mark) { got = append(got, fmt.Sprint(m.Kind, m.Seq, m.Time)) })
	if want := "echo0 0,echo1 7,echo2 14,echo3 21,echo4 28"; strings.ReplaceAll(strings.Join(got, ","), " ", "") != strings.ReplaceAll(want, " ", "") {
		t.Errorf("got %v", got)
	}
}

func TestEachMarkOfAPrefixFindsNone(t *testing.T) {
	b := AppendMessage(nil, to, Mark{KindEcho, 1, 2}, 0)
	end := strings.Index(string(b), marker) + markBytes
	for n := range end {
		EachMark(b[:n:n], func(m Mark) { t.Errorf("%d bytes: found %v", n, m) })
	}
}

func TestCompleteMessages(t *testing.T) {
	b := AppendMessage(nil, to, Mark{KindEcho, 1, 2}, 256)
	for n := range b {
		if got := CompleteMessages(b[:n:n]); got != 0 {
			t.Errorf("%d bytes: %d complete", n, got)
		}
	}
	if got := CompleteMessages(append(b, b[:100]...)); got != len(b) {
		t.Errorf("%d complete, want %d", got, len(b))
	}
}

func TestHexadecimal(t *testing.T) {
	for _, v := range []uint64{0, 1, 0x9, 0xa, 0xf, 0xdeadbeef, 0x12345678, 0xffffffff} {
		if b := appendHex(nil, v, 8); string(b) != fmt.Sprintf("%08x", v) || hex8(b) != v {
			t.Errorf("%x: written %s, read %x", v, b, hex8(b))
		}
	}
}

func BenchmarkMessage(b *testing.B) {
	buf := make([]byte, 0, 512)
	n := 0
	b.ReportAllocs()
	for i := range b.N {
		buf = AppendMessage(buf[:0], to, Mark{KindEcho, uint32(i), int64(i)}, 256)
		EachMark(buf, func(Mark) { n++ })
	}
	if n != b.N {
		b.Fatal(n)
	}
}
