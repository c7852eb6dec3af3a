package wscases

import (
	"fmt"
	"strconv"
	"strings"
)

// fragments: RFC 6455 §5.4.
func fragments() (all []Case) {
	const data = "fragment1fragment2fragment3"
	for _, piece := range []int{1, 2, 3, 8, 9, 26, 27} {
		all = append(all, begin(fmt.Sprintf("fragments/of %d", piece)).send(inPieces(opText, data, piece)).text(data).done())
	}
	between := begin("fragments/a ping after each")
	for i := range len(data) {
		first := byte(opContinuation)
		if i == 0 {
			first = opText
		}
		n := strconv.Itoa(i)
		between.send(frame(first, data[i:i+1]), frame(fin|opPing, n)).ping(n).send(frame(fin|opPong, n)).pong(n)
	}
	all = append(all, between.send(frame(fin, "")).text(data).done())

	long := strings.Repeat("κόσμε-", 5958) // 65,538 bytes
	for _, piece := range []int{1300, 7, 4096, 65537} {
		all = append(all, begin(fmt.Sprintf("fragments/65538 bytes by %d", piece)).send(inPieces(opText, long, piece)).text(long).done())
	}
	many := strings.Repeat("x", 1000)
	return append(
		all,
		begin("fragments/of one byte, a thousand").send(inPieces(opText, many, 1)).text(many).done(),
		begin("fragments/all empty").send(frame(opText, ""), frame(0, ""), frame(fin, "")).text("").done(),
		begin("fragments/only the middle has content").send(frame(opText, ""), frame(0, "Hello"), frame(fin, "")).text("Hello").done(),
		begin("fragments/only the first has content").send(frame(opText, "Hello"), frame(0, ""), frame(fin, "")).text("Hello").done(),
		begin("fragments/only the last has content").send(frame(opText, ""), frame(0, ""), frame(fin, "Hello")).text("Hello").done(),
		begin("fragments/empty ones without end in sight").send(frame(opText, "H")).send(repeat(frame(0, ""), 1000)).send(frame(fin, "i")).text("Hi").done(),
		begin("fragments/two messages").send(inPieces(opText, "Hello", 2)).text("Hello").send(inPieces(opText, "world", 3)).text("world").done(),
		begin("fragments/then a message in one frame").send(inPieces(opText, "Hello", 2)).text("Hello").send(frame(fin|opText, "world")).text("world").done(),
		begin("fragments/a ping between").send(frame(opText, "Hel"), frame(fin|opPing, "p")).ping("p").send(frame(fin, "lo")).text("Hello").done(),
		begin("fragments/a close between").send(frame(opText, "Hel"), frame(fin|opClose, "")).close(codeNone, "").send(frame(fin, "lo")).done(),
		begin("fragments/of binary").badAt(1, codeBinary, frame(opBinary, "Hel")).send(frame(fin, "lo")).done(),

		begin("fragments/a continuation of nothing").badAt(1, codeProtocol, frame(fin, "Hello")).done(),
		begin("fragments/a first continuation of nothing").badAt(1, codeProtocol, frame(0, "Hello")).done(),
		begin("fragments/an empty continuation of nothing").badAt(1, codeProtocol, frame(fin, "")).done(),
		begin("fragments/a continuation after a message").send(frame(fin|opText, "Hello")).text("Hello").badAt(1, codeProtocol, frame(fin, "x")).done(),
		begin("fragments/a first continuation after a message").send(frame(fin|opText, "Hello")).text("Hello").badAt(1, codeProtocol, frame(0, "x")).done(),
		begin("fragments/a continuation after a fragmented message").send(inPieces(opText, "Hello", 3)).text("Hello").badAt(1, codeProtocol, frame(fin, "x")).done(),
		begin("fragments/a continuation after a ping").send(frame(fin|opPing, "")).ping("").badAt(1, codeProtocol, frame(fin, "x")).done(),
		begin("fragments/a message inside a message").send(frame(opText, "Hel")).badAt(1, codeProtocol, frame(fin|opText, "x")).done(),
		begin("fragments/a fragmented message inside a message").send(frame(opText, "Hel")).badAt(1, codeProtocol, frame(opText, "x")).send(frame(fin, "lo")).done(),
		begin("fragments/binary inside a message").send(frame(opText, "Hel")).badAt(1, codeProtocol, frame(fin|opBinary, "x")).done(),
		begin("fragments/a message inside an empty one").send(frame(opText, "")).badAt(1, codeProtocol, frame(fin|opText, "x")).done(),
		begin("fragments/a message inside a message, after a ping").send(frame(opText, "Hel"), frame(fin|opPing, "p")).ping("p").
			badAt(1, codeProtocol, frame(fin|opText, "x")).done(),
	)
}

// repeat is n times b.
func repeat(b []byte, n int) []byte { return []byte(strings.Repeat(string(b), n)) }
