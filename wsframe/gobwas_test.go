package wsframe

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"io"
	"testing"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsflate"
	"github.com/gobwas/ws/wsutil"

	"go-xmpp-bosh/buffer"
)

// FuzzGobwas: gobwas/ws reads right conversations as we do.
func FuzzGobwas(f *testing.F) {
	f.Add([]byte{200, 5, 'H', 'e', 'l', 'l', 'o', 3, 1, 3, 2, 1, 9, 'p', 1, 0, 30, 2, 'x', 'y'}, true)
	f.Add([]byte("\x64\x20the quick brown fox jumps over\x50\x60\x04\x09\x03\x02\x01\x00"), false)
	f.Add(bytes.Repeat([]byte("a\xc3\xa9z\x01\xf0\x9d\x84\x9e"), 60), true)
	pool := NewPool(new(buffer.Pool))
	f.Fuzz(func(t *testing.T, seed []byte, isDeflate bool) {
		c := newConversation(seed, isDeflate)
		theirs := readByGobwas(t, c.raw, ws.StateServerSide, isDeflate)
		sameEvents(t, "gobwas/ws", theirs, c.want)
		for _, cuts := range []func(func(int) bool){atOnce(len(c.raw)), byByte(len(c.raw)), bySteps(len(c.raw), seed)} {
			var r Reader
			r.Reset(pool, 1<<24, Deflate{On: isDeflate, WindowBits: windowBitsMax})
			ours, _ := drive(t, &r, c.raw, cuts)
			sameEvents(t, "ours", ours, theirs)
		}
	})
}

// readByGobwas reads with gobwas/ws and the standard library's flate.
func readByGobwas(t *testing.T, raw []byte, side ws.State, isDeflate bool) (all []told) {
	t.Helper()
	var state wsflate.MessageState
	take := func(h ws.Header, body io.Reader) error {
		b, err := io.ReadAll(body)
		all = append(all, controlTold(h.OpCode, b))
		return err
	}
	rd := wsutil.Reader{Source: bytes.NewReader(raw), State: side, CheckUTF8: !isDeflate, OnIntermediate: take}
	if isDeflate {
		rd.State |= ws.StateExtended
		rd.Extensions = []wsutil.RecvExtension{&state}
	}
	inflater := wsflate.NewReader(nil, func(r io.Reader) wsflate.Decompressor { return flate.NewReader(r) })
	for {
		h, err := rd.NextFrame()
		if err == io.EOF {
			return all
		}
		if err == nil && h.OpCode.IsControl() {
			if err = take(h, &rd); err == nil {
				continue
			}
		}
		var body io.Reader = &rd
		if err == nil && state.IsCompressed() {
			inflater.Reset(&rd)
			body = inflater
		}
		var b []byte
		if err == nil {
			b, err = io.ReadAll(body)
		}
		if err != nil {
			t.Fatalf("gobwas/ws: %v", err)
		}
		all = append(all, told{EventText, string(b), 0})
	}
}

func controlTold(op ws.OpCode, b []byte) told {
	switch op {
	case ws.OpPing:
		return told{EventPing, string(b), 0}
	case ws.OpPong:
		return told{EventPong, string(b), 0}
	}
	if len(b) == 0 {
		return told{EventClose, "", CloseNone}
	}
	return told{EventClose, string(b[codeBytes:]), CloseCode(binary.BigEndian.Uint16(b))}
}
