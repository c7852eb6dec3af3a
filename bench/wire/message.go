package wire

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// Kind is who numbered a message.
type Kind byte

// The kinds, as they are written.
const (
	KindEcho Kind = 'e' // by the client; it is to come back
	KindPush Kind = 'p' // by the server
)

func (k Kind) String() string {
	switch k {
	case KindEcho:
		return "echo"
	case KindPush:
		return "push"
	}
	return "unknown"
}

// Mark is what a message carries.
type Mark struct {
	Kind Kind
	Seq  uint32 // counts from 1 in each session and kind
	Time int64  // nanoseconds of the machine's monotonic clock at which it was due to be sent
}

const (
	marker     = "<body>#" // no BOSH body element has this
	seqDigits  = 8
	timeDigits = 16
	markBytes  = len(marker) + 1 + seqDigits + timeDigits
	messageEnd = "</message>"

	messageHead = "<message xmlns='jabber:client' type='chat' to='"
	headEnd     = "'>"
	bodyEnd     = "</body>" + messageEnd
)

// MessageBytesMin is the least size of a message to this address.
func MessageBytesMin(to string) int {
	return len(messageHead) + len(to) + len(headEnd) + markBytes + len(bodyEnd)
}

// AppendMessage appends a message of size bytes in all, or of the least that hold the mark.
func AppendMessage(dst []byte, to string, m Mark, size int) []byte {
	start := len(dst)
	dst = append(dst, messageHead...)
	dst = append(dst, to...)
	dst = append(dst, headEnd...)
	dst = append(dst, marker...)
	dst = append(dst, byte(m.Kind))
	dst = appendHex(dst, uint64(m.Seq), seqDigits)
	dst = appendHex(dst, uint64(m.Time), timeDigits)
	for fill := size - (len(dst) - start) - len(bodyEnd); fill > 0; {
		n := min(fill, len(filler))
		dst = append(dst, filler[:n]...)
		fill -= n
	}
	return append(dst, bodyEnd...)
}

// filler is what people write, near enough: letters and spaces.
const filler = " so much for the weather; what did the doctor say about your knee, and will you come on Sunday as we said? " +
	"bring the children and the dog along, there is room for all of them here in the garden behind the old house "

// EachMark calls found for every mark in b, in order.
func EachMark(b []byte, found func(Mark)) {
	for {
		i := bytes.Index(b, markerBytes)
		if i < 0 || len(b) < i+markBytes {
			return
		}
		m := b[i+len(marker) : i+markBytes]
		found(Mark{Kind(m[0]), uint32(hex8(m[1:])), int64(hex8(m[9:])<<32 | hex8(m[17:]))})
		b = b[i+markBytes:]
	}
}

var (
	markerBytes     = []byte(marker)
	messageEndBytes = []byte(messageEnd)
)

// hex8 reads eight lower-case hexadecimal digits at once: '0'–'9' have bit 4 set, 'a'–'f' bit 6.
func hex8(b []byte) uint64 {
	w := binary.BigEndian.Uint64(b)
	w = (w & 0x0f0f0f0f0f0f0f0f) + 9*((w>>6)&0x0101010101010101)
	w = (w | w>>4) & 0x00ff00ff00ff00ff
	w = (w | w>>8) & 0x0000ffff0000ffff
	return (w | w>>16) & 0xffffffff
}

// appendHex appends the last digits of v.
func appendHex(dst []byte, v uint64, digits int) []byte {
	const hex = "0123456789abcdef"
	v = bits.RotateLeft64(v, 64-4*digits)
	for range digits {
		v = bits.RotateLeft64(v, 4)
		dst = append(dst, hex[v&15])
	}
	return dst
}

// CompleteMessages says how much of b, a piece of a raw stream, ends with whole messages; the rest waits for more bytes.
func CompleteMessages(b []byte) int {
	if i := bytes.LastIndex(b, messageEndBytes); i >= 0 {
		return i + len(messageEnd)
	}
	return 0
}
