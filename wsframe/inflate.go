package wsframe

import (
	"io"

	"github.com/klauspost/compress/flate"
)

const (
	// inflateEnd is what a sender leaves out (RFC 7692 §7.2.2), and an empty final block: with it, inflating ends well exactly when
	// the message ended at the end of a block.
	inflateEnd = "\x00\x00\xff\xff" + "\x01\x00\x00\xff\xff"

	// finalBlocksMax bounds how often a message may go on after a final block (RFC 7692 §7.2.3.4 allows it). Each time costs a copy of
	// the window, which two bytes could ask for.
	finalBlocksMax = 64

	windowBytes     = 1 << windowBitsMax
	inflateBytesMin = 1024 // of the first buffer
)

// inflate inflates a message and checks that it is text, as it comes out. It gives in back; out is owned by the caller. code is 0 unless the message is bad.
func (p *Pool) inflate(in []byte, bytesMax int) (out []byte, code CloseCode) {
	in = p.buffers.AppendString(in, inflateEnd)
	out = p.buffers.Get(min(max(4*len(in), inflateBytesMin), bytesMax+1))
	out, code = p.inflateTo(out, in, bytesMax)
	p.source.Reset(nil)
	p.buffers.Put(in)
	if code != 0 {
		p.buffers.Put(out)
		return nil, code
	}
	return out, 0
}

func (p *Pool) inflateTo(out, in []byte, bytesMax int) ([]byte, CloseCode) {
	var text text
	finals := 0
	p.startInflater(in)
	for {
		if len(out) == cap(out) {
			out = p.buffers.Grow(out, min(len(out), bytesMax+1-len(out)))
		}
		// One byte more than may be shows that the message is too big; nothing beyond it is inflated.
		n, err := p.inflater.Read(out[len(out):min(cap(out), bytesMax+1)])
		fresh := out[len(out) : len(out)+n]
		out = out[:len(out)+n]
		switch {
		case !text.feed(fresh):
			return out, CloseBadData
		case len(out) > bytesMax:
			return out, CloseTooBig
		case err == nil:
			continue
		case err != io.EOF:
			return out, CloseBadData
		case p.source.Len() == 0:
			if !text.isWhole() {
				return out, CloseBadData
			}
			return out, 0
		case finals == finalBlocksMax:
			return out, CloseBadData
		}
		// RFC 7692 §7.2.3.4: after a final block others may follow, from the next byte on.
		finals++
		p.restartInflater(out[max(0, len(out)-windowBytes):])
	}
}

func (p *Pool) startInflater(in []byte) {
	p.source.Reset(in)
	if p.inflater == nil {
		p.inflater = flate.NewReader(&p.source).(inflater)
		return
	}
	p.restartInflater(nil)
}

// restartInflater starts anew where the source stands, with that window. It cannot fail: the source is in memory, and nothing is read.
func (p *Pool) restartInflater(window []byte) {
	if err := p.inflater.Reset(&p.source, window); err != nil {
		panic("wsframe: " + err.Error())
	}
}
