package wsframe

import (
	"testing"

	"go-xmpp-bosh/buffer"
	"go-xmpp-bosh/wsframe/wscases"
)

// longBytes is the length from which on a case is run byte by byte by TestLongCases only: the race detector would take minutes.
const longBytes = 20_000

// TestCases runs the whole table: at once, byte by byte, and in pieces as sockets give them.
func TestCases(t *testing.T) {
	pool := NewPool(new(buffer.Pool))
	for _, c := range wscases.All() {
		t.Run(c.Name, func(t *testing.T) {
			n := len(c.Send)
			runCase(t, pool, &c, "at once", atOnce(n))
			runCase(t, pool, &c, "by 1460", by(n, 1460))
			runCase(t, pool, &c, "until it is known", inTwo(n, c.KnownAt))
			if n < longBytes {
				runByByte(t, pool, &c)
			}
		})
	}
}

// runCase runs a case in those pieces, and says after how many bytes the last event came.
func runCase(t *testing.T, pool *Pool, c *wscases.Case, name string, cuts func(yield func(int) bool)) (lastAt int) {
	t.Helper()
	var want []told
	for _, e := range c.Want {
		want = append(want, toldOf(e))
	}
	var r Reader
	r.Reset(pool, wscases.MessageBytesMax, Deflate{On: c.Deflate, WindowBits: windowBitsMax})
	got, lastAt := drive(t, &r, c.Send, cuts)
	sameEvents(t, name, got, want)
	if r.state != stateMessage && r.message != nil {
		t.Errorf("%v with a buffer of %d bytes", r.state, cap(r.message))
	}
	r.Release()
	return lastAt
}

// runByByte also wants the last event as early as it can be known.
func runByByte(t *testing.T, pool *Pool, c *wscases.Case) {
	t.Helper()
	if at := runCase(t, pool, c, "byte by byte", byByte(len(c.Send))); at != c.KnownAt {
		t.Errorf("the last event came after %d bytes, want %d", at, c.KnownAt)
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
