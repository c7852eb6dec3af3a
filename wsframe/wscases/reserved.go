package wscases

import "fmt"

// reserved: bits and opcodes that mean nothing, unless an extension was negotiated (RFC 6455 §5.2).
func reserved() (all []Case) {
	for rsv := byte(1); rsv <= 7; rsv++ {
		bits := rsv << 4
		for _, f := range []struct {
			name  string
			first byte
		}{{"text", fin | opText}, {"binary", fin | opBinary}, {"first fragment", opText}, {"ping", fin | opPing}, {"pong", fin | opPong}, {"close", fin | opClose}} {
			name := fmt.Sprintf("reserved/bits %03b on a %s", rsv, f.name)
			all = append(all, begin(name).badAt(1, codeProtocol, frame(f.first|bits, "Hello")).done())
		}
		all = append(
			all,
			begin(fmt.Sprintf("reserved/bits %03b after a message", rsv)).send(frame(fin|opText, "one")).text("one").
				badAt(1, codeProtocol, frame(fin|opText|bits, "two")).done(),
			begin(fmt.Sprintf("reserved/bits %03b on a continuation", rsv)).send(frame(opText, "He")).
				badAt(1, codeProtocol, frame(fin|bits, "llo")).done(),
			begin(fmt.Sprintf("reserved/bits %03b, then a ping", rsv)).badAt(1, codeProtocol, frame(fin|opText|bits, "")).send(frame(fin|opPing, "")).done(),
		)
	}
	for op := byte(3); op < 16; op++ {
		if op >= opClose && op <= opPong {
			continue
		}
		all = append(
			all,
			begin(fmt.Sprintf("reserved/opcode %d", op)).badAt(1, codeProtocol, frame(fin|op, "")).done(),
			begin(fmt.Sprintf("reserved/opcode %d with a payload", op)).badAt(1, codeProtocol, frame(fin|op, "Hello")).done(),
			begin(fmt.Sprintf("reserved/opcode %d not final", op)).badAt(1, codeProtocol, frame(op, "Hello")).done(),
			begin(fmt.Sprintf("reserved/opcode %d after a message", op)).send(frame(fin|opText, "one")).text("one").
				badAt(1, codeProtocol, frame(fin|op, "")).send(frame(fin|opPing, "")).done(),
			begin(fmt.Sprintf("reserved/opcode %d in a message", op)).send(frame(opText, "He")).badAt(1, codeProtocol, frame(fin|op, "llo")).done(),
		)
	}
	return all
}
