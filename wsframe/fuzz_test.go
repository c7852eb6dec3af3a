package wsframe

import (
	"testing"
	"unicode/utf8"

	"go-xmpp-bosh/buffer"
	"go-xmpp-bosh/wsframe/wscases"
)

// The bits of FuzzNext's choice.
const (
	chooseDeflate = 1 << iota
	chooseSmall   // a limit that a fuzzer can pass
	chooseFrames  // raw is not what was sent, but the frames to send: a first byte, a length, a payload
)

// FuzzNext: whatever comes, in whatever pieces, gives the same events; they are as documented, and memory is bounded.
func FuzzNext(f *testing.F) {
	for i, c := range wscases.All() {
		if len(c.Send) < 600 && (i%5 == 0 || c.Deflate) {
			choice := byte(0)
			if c.Deflate {
				choice = chooseDeflate
			}
			f.Add(c.Send, []byte{1, 6, 0, 30}, choice)
		}
	}
	f.Add([]byte("\x01\x03abc\x89\x01p\x80\x02de\xc1\x03\x02\x00\x00\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00\x88\x02\x03\xe8"), []byte{3, 9}, byte(chooseDeflate|chooseFrames))
	f.Add([]byte("\x41\x40\xf2\x48\xcd\xc9\xc9\x07\x00\x00\x20\xc1\x03\x03\x00\x00"), []byte{7}, byte(chooseDeflate|chooseFrames|chooseSmall))
	var buffers buffer.Pool
	pool := NewPool(&buffers)
	f.Fuzz(func(t *testing.T, raw, steps []byte, choice byte) {
		bytesMax := 100_000
		if choice&chooseSmall != 0 {
			bytesMax = 100
		}
		if choice&chooseFrames != 0 {
			raw = framesOf(raw)
		}
		buffers.Trim()
		var want []told
		for i, cuts := range []func(func(int) bool){atOnce(len(raw)), byByte(len(raw)), bySteps(len(raw), steps)} {
			var r Reader
			r.Reset(pool, bytesMax, Deflate{On: choice&chooseDeflate != 0, WindowBits: windowBitsMax})
			got, _ := drive(t, &r, raw, cuts)
			if i == 0 {
				want = got
				checkEvents(t, got, bytesMax)
			}
			sameEvents(t, []string{"at once", "byte by byte", "in steps"}[i], got, want)
			if len(r.message) > bytesMax || r.state != stateMessage && r.message != nil {
				t.Errorf("%v with %d bytes", r.state, len(r.message))
			}
			r.Release()
		}
		// Each class up to the limit, a few times: what is gathered, what is inflated, what was lent.
		if n := buffers.Free() + cap(pool.lent); n > 16*(bytesMax+64) {
			t.Errorf("%d bytes of buffers for messages of %d", n, bytesMax)
		}
	})
}

// framesOf makes masked frames of a fuzzer's bytes.
func framesOf(script []byte) (raw []byte) {
	for len(script) >= 2 {
		first, n := script[0], min(int(script[1]), len(script)-2)
		raw = appendFrame(raw, first, string(script[2:2+n]))
		script = script[2+n:]
	}
	return raw
}

// checkEvents: each is one that doc.go knows, and nothing follows the end.
func checkEvents(t *testing.T, all []told, bytesMax int) {
	t.Helper()
	for i, e := range all {
		ok := false
		switch e.ev {
		case EventText:
			ok = len(e.data) <= bytesMax && utf8.ValidString(e.data) && e.code == 0
		case EventPing, EventPong:
			ok = len(e.data) <= controlBytesMax && e.code == 0
		case EventClose:
			ok = i == len(all)-1 && utf8.ValidString(e.data) && (e.code.IsValid() || e.code == CloseNone && e.data == "")
		case EventBad:
			ok = i == len(all)-1 && e.data == "" && e.code.IsValid()
		case NeedMore:
		}
		if !ok {
			t.Errorf("event %d of %d: %v", i, len(all), e)
		}
	}
}
