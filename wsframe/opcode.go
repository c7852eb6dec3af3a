package wsframe

import "strconv"

// Opcode says what a frame is (RFC 6455 §5.2).
type Opcode uint8

// The opcodes that RFC 6455 §11.8 defines. All others are reserved.
const (
	OpContinuation Opcode = 0x0
	OpText         Opcode = 0x1
	OpBinary       Opcode = 0x2
	OpClose        Opcode = 0x8
	OpPing         Opcode = 0x9
	OpPong         Opcode = 0xa
)

// isControl: control frames have the highest bit of the opcode set (RFC 6455 §5.5).
func (op Opcode) isControl() bool { return op >= OpClose }

// isKnown says whether the opcode is none of the reserved ones.
func (op Opcode) isKnown() bool { return op <= OpBinary || op >= OpClose && op <= OpPong }

func (op Opcode) String() string {
	switch op {
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
	return "opcode " + strconv.Itoa(int(op))
}
