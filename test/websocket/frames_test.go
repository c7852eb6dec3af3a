package websocket

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
)

// Opcodes, and the bits beside them (RFC 6455 §5.2).
const (
	fin  = 0x80
	rsv1 = 0x40

	opContinuation = 0
	opText         = 1
	opClose        = 8
	opPing         = 9
	opPong         = 10
)

// frame is a client's frame, masked.
func frame(first byte, payload string) []byte {
	b := []byte{first}
	switch n := len(payload); {
	case n < 126:
		b = append(b, 0x80|byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 0x80|127), uint64(n))
	}
	mask := [4]byte{0x9a, 0x07, 0xe1, 0x5c}
	b = append(b, mask[:]...)
	for i := range len(payload) {
		b = append(b, payload[i]^mask[i%4])
	}
	return b
}

// closePayload is what a close frame with that code carries.
func closePayload(code int) string {
	if code == codeNone {
		return ""
	}
	return string([]byte{byte(code >> 8), byte(code)})
}

// codeNone is the close without a code (RFC 6455 §7.1.5).
const codeNone = 1005

// received is a frame from the server.
type received struct {
	first byte
	text  string
}

// String is for messages of tests: what it is, and what it says.
func (f received) String() string {
	text := f.text
	switch f.first {
	case fin | opText:
		return "text " + text
	case fin | opPing:
		return fmt.Sprintf("ping %q", text)
	case fin | opPong:
		return fmt.Sprintf("pong %q", text)
	case fin | opClose:
		switch {
		case len(text) >= 2:
			return fmt.Sprintf("close %d%s", int(text[0])<<8|int(text[1]), text[2:])
		case text == "":
			return fmt.Sprintf("close %d", codeNone)
		}
	}
	return fmt.Sprintf("frame %x %q", f.first, text)
}

// readFrame reads a frame of the server's: never masked, its length in the shortest form (RFC 6455 §5.1, §5.2).
func readFrame(r io.Reader) (received, error) {
	var h [2]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return received{}, err
	}
	if h[1]&0x80 != 0 {
		return received{}, fmt.Errorf("a masked frame: %x", h)
	}
	n, least, err := uint64(h[1]), uint64(0), error(nil)
	var more [8]byte
	switch n {
	case 126:
		_, err = io.ReadFull(r, more[6:])
		n, least = binary.BigEndian.Uint64(more[:]), 126
	case 127:
		_, err = io.ReadFull(r, more[:])
		n, least = binary.BigEndian.Uint64(more[:]), 1<<16
	}
	switch {
	case err != nil:
		return received{}, err
	case n < least || n > 1<<24:
		return received{}, fmt.Errorf("a length of %d after %x", n, h)
	}
	var b bytes.Buffer
	_, err = io.CopyN(&b, r, int64(n))
	return received{h[0], b.String()}, err
}
