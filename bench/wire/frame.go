package wire

import (
	"encoding/binary"
	"errors"
)

// Opcode is a frame's (RFC 6455 §5.2).
type Opcode byte

// The opcodes.
const (
	OpContinuation Opcode = 0
	OpText         Opcode = 1
	OpBinary       Opcode = 2
	OpClose        Opcode = 8
	OpPing         Opcode = 9
	OpPong         Opcode = 10
)

func (o Opcode) String() string {
	switch o {
	case OpContinuation:
		return "continuation"
	case OpText:
		return "text"
	case OpBinary:
		return "binary"
	case OpClose:
		return "close"
	case OpPing:
		return "ping"
	case OpPong:
		return "pong"
	}
	return "reserved"
}

// A Frame is one of a server's frames, cut from a connection. It aliases the input.
type Frame struct {
	Op      Opcode
	Fin     bool
	Payload []byte
	Bytes   int // how long it was in all
}

// ErrFrame says that the bytes are no frame that a server may send: masked, or with reserved bits.
var ErrFrame = errors.New("no frame that a WebSocket server may send")

// CutFrame cuts the first frame off b. Bytes is 0 when it isn't all there.
func CutFrame(b []byte) (Frame, error) {
	if len(b) < 2 {
		return Frame{}, nil
	}
	if b[0]&0x70 != 0 || b[1]&0x80 != 0 { // RFC 6455 §5.1, §5.2
		return Frame{}, ErrFrame
	}
	n, head := uint64(b[1]), 2
	switch n {
	case 126:
		if head = 4; len(b) >= head {
			n = uint64(binary.BigEndian.Uint16(b[2:]))
		}
	case 127:
		if head = 10; len(b) >= head {
			n = binary.BigEndian.Uint64(b[2:])
		}
	}
	if len(b) < head || uint64(len(b)-head) < n {
		return Frame{}, nil
	}
	all := head + int(n)
	return Frame{Op: Opcode(b[0] & 15), Fin: b[0]&0x80 != 0, Payload: b[head:all], Bytes: all}, nil
}

// mask is every frame's masking key. RFC 6455 §5.3 wants a fresh one for each, against caches that take the payload for a request;
// a harness on loopback saves the time, and a key without a zero byte costs the server as much as any.
const mask = uint32(0x9c5e37a1)

// AppendFrame appends a client's frame with this payload.
func AppendFrame(dst []byte, op Opcode, payload []byte) []byte {
	dst = append(dst, 0x80|byte(op))
	switch n := len(payload); {
	case n < 126:
		dst = append(dst, 0x80|byte(n))
	case n < 1<<16:
		dst = append(dst, 0x80|126, byte(n>>8), byte(n))
	default:
		dst = binary.BigEndian.AppendUint64(append(dst, 0x80|127), uint64(n))
	}
	dst = binary.LittleEndian.AppendUint32(dst, mask)
	start := len(dst)
	dst = append(dst, payload...)
	masked := dst[start:]
	for len(masked) >= 8 {
		binary.LittleEndian.PutUint64(masked, binary.LittleEndian.Uint64(masked)^(uint64(mask)<<32|uint64(mask)))
		masked = masked[8:]
	}
	for i := range masked {
		masked[i] ^= byte(mask >> (8 * (i & 3)))
	}
	return dst
}

// Upgrade is a client's opening handshake (RFC 6455 §4.1, RFC 7395 §3.1); the key is the RFC's own example.
func Upgrade(path, host string) []byte {
	return []byte("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: xmpp\r\n" +
		"Origin: http://" + host + "\r\n\r\n")
}
