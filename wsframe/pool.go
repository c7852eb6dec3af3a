package wsframe

import (
	"bytes"
	"io"

	"github.com/klauspost/compress/flate"

	"go-xmpp-bosh/buffer"
)

// Pool is what all connections of a loop share: buffers, one decompressor, a compressor for each window size in use. Compressors are
// made when they are first needed and kept (about 1 MB each). A Pool is not safe for concurrent use.
type Pool struct {
	buffers *buffer.Pool
	lent    []byte // owned: the buffer that the last Message aliases, until the next call; nil = none

	source   bytes.Reader // what is being inflated
	inflater inflater     // nil until needed

	sink      sink                                             // where the compressors write
	deflaters [windowBitsMax - windowBitsMin + 1]*flate.Writer // by window size; nil until needed
}

type inflater interface {
	io.Reader
	flate.Resetter
}

// NewPool returns a pool that takes its buffers from b.
func NewPool(b *buffer.Pool) *Pool { return &Pool{buffers: b} }

// lend makes b the bytes of the message that is about to be told; they stay with the Pool.
func (p *Pool) lend(b []byte) { p.lent = b }

// reclaim ends the life of the message before.
func (p *Pool) reclaim() {
	if p.lent != nil {
		p.buffers.Put(p.lent)
		p.lent = nil
	}
}

// Trim gives all memory that waits for further messages to the garbage collector. It must not be called while a Message is in use.
func (p *Pool) Trim() {
	p.reclaim()
	p.inflater = nil
	clear(p.deflaters[:])
}
