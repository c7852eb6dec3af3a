package wscases

import (
	"fmt"
	"strings"
)

// masks: RFC 6455 §5.1 wants every frame of a client's masked, with whatever mask (§5.3).
func masks() (all []Case) {
	data := strings.Repeat("The quick brown fox jumps over the lazy dog. ", 5)
	for _, mask := range [][maskBytes]byte{{}, {0xff, 0xff, 0xff, 0xff}, {1}, {0, 1}, {0, 0, 1}, {0, 0, 0, 1}, {0x80, 0, 0, 0x80}, {0x37, 0xfa, 0x21, 0x3d}} {
		for _, n := range []int{5, 61, len(data)} {
			name := fmt.Sprintf("masks/%x %d", mask, n)
			all = append(all, begin(name).send(frameWith(fin|opText, data[:n], mask)).text(data[:n]).done())
		}
	}
	for _, f := range []struct {
		name  string
		first byte
	}{{"text", fin | opText}, {"first fragment", opText}, {"ping", fin | opPing}, {"pong", fin | opPong}, {"close", fin | opClose}} {
		for _, payload := range []string{"", "Hello"} {
			name := fmt.Sprintf("masks/none on a %s of %d", f.name, len(payload))
			all = append(all, begin(name).badAt(2, codeProtocol, bare(f.first, payload)).done())
		}
	}
	return append(
		all,
		begin("masks/none on a long text").badAt(2, codeProtocol, bare(fin|opText, data)).done(),
		begin("masks/none on a continuation").send(frame(opText, "He")).badAt(2, codeProtocol, bare(fin, "llo")).done(),
		begin("masks/none after a message").send(frame(fin|opText, "one")).text("one").badAt(2, codeProtocol, bare(fin|opText, "two")).done(),
		begin("masks/another in each frame").
			send(frameWith(opText, "one", [maskBytes]byte{1, 2, 3, 4}), frameWith(0, "two", [maskBytes]byte{}), frameWith(fin, "three", [maskBytes]byte{9, 8, 7, 6})).
			text("onetwothree").done(),
	)
}
