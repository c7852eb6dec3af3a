package wsframe

import (
	"testing"

	"go-xmpp-bosh/buffer"
)

// TestDataLivesUntilTheNextCall: also of another reader of the same pool; and the buffer is not lost when its reader is.
func TestDataLivesUntilTheNextCall(t *testing.T) {
	var buffers buffer.Pool
	pool := NewPool(&buffers)
	var a, b Reader
	a.Reset(pool, testBytesMax, Deflate{On: true, WindowBits: windowBitsMax})
	b.Reset(pool, testBytesMax, Deflate{})
	for _, raw := range [][]byte{
		appendFrame(appendFrame(nil, byte(OpText), "Hel"), bitFin, "lo"),
		appendFrame(nil, bitFin|byte(OpText)|bitRSV1, compressed("Hello")),
	} {
		buffers.Trim()
		var m, other Message
		if n, ev := a.Next(raw, &m); ev != EventText || n != len(raw) || string(m.Data) != "Hello" {
			t.Fatalf("%v %q", ev, m.Data)
		}
		before := buffers.Free()
		a.Release()
		AppendPong(nil, m.Data)
		pool.AppendText(nil, Deflate{On: true, WindowBits: windowBitsMax}, []byte(roster(500)))
		if string(m.Data) != "Hello" {
			t.Errorf("the data did not live: %q", m.Data)
		}
		lent := cap(pool.lent)
		b.Next(nil, &other)
		if pool.lent != nil || buffers.Free() < before+lent {
			t.Errorf("%d bytes free, %d before, %d lent", buffers.Free(), before, lent)
		}
		a.Reset(pool, testBytesMax, Deflate{On: true, WindowBits: windowBitsMax})
	}
}

// TestReleaseGivesBack: what a reader has gathered, once.
func TestReleaseGivesBack(t *testing.T) {
	var buffers buffer.Pool
	var r Reader
	r.Reset(NewPool(&buffers), testBytesMax, Deflate{})
	wantEvent(t, &r, appendFrame(nil, byte(OpText), "Hel"), NeedMore, "", 0)
	for range 2 {
		if r.Release(); buffers.Free() != 64 {
			t.Errorf("%d bytes given back, want 64", buffers.Free())
		}
	}
	wantEvent(t, &r, appendFrame(nil, bitFin, "lo"), NeedMore, "", 0)
	r.Reset(r.pool, testBytesMax, Deflate{})
	wantEvent(t, &r, appendFrame(nil, bitFin|byte(OpText), "Hello"), EventText, "Hello", 0)
}
