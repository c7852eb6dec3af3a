package wsframe

import (
	"encoding/binary"
	"unicode/utf8"
)

const codeBytes = 2 // of a close frame's payload

// readControl reads the payload of a whole control frame.
func readControl(op Opcode, payload []byte, m *Message) Event {
	switch op {
	case OpPing:
		m.Data = payload
		return EventPing
	case OpPong:
		m.Data = payload
		return EventPong
	case OpClose, OpContinuation, OpText, OpBinary: // a close: the others are no control frames
	}
	return readClose(payload, m)
}

// readClose reads a close frame: nothing, or a code and a reason (RFC 6455 §5.5.1).
func readClose(payload []byte, m *Message) Event {
	if len(payload) == 0 {
		m.Code = CloseNone // RFC 6455 §7.1.5
		return EventClose
	}
	bad := CloseProtocolError
	if len(payload) >= codeBytes {
		code, reason := CloseCode(binary.BigEndian.Uint16(payload)), payload[codeBytes:]
		switch {
		case !code.IsValid():
		case !utf8.Valid(reason):
			bad = CloseBadData
		default:
			*m = Message{Data: reason, Code: code}
			return EventClose
		}
	}
	_, ev := fail(m, bad)
	return ev
}

// AppendClose appends a close frame. With CloseNone it is empty. A reason is cut, between two characters, to what a control frame holds.
func AppendClose(dst []byte, code CloseCode, reason string) []byte {
	if code == CloseNone {
		return AppendHeader(dst, OpClose, 0, false)
	}
	if len(reason) > controlBytesMax-codeBytes {
		end := controlBytesMax - codeBytes
		for end > 0 && !utf8.RuneStart(reason[end]) {
			end--
		}
		reason = reason[:end]
	}
	dst = AppendHeader(dst, OpClose, codeBytes+len(reason), false)
	return append(binary.BigEndian.AppendUint16(dst, uint16(code)), reason...)
}

// AppendPing appends a ping with at most 125 bytes of data (RFC 6455 §5.5); more are cut.
func AppendPing(dst, data []byte) []byte { return appendControl(dst, OpPing, data) }

// AppendPong is AppendPing for a pong.
func AppendPong(dst, data []byte) []byte { return appendControl(dst, OpPong, data) }

func appendControl(dst []byte, op Opcode, data []byte) []byte {
	data = data[:min(len(data), controlBytesMax)]
	return append(AppendHeader(dst, op, len(data), false), data...)
}
