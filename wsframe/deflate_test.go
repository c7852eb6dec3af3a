package wsframe

import (
	"bytes"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/gobwas/ws"

	"go-xmpp-bosh/buffer"
)

const stanza = `<message xmlns="jabber:client" from="juliet@example.com/balcony" to="romeo@example.net/orchard" type="chat" id="abc123"><body>` +
	"Wherefore art thou, Romeo? Deny thy father and refuse thy name; or, if thou wilt not, be but sworn my love</body></message>"

// roster is a text of about n bytes that compresses well, with matches near and far.
func roster(n int) string {
	var b strings.Builder
	r := rand.New(rand.NewPCG(1, uint64(n)))
	for b.Len() < n {
		i := strconv.Itoa(r.IntN(50_000))
		b.WriteString("<item jid='user" + i + "@example.com' name='Üser " + i + "' subscription='both'/>")
	}
	return b.String()
}

// noise is n bytes that don't compress.
func noise(n int) string {
	r := rand.New(rand.NewPCG(2, uint64(n)))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return string(b)
}

// splitFrame wants one whole server frame.
func splitFrame(t *testing.T, b []byte) (h ws.Header, payload []byte) {
	t.Helper()
	r := bytes.NewReader(b)
	h, err := ws.ReadHeader(r)
	if err != nil || int(h.Length) != r.Len() || !h.Fin || h.Masked {
		t.Fatalf("header %+v, %v, of %d bytes", h, err, len(b))
	}
	return h, b[len(b)-r.Len():]
}

// TestWindows: no match reaches farther back than was agreed (RFC 7692 §7.1.2.1), and a client reads what we wrote.
func TestWindows(t *testing.T) {
	pool := NewPool(new(buffer.Pool))
	for bits := uint8(windowBitsMin); bits <= windowBitsMax; bits++ {
		used := 0
		for _, text := range []string{stanza, roster(1000), roster(20_000), roster(100_000), strings.Repeat("x", 70_000), twice(1 << bits), twice(1<<bits + 1), twice(1<<bits - 1)} {
			b := pool.AppendText(nil, Deflate{On: true, WindowBits: bits}, []byte(text))
			h, payload := splitFrame(t, b)
			if !h.Rsv1() {
				continue // not worth it
			}
			out, distance, err := farthest(append(payload[:len(payload):len(payload)], deflateEnd...))
			if err != nil || string(out) != text {
				t.Fatalf("window %d: %d bytes came out as %d: %v", bits, len(text), len(out), err)
			}
			if distance > 1<<bits {
				t.Errorf("window %d: a match reaches %d bytes back", bits, distance)
			}
			used = max(used, bitsOf(distance))
		}
		if used < int(bits)-1 {
			t.Errorf("window %d: only %d bits of it are used", bits, used)
		}
	}
}

// twice is a text whose second half is the first, n bytes back, and half noise.
func twice(n int) string {
	return strings.Repeat(noise(n-min(n/2, 200))+strings.Repeat(".", min(n/2, 200)), 2)
}

// TestAppendText: what is short, or grows, goes as it is.
func TestAppendText(t *testing.T) {
	pool := NewPool(new(buffer.Pool))
	on := Deflate{On: true, WindowBits: 12}
	for _, c := range []struct {
		name         string
		d            Deflate
		text         string
		isCompressed bool
	}{
		{"not negotiated", Deflate{}, roster(5000), false},
		{"short", on, strings.Repeat("a", DeflateBytesMin-1), false},
		{"long enough", on, strings.Repeat("a", DeflateBytesMin), true},
		{"empty", on, "", false},
		{"a stanza", on, stanza, true},
		{"noise", on, noise(200), false},
		{"much noise", on, noise(200_000), false},
		{"long", on, roster(200_000), true},
	} {
		b := pool.AppendText([]byte("before"), c.d, []byte(c.text))
		rest, ok := bytes.CutPrefix(b, []byte("before"))
		h, payload := splitFrame(t, rest)
		if !ok || h.OpCode != ws.OpText || h.Rsv1() != c.isCompressed || h.Rsv2() || h.Rsv3() {
			t.Errorf("%s: header %+v", c.name, h)
		}
		if c.isCompressed != (len(payload) < len(c.text)) || len(rest) > len(c.text)+HeaderBytesMax {
			t.Errorf("%s: %d bytes became %d", c.name, len(c.text), len(payload))
		}
		theirs := readByGobwas(t, append(rest, 0x88, 0), ws.StateClientSide, c.d.On)
		sameEvents(t, c.name, theirs, []told{{EventText, c.text, 0}, {EventClose, "", CloseNone}})
	}
}

// TestEachMessageAlone: no context is taken over, so the same text gives the same bytes, whatever came before, on whatever connection.
func TestEachMessageAlone(t *testing.T) {
	pool := NewPool(new(buffer.Pool))
	d := Deflate{On: true, WindowBits: 15}
	first := pool.AppendText(nil, d, []byte(stanza))
	for _, before := range []string{stanza, roster(100_000), noise(300_000), strings.Repeat("x", 1000)} {
		pool.AppendText(nil, d, []byte(before))
		if b := pool.AppendText(nil, d, []byte(stanza)); !bytes.Equal(b, first) {
			t.Errorf("after %d bytes the message is another", len(before))
		}
	}
}

// FuzzAppendText: a client reads what we wrote, whatever the window; and so do we.
func FuzzAppendText(f *testing.F) {
	f.Add([]byte(stanza), uint8(15), uint16(3))
	f.Add([]byte("aé€𝄞"), uint8(8), uint16(500))
	f.Add([]byte(noise(300)), uint8(9), uint16(1))
	pool := NewPool(new(buffer.Pool))
	f.Fuzz(func(t *testing.T, piece []byte, bits uint8, times uint16) {
		text := strings.Repeat(string(piece), int(times)%(100_000/(len(piece)+1)+1))
		d := Deflate{On: true, WindowBits: windowBitsMin + bits%8}
		b := pool.AppendText(nil, d, []byte(text))
		if len(b) > len(text)+HeaderBytesMax {
			t.Errorf("%d bytes became %d", len(text), len(b))
		}
		sameEvents(t, "a client", readByGobwas(t, b, ws.StateClientSide, true), []told{{EventText, text, 0}})
		h, payload := splitFrame(t, b)
		if !h.Rsv1() {
			return
		}
		if out, distance, err := farthest(append(payload[:len(payload):len(payload)], deflateEnd...)); err != nil || string(out) != text || distance > 1<<d.WindowBits {
			t.Errorf("window %d: %d bytes back; %d bytes of %d: %v", d.WindowBits, distance, len(out), len(text), err)
		}
	})
}

// TestOnlyShorterIsSent: noise of which more and more comes twice, so that some of it becomes just as long.
func TestOnlyShorterIsSent(t *testing.T) {
	pool := NewPool(new(buffer.Pool))
	d := Deflate{On: true, WindowBits: 15}
	counts := map[bool]int{}
	for n := 150; n < 400; n += 7 {
		for again := 4; again < 40; again++ {
			text := noise(n)
			text += text[:again]
			h, payload := splitFrame(t, pool.AppendText(nil, d, []byte(text)))
			if h.Rsv1() != (len(payload) < len(text)) || len(payload) > len(text) {
				t.Fatalf("%d bytes became %d, compressed %v", len(text), len(payload), h.Rsv1())
			}
			counts[h.Rsv1()]++
		}
	}
	if counts[true] == 0 || counts[false] == 0 {
		t.Errorf("the texts are all of one kind: %v", counts)
	}
}
