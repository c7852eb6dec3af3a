package wsframe

import (
	"testing"

	"go-xmpp-bosh/buffer"
	"go-xmpp-bosh/wsframe/wscases"
)

// TestCases runs the whole table: at once, byte by byte, and in pieces as sockets give them.
func TestCases(t *testing.T) {
	pool := NewPool(new(buffer.Pool))
	for _, c := range wscases.All() {
		t.Run(c.Name, func(t *testing.T) {
			var want []told
			for _, e := range c.Want {
				want = append(want, toldOf(e))
			}
			n := len(c.Send)
			for _, pieces := range []struct {
				name string
				cuts func(yield func(int) bool)
			}{
				{"at once", atOnce(n)},
				{"byte by byte", byByte(n)},
				{"by 1460", by(n, 1460)},
				{"until it is known", inTwo(n, c.KnownAt)},
			} {
				var r Reader
				r.Reset(pool, wscases.MessageBytesMax, Deflate{On: c.Deflate, WindowBits: windowBitsMax})
				got, at := drive(t, &r, c.Send, pieces.cuts)
				sameEvents(t, pieces.name, got, want)
				if pieces.name == "byte by byte" && at != c.KnownAt {
					t.Errorf("the last event came after %d bytes, want %d", at, c.KnownAt)
				}
				if r.state != stateMessage && r.message != nil {
					t.Errorf("%v with a buffer of %d bytes", r.state, cap(r.message))
				}
				r.Release()
			}
		})
	}
}

// inTwo cuts n bytes in two.
func inTwo(n, cut int) func(yield func(int) bool) {
	return func(yield func(int) bool) { _ = yield(cut) && yield(n) }
}

func toldOf(e wscases.Event) told {
	ev := EventBad
	switch e.Kind {
	case wscases.Text:
		ev = EventText
	case wscases.Ping:
		ev = EventPing
	case wscases.Pong:
		ev = EventPong
	case wscases.Close:
		ev = EventClose
	case wscases.Bad:
	}
	return told{ev, string(e.Data), CloseCode(e.Code)}
}
