package wsframe

import (
	"errors"

	"github.com/klauspost/compress/flate"
)

// Deflate is what was negotiated about permessage-deflate (RFC 7692). The zero value is: nothing.
type Deflate struct {
	On         bool
	WindowBits uint8 // server_max_window_bits, 8 to 15; 15 when the client did not ask for less
}

const (
	windowBitsMin = 8 // RFC 7692 §7.1.2.1
	windowBitsMax = 15

	// DeflateBytesMin is the length from which on a message is compressed: below it there is little to gain.
	DeflateBytesMin = 128

	deflateEnd = "\x00\x00\xff\xff" // left out at the end of a message (RFC 7692 §7.2.1)
)

// AppendText appends a text message, in one frame: compressed where that was negotiated and makes it shorter. It appends at
// most HeaderBytesMax bytes more than the text has.
func (p *Pool) AppendText(dst []byte, d Deflate, text []byte) []byte {
	if d.On && len(text) >= DeflateBytesMin {
		scratch := p.buffers.Get(len(text) + len(deflateEnd))
		if out, ok := p.deflate(scratch, d.WindowBits, text); ok {
			dst = AppendHeader(dst, OpText, len(out), true)
			dst = append(dst, out...)
			p.buffers.Put(scratch)
			return dst
		}
		p.buffers.Put(scratch)
	}
	dst = AppendHeader(dst, OpText, len(text), false)
	return append(dst, text...)
}

// deflate compresses text into dst, without what is left out at the end. It is not ok if that isn't shorter.
func (p *Pool) deflate(dst []byte, windowBits uint8, text []byte) (out []byte, ok bool) {
	p.sink = sink{b: dst[:0], bytesMax: len(text) + len(deflateEnd) - 1}
	w := p.deflater(windowBits)
	w.Reset(&p.sink) // no context take-over
	_, err := w.Write(text)
	if err == nil {
		err = w.Flush()
	}
	out = p.sink.b
	p.sink = sink{}
	if err != nil {
		return nil, false
	}
	return out[:len(out)-len(deflateEnd)], true
}

// deflater is the shared compressor with that window.
func (p *Pool) deflater(windowBits uint8) *flate.Writer {
	bits := min(max(windowBits, windowBitsMin), windowBitsMax)
	w := &p.deflaters[bits-windowBitsMin]
	if *w == nil {
		// It fails on window sizes that there aren't.
		*w, _ = flate.NewWriterWindow(&p.sink, 1<<bits)
	}
	return *w
}

// sink takes up to so many bytes, without growing.
type sink struct {
	b        []byte // owned by who set it
	bytesMax int
}

var errSinkFull = errors.New("wsframe: longer than the text itself")

func (s *sink) Write(b []byte) (int, error) {
	if len(s.b)+len(b) > s.bytesMax {
		return 0, errSinkFull
	}
	s.b = append(s.b, b...)
	return len(b), nil
}
