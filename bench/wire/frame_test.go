package wire

import (
	"bytes"
	"encoding/binary"
	"testing"
)

func TestCutFrame(t *testing.T) {
	for _, n := range []int{0, 1, 125, 126, 65535, 65536} {
		payload := bytes.Repeat([]byte("x"), n)
		var b []byte
		switch {
		case n < 126:
			b = []byte{0x81, byte(n)}
		case n < 1<<16:
			b = binary.BigEndian.AppendUint16([]byte{0x81, 126}, uint16(n))
		default:
			b = binary.BigEndian.AppendUint64([]byte{0x81, 127}, uint64(n))
		}
		b = append(b, payload...)
		for cut := 0; cut < len(b); cut += 1 + cut/8 {
			if f, err := CutFrame(b[:cut:cut]); err != nil || f.Bytes != 0 {
				t.Errorf("%d of %d bytes: %+v, %v", cut, len(b), f.Bytes, err)
			}
		}
		f, err := CutFrame(append(b, 0x81, 1))
		if err != nil || f.Bytes != len(b) || f.Op != OpText || !f.Fin || !bytes.Equal(f.Payload, payload) {
			t.Errorf("%d bytes: %v %v %v %v", n, f.Op, f.Fin, f.Bytes, err)
		}
	}
}

func TestCutFrameRefuses(t *testing.T) {
	for _, b := range [][]byte{{0x81, 0x81, 0, 0, 0, 0, 0}, {0xc1, 1, 0}} {
		if _, err := CutFrame(b); err == nil {
			t.Errorf("% x is taken", b)
		}
	}
}

func TestAppendFrameUnmasks(t *testing.T) {
	for _, n := range []int{0, 1, 7, 8, 9, 125, 126, 300, 65536} {
		payload := bytes.Repeat([]byte("abcdefg"), n/7+1)[:n]
		b := AppendFrame([]byte("before"), OpText, payload)[len("before"):]
		head := 6
		switch {
		case n >= 1<<16:
			head = 14
		case n >= 126:
			head = 8
		}
		if len(b) != head+n || b[1]&0x80 == 0 {
			t.Fatalf("%d bytes: a frame of %d", n, len(b))
		}
		key := b[head-4 : head]
		for i, c := range b[head:] {
			if c^key[i%4] != payload[i] {
				t.Fatalf("%d bytes: byte %d is wrong", n, i)
			}
		}
	}
}

func TestOpcodesHaveNames(t *testing.T) {
	for _, o := range []Opcode{OpContinuation, OpText, OpBinary, OpClose, OpPing, OpPong} {
		if o.String() == "reserved" {
			t.Errorf("%d has no name", o)
		}
	}
}
