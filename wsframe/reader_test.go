package wsframe

import (
	"encoding/binary"
	"testing"

	"go-xmpp-bosh/buffer"
)

const testBytesMax = 100_000

// newReader is a Reader with a pool of its own.
func newReader(t testing.TB, bytesMax int, isDeflate bool) *Reader {
	t.Helper()
	r := new(Reader)
	r.Reset(NewPool(new(buffer.Pool)), bytesMax, Deflate{On: isDeflate, WindowBits: windowBitsMax})
	t.Cleanup(r.Release)
	return r
}

// appendFrame appends a client's frame: first is its first byte, the mask is four different bytes.
func appendFrame(dst []byte, first byte, payload string) []byte {
	mask := [maskBytes]byte{0x5a, 0x01, 0xff, 0x30}
	dst = append(dst, first)
	switch n := len(payload); {
	case n < length16:
		dst = append(dst, bitMask|byte(n))
	case n < 1<<16:
		dst = binary.BigEndian.AppendUint16(append(dst, bitMask|length16), uint16(n))
	default:
		dst = binary.BigEndian.AppendUint64(append(dst, bitMask|length64), uint64(n))
	}
	dst = append(dst, mask[:]...)
	for i := range len(payload) {
		dst = append(dst, payload[i]^mask[i%maskBytes])
	}
	return dst
}

// wantEvent reads one event and wants all of b consumed.
func wantEvent(t *testing.T, r *Reader, b []byte, want Event, data string, code CloseCode) {
	t.Helper()
	var m Message
	n, ev := r.Next(b[:len(b):len(b)], &m)
	if ev != want || string(m.Data) != data || m.Code != code || n != len(b) {
		t.Errorf("%v %q %v, %d of %d bytes; want %v %q %v", ev, m.Data, m.Code, n, len(b), want, data, code)
	}
}

func TestTextAliasesItsFrame(t *testing.T) {
	r := newReader(t, testBytesMax, false)
	b := appendFrame(nil, bitFin|byte(OpText), "Hello")
	var m Message
	n, ev := r.Next(b, &m)
	if ev != EventText || n != len(b) || string(m.Data) != "Hello" || &m.Data[0] != &b[6] {
		t.Errorf("%d %v %q", n, ev, m.Data)
	}
}

func TestFragmentsBelongToTheReaderUntilTheMessageEnds(t *testing.T) {
	r := newReader(t, testBytesMax, false)
	wantEvent(t, r, appendFrame(nil, byte(OpText), "Hel"), NeedMore, "", 0)
	if string(r.message) != "Hel" {
		t.Errorf("the reader holds %q", r.message)
	}
	wantEvent(t, r, appendFrame(nil, bitFin|byte(OpPing), "p"), EventPing, "p", 0)
	wantEvent(t, r, appendFrame(nil, bitFin, "lo"), EventText, "Hello", 0)
	if r.message != nil {
		t.Error("the reader still holds a buffer")
	}
	if wantEvent(t, r, nil, NeedMore, "", 0); r.pool.buffers.Free() == 0 {
		t.Error("the buffer did not come back to the pool")
	}
}
