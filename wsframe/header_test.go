package wsframe

import (
	"bytes"
	"testing"

	"github.com/gobwas/ws"
)

// TestAppendHeader: gobwas/ws reads the header as it was meant, and none is longer than HeaderBytesMax.
func TestAppendHeader(t *testing.T) {
	for _, op := range []Opcode{OpContinuation, OpText, OpBinary, OpClose, OpPing, OpPong} {
		for _, n := range []int{0, 1, 125, 126, 127, 65535, 65536, 1 << 20, 1 << 40} {
			for _, isCompressed := range []bool{false, true} {
				b := AppendHeader(nil, op, n, isCompressed)
				r := bytes.NewReader(b)
				h, err := ws.ReadHeader(r)
				if err != nil || r.Len() > 0 || len(b) > HeaderBytesMax || len(b) != ws.HeaderSize(h) {
					t.Errorf("%v %d: %x: %v", op, n, b, err)
				}
				want := ws.Header{Fin: true, OpCode: ws.OpCode(op), Length: int64(n), Rsv: ws.Rsv(isCompressed, false, false)}
				if h != want {
					t.Errorf("%+v, want %+v", h, want)
				}
			}
		}
	}
}
