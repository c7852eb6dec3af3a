package wsframe

import (
	"strings"
	"testing"

	"go-xmpp-bosh/buffer"
)

// TestBombStaysSmall: what inflates beyond the limit takes no more memory than the limit.
func TestBombStaysSmall(t *testing.T) {
	for _, bytesMax := range []int{100, 1000, 30_000, testBytesMax} {
		// DEFLATE makes a thousand bytes of one.
		bomb := compressed(strings.Repeat("\x00", min(1000*(bytesMax-50), 3_000_000)))
		if len(bomb) > bytesMax {
			t.Fatalf("%d bytes are refused unseen", len(bomb))
		}
		var buffers buffer.Pool
		var r Reader
		r.Reset(NewPool(&buffers), bytesMax, Deflate{On: true, WindowBits: windowBitsMax})
		wantEvent(t, &r, appendFrame(nil, bitFin|byte(OpText)|bitRSV1, bomb), EventBad, "", CloseTooBig)
		if free := buffers.Free(); free > 8*(bytesMax+len(inflateEnd)+inflateBytesMin) {
			t.Errorf("limit %d: %d bytes of buffers", bytesMax, free)
		}
	}
}

// TestFinalBlocks: a message may go on after a final block, with the window of what came before, a bounded number of times.
func TestFinalBlocks(t *testing.T) {
	const empty = "\x03\x00" // a final block with nothing
	first := byte(OpText) | bitRSV1 | bitFin
	r := newReader(t, testBytesMax, true)
	wantEvent(t, r, appendFrame(nil, first, strings.Repeat(empty, finalBlocksMax)+"\x00"), EventText, "", 0)
	wantEvent(t, r, appendFrame(nil, first, strings.Repeat(empty, finalBlocksMax+1)+"\x00"), EventBad, "", CloseBadData)

	// "Hello" in a final block, then RFC 7692 §7.2.3.2's second message, which takes it from the window.
	r = newReader(t, testBytesMax, true)
	wantEvent(t, r, appendFrame(nil, first, "\xf3\x48\xcd\xc9\xc9\x07\x00"+"\xf2\x00\x11\x00\x00"), EventText, "HelloHello", 0)
}
