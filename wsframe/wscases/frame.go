package wscases

import "encoding/binary"

// The first byte of a frame: FIN, the reserved bits, opcodes (RFC 6455 §5.2).
const (
	fin  = 0x80
	rsv1 = 0x40

	opContinuation = 0x0
	opText         = 0x1
	opBinary       = 0x2
	opClose        = 0x8
	opPing         = 0x9
	opPong         = 0xa

	maskBit    = 0x80
	maskBytes  = 4
	shortBytes = 2 + maskBytes // the header of a frame with less than 126 bytes
)

// defaultMask is a mask whose four bytes differ.
var defaultMask = [maskBytes]byte{0xc4, 0x19, 0x80, 0x7b}

// frame is a client's frame with the shortest length.
func frame(first byte, payload string) []byte { return frameWith(first, payload, defaultMask) }

func frameWith(first byte, payload string, mask [maskBytes]byte) []byte {
	b := appendLength(append(make([]byte, 0, 14+len(payload)), first), len(payload))
	return appendMasked(b, payload, mask)
}

// head is the header of a frame that announces n bytes.
func head(first byte, n int) []byte {
	return appendMasked(appendLength([]byte{first}, n), "", defaultMask)
}

// longFrame is a frame whose length is written in so many more bytes: 2 or 8.
func longFrame(first byte, payload string, more int) []byte {
	return appendMasked(appendLong([]byte{first}, uint64(len(payload)), more), payload, defaultMask)
}

// longHead is the header of a frame that announces n bytes in so many more bytes.
func longHead(first byte, n uint64, more int) []byte {
	return appendMasked(appendLong([]byte{first}, n, more), "", defaultMask)
}

// bare is a frame without a mask.
func bare(first byte, payload string) []byte {
	b := appendLength([]byte{first}, len(payload))
	b[1] &^= maskBit
	return append(b, payload...)
}

func appendLength(b []byte, n int) []byte {
	switch {
	case n < 126:
		return append(b, maskBit|byte(n))
	case n < 1<<16:
		return appendLong(b, uint64(n), 2)
	}
	return appendLong(b, uint64(n), 8)
}

func appendLong(b []byte, n uint64, more int) []byte {
	if more == 2 {
		return binary.BigEndian.AppendUint16(append(b, maskBit|126), uint16(n))
	}
	return binary.BigEndian.AppendUint64(append(b, maskBit|127), n)
}

func appendMasked(b []byte, payload string, mask [maskBytes]byte) []byte {
	b = append(b, mask[:]...)
	for i := range len(payload) {
		b = append(b, payload[i]^mask[i%maskBytes])
	}
	return b
}

// inPieces is a message in frames of at most so many bytes each.
func inPieces(first byte, payload string, piece int) []byte {
	var b []byte
	for {
		if len(payload) <= piece {
			return append(b, frame(first|fin, payload)...)
		}
		b = append(b, frame(first, payload[:piece])...)
		payload, first = payload[piece:], opContinuation
	}
}

// closePayload is what a close frame carries.
func closePayload(code uint16, reason string) string {
	return string([]byte{byte(code >> 8), byte(code)}) + reason
}
