package wsframe

import "encoding/binary"

// The bits of a frame's first two bytes (RFC 6455 §5.2).
const (
	bitFin    = 0x80
	bitRSV1   = 0x40
	bitsRSV23 = 0x30
	bitsOp    = 0x0f
	bitMask   = 0x80
	bitsLen   = 0x7f

	length16 = 126 // the length is in the next two bytes
	length64 = 127 // in the next eight

	controlBytesMax = 125 // RFC 6455 §5.5
	maskBytes       = 4
)

// HeaderBytesMax is the length of the longest header that this server sends.
const HeaderBytesMax = 10

// header is the header of a client's frame.
type header struct {
	op     Opcode
	isLast bool // FIN
	isRSV1 bool
	size   int // of the header with the mask; 0 = it is incomplete
	length int // of the payload
	mask   [maskBytes]byte
}

// readHeader reads as much of a header as there is, and judges each part as soon as it is there: 0 unless it is wrong.
func (r *Reader) readHeader(b []byte, h *header) CloseCode {
	if len(b) == 0 {
		return 0
	}
	h.op, h.isLast, h.isRSV1 = Opcode(b[0]&bitsOp), b[0]&bitFin != 0, b[0]&bitRSV1 != 0
	if code := r.checkFirst(b[0], h); code != 0 || len(b) == 1 {
		return code
	}
	if b[1]&bitMask == 0 {
		return CloseProtocolError // RFC 6455 §5.1
	}
	short := b[1] & bitsLen
	if h.op.isControl() && short > controlBytesMax {
		return CloseProtocolError // RFC 6455 §5.5
	}
	end := 2
	switch short {
	case length16:
		end = 4
	case length64:
		end = 10
	}
	if len(b) < end {
		return 0
	}
	if code := r.readLength(short, b[2:end], h); code != 0 {
		return code
	}
	if len(b) >= end+maskBytes {
		h.mask = [maskBytes]byte(b[end:])
		h.size = end + maskBytes
	}
	return 0
}

// checkFirst judges the first byte of a frame.
func (r *Reader) checkFirst(first byte, h *header) CloseCode {
	isData := h.op == OpText || h.op == OpBinary
	switch {
	case first&bitsRSV23 != 0 || !h.op.isKnown():
		return CloseProtocolError // RFC 6455 §5.2
	case h.isRSV1 && (!r.isDeflate || !isData):
		return CloseProtocolError // RFC 7692 §6: on the first fragment of a message only
	case h.op.isControl() && !h.isLast:
		return CloseProtocolError // RFC 6455 §5.5
	case isData && r.state == stateMessage, h.op == OpContinuation && r.state != stateMessage:
		return CloseProtocolError // RFC 6455 §5.4
	case h.op == OpBinary:
		return CloseUnsupported // RFC 7395 §3.2: XMPP is text
	}
	return 0
}

// readLength reads the length that short announces. Lengths are in the shortest form (RFC 6455 §5.2; decisions.md 18).
func (r *Reader) readLength(short byte, ext []byte, h *header) CloseCode {
	length, least := uint64(short), uint64(0)
	switch short {
	case length16:
		length, least = uint64(binary.BigEndian.Uint16(ext)), length16
	case length64:
		length, least = binary.BigEndian.Uint64(ext), 1<<16
	}
	if length < least || length>>63 != 0 {
		return CloseProtocolError
	}
	// Before a byte of it is kept (decisions.md 21).
	if !h.op.isControl() && length > uint64(r.bytesMax)-uint64(len(r.message)) {
		return CloseTooBig
	}
	h.length = int(length)
	return 0
}

// AppendHeader appends the header of a frame of the server's: whole (FIN), not masked (RFC 6455 §5.1). compressed sets RSV1 (RFC 7692 §6).
func AppendHeader(dst []byte, op Opcode, payloadBytes int, compressed bool) []byte {
	first := bitFin | byte(op)
	if compressed {
		first |= bitRSV1
	}
	switch {
	case payloadBytes < length16:
		return append(dst, first, byte(payloadBytes))
	case payloadBytes < 1<<16:
		return binary.BigEndian.AppendUint16(append(dst, first, length16), uint16(payloadBytes))
	}
	return binary.BigEndian.AppendUint64(append(dst, first, length64), uint64(payloadBytes))
}
