package wsframe

import (
	"math"

	"github.com/gobwas/ws"
)

// Reader reads what one client sends. Before its first use and after Release it wants a Reset.
//
// It stands between two frames, or in front of an incomplete one of which it has seen so many bytes; and, apart from that, between two messages
// or inside one. It never consumes a part of a frame.
type Reader struct {
	pool         *Pool
	message      []byte // owned: the payload of the current message's frames so far; nil = none with content
	bytesMax     uint32 // of a message
	seen         uint32 // payload bytes of the frame in front that are unmasked and checked
	text         text   // where the current message's text stands
	state        state
	isDeflate    bool // permessage-deflate was negotiated
	isCompressed bool // the current message is; valid in stateMessage
}

// state is where a Reader stands as to messages.
type state uint8

const (
	stateIdle    state = iota // between two messages
	stateMessage              // inside a fragmented one
	stateDone                 // closed or failed: what comes is ignored
)

func (s state) String() string {
	switch s {
	case stateIdle:
		return "idle"
	case stateMessage:
		return "message"
	case stateDone:
		return "done"
	}
	return "state unknown"
}

// Reset makes r ready for a new connection. messageBytesMax limits a message, on the wire and inflated.
func (r *Reader) Reset(p *Pool, messageBytesMax int, d Deflate) {
	r.Release()
	*r = Reader{pool: p, bytesMax: uint32(min(max(messageBytesMax, 0), math.MaxInt32)), isDeflate: d.On}
}

// Release gives back what r owns. A second one does nothing.
func (r *Reader) Release() {
	if r.message != nil {
		r.pool.buffers.Put(r.message)
		r.message = nil
	}
	r.state = stateDone
}

// Next reads from b, which holds all bytes that were not consumed and is written to, until there is something to tell. n bytes were consumed, also
// with NeedMore; the rest is to be offered again, as it was left, with what has come since. After NeedMore a call without new bytes is of no use.
func (r *Reader) Next(b []byte, m *Message) (n int, ev Event) {
	*m = Message{}
	r.pool.reclaim()
	if r.state == stateDone {
		return len(b), NeedMore // RFC 6455 §5.5.1: nothing is processed after a close frame; §7.1.7: nor after a failure
	}
	for {
		used, ev := r.readFrame(b[n:], m)
		switch n += used; {
		case ev == EventBad:
			r.Release()
			return len(b), ev
		case ev == EventClose:
			r.Release()
			return n, ev
		case ev != NeedMore || used == 0:
			return n, ev
		}
	}
}

// readFrame reads the frame at the start of b, if it is whole; else what is there of it is unmasked and checked.
func (r *Reader) readFrame(b []byte, m *Message) (used int, ev Event) {
	var h header
	if code := r.readHeader(b, &h); code != 0 {
		return fail(m, code)
	}
	if h.size == 0 {
		return 0, NeedMore
	}
	payload := b[h.size:min(len(b), h.size+h.length)]
	seen := int(r.seen)
	if seen > len(payload) {
		return 0, NeedMore // b was cut: not as agreed, but nothing to stumble over
	}
	ws.Cipher(payload[seen:], h.mask, seen)
	if h.op == OpText {
		r.isCompressed = h.isRSV1
	}
	if !h.op.isControl() && !r.isCompressed && !r.text.feed(payload[seen:]) {
		return fail(m, CloseBadData) // RFC 6455 §8.1, at the first byte that shows it
	}
	if len(payload) < h.length {
		r.seen = uint32(len(payload))
		return 0, NeedMore
	}
	r.seen = 0
	used = h.size + h.length
	if h.op.isControl() {
		return used, readControl(h.op, payload, m)
	}
	return used, r.readFragment(payload, h.isLast, m)
}

// fail makes m say why the connection has to end.
func fail(m *Message, code CloseCode) (used int, ev Event) {
	*m = Message{Code: code}
	return 0, EventBad
}
