//go:build !race

package wsframe

import (
	"testing"
	"unsafe"

	"go-xmpp-bosh/buffer"
	"go-xmpp-bosh/httpparse"
)

// TestSizes: what a connection costs at rest. These are exact; a change is meant.
func TestSizes(t *testing.T) {
	for _, size := range []struct {
		name      string
		got, want uintptr
	}{
		{"a reader", unsafe.Sizeof(Reader{}), 48},
		{"what was negotiated", unsafe.Sizeof(Deflate{}), 2},
		{"a message", unsafe.Sizeof(Message{}), 32},
	} {
		if size.got != size.want {
			t.Errorf("%s takes %d bytes, want %d", size.name, size.got, size.want)
		}
	}
}

// TestAllocatesNothing: in steady state, that is once the Pool has what it needs.
func TestAllocatesNothing(t *testing.T) {
	pool := NewPool(new(buffer.Pool))
	text := []byte(stanza)
	dst := make([]byte, 0, 2*len(text))
	read := func(isDeflate bool, frames ...[]byte) func() {
		var r Reader
		r.Reset(pool, testBytesMax, Deflate{On: isDeflate, WindowBits: windowBitsMax})
		var raw, b []byte
		for _, f := range frames {
			raw = append(raw, f...)
		}
		return func() {
			b = append(b[:0], raw...)
			readAll(t, &r, b)
		}
	}
	onText, zipped := bitFin|byte(OpText), compressed(stanza)
	for _, c := range []struct {
		name string
		run  func()
	}{
		{"reading a message", read(false, appendFrame(nil, onText, stanza))},
		{"reading a compressed one", read(true, appendFrame(nil, onText|bitRSV1, zipped))},
		{"reading fragments", read(false, appendFrame(nil, byte(OpText), stanza), appendFrame(nil, bitFin|byte(OpPing), "p"), appendFrame(nil, bitFin, stanza))},
		{"reading compressed fragments", read(true, appendFrame(nil, byte(OpText)|bitRSV1, zipped[:50]), appendFrame(nil, bitFin, zipped[50:]))},
		{"writing a message", func() { pool.AppendText(dst, Deflate{}, text) }},
		{"writing a compressed one", func() { pool.AppendText(dst, Deflate{On: true, WindowBits: 15}, text) }},
		{"writing one with a small window", func() { pool.AppendText(dst, Deflate{On: true, WindowBits: 9}, text) }},
		{"writing control frames", func() { AppendClose(AppendPong(AppendPing(dst, text[:8]), text[:8]), CloseNormal, "bye") }},
		{"a handshake", shakeBench(t)},
	} {
		c.run()
		if n := testing.AllocsPerRun(200, c.run); n != 0 {
			t.Errorf("%s: %v allocations, want 0", c.name, n)
		}
	}
}

// readAll reads all of b, and wants it to be right.
func readAll(t testing.TB, r *Reader, b []byte) {
	var m Message
	for {
		n, ev := r.Next(b, &m)
		switch b = b[n:]; ev {
		case NeedMore:
			if len(b) > 0 {
				t.Fatalf("%d bytes left", len(b))
			}
			return
		case EventBad, EventClose:
			t.Fatal(ev, m.Code)
		case EventText, EventPing, EventPong:
		}
	}
}

// shakeBench is Chromium's handshake.
func shakeBench(t testing.TB) func() {
	var r httpparse.Request
	parseRequest(t, request(chromium...), &r)
	o := Options{Subprotocol: "xmpp", Compress: true}
	dst := make([]byte, 0, 1024)
	fields := []httpparse.Field{{Name: []byte("Server"), Value: []byte("x")}}
	var h Handshake
	return func() {
		if status := Shake(&r, &o, &h); status != httpparse.StatusSwitchingProtocols || !h.Deflate.On {
			t.Fatal(status)
		}
		h.AppendResponse(dst, fields...)
	}
}
