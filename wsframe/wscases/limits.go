package wscases

import (
	"fmt"
	"strings"
)

// limits: messages up to the limit, in frames of all sizes; and beyond it, which is known when the length is declared (decisions.md 21).
func limits() (all []Case) {
	for _, n := range []int{1 << 16, 1 << 17, 1 << 18, 400_000, MessageBytesMax - 1, MessageBytesMax} {
		data := strings.Repeat("0123456789abcdé", n/16+1)[:n/16*16] + strings.Repeat("z", n%16)
		all = append(all, begin(fmt.Sprintf("limits/%d in one frame", n)).send(frame(fin|opText, data)).text(data).done())
	}
	full := strings.Repeat("0123456789abcdé", MessageBytesMax/16)
	for _, piece := range []int{64, 256, 1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, MessageBytesMax - 1} {
		all = append(
			all,
			begin(fmt.Sprintf("limits/the longest in frames of %d", piece)).send(inPieces(opText, full, piece)).text(full).done(),
			begin(fmt.Sprintf("limits/one byte more in frames of %d", piece)).badAt(overrun(len(full), piece), codeTooBig, inPieces(opText, full+"+", piece)).done(),
		)
	}
	hundred := strings.Repeat("<presence/>", 10)
	stream := begin("limits/many messages are not one")
	for range MessageBytesMax/len(hundred) + 10 {
		stream.send(frame(fin|opText, hundred)).text(hundred)
	}
	last := strings.Repeat("x", MessageBytesMax-5)
	return append(
		all, stream.done(),
		begin("limits/a frame over the limit").badAt(10, codeTooBig, frame(fin|opText, full+"+")).done(),
		begin("limits/a first fragment over the limit").badAt(10, codeTooBig, head(opText, MessageBytesMax+1)).done(),
		begin("limits/the sum over the limit").send(frame(opText, "Hello")).badAt(10, codeTooBig, head(fin, MessageBytesMax-4)).done(),
		begin("limits/the sum at the limit").send(frame(opText, "Hello"), frame(fin, last)).text("Hello"+last).done(),
		begin("limits/the sum over the limit by a small frame").send(frame(opText, full[:MessageBytesMax-16])).badAt(2, codeTooBig, head(0, 17)).done(),
		begin("limits/a ping at the limit").send(frame(opText, full), frame(fin|opPing, "still there?")).ping("still there?").send(frame(fin, "")).text(full).done(),
		begin("limits/after a full message").send(frame(fin|opText, full)).text(full).send(frame(fin|opText, full)).text(full).done(),
	)
}

// overrun is the number of bytes, of n+1 in pieces, up to the end of the length that breaks the limit of n.
func overrun(n, piece int) int {
	frames := n / piece
	whole := len(inPieces(opText, strings.Repeat(" ", piece*frames), piece))
	rest := n + 1 - piece*frames
	return whole + len(head(0, rest)) - maskBytes
}
