package wscases

import (
	"fmt"
	"math"
	"strings"
)

// lengths: "the minimal number of bytes MUST be used to encode the length" (RFC 6455 §5.2), and its highest bit is 0.
func lengths() (all []Case) {
	for _, n := range []int{0, 1, 124, 125} {
		name := fmt.Sprintf("lengths/%d in 16 bits", n)
		all = append(all, begin(name).badAt(4, codeProtocol, longFrame(fin|opText, strings.Repeat("*", n), 2)).done())
	}
	for _, n := range []int{0, 1, 125, 126, 127, 65535} {
		name := fmt.Sprintf("lengths/%d in 64 bits", n)
		all = append(all, begin(name).badAt(10, codeProtocol, longFrame(fin|opText, strings.Repeat("*", n), 8)).done())
	}
	for _, first := range []byte{fin | opPing, fin | opPong, fin | opClose} {
		for _, more := range []int{2, 8} {
			name := fmt.Sprintf("lengths/%#x with %d more bytes", first, more)
			all = append(all, begin(name).badAt(2, codeProtocol, longFrame(first, "Hello", more)).done())
		}
	}
	for _, n := range []uint64{1 << 63, 1<<63 + 5, math.MaxUint64} {
		name := fmt.Sprintf("lengths/%#x", n)
		all = append(all, begin(name).badAt(10, codeProtocol, longHead(fin|opText, n, 8)).done())
	}
	for _, n := range []uint64{MessageBytesMax + 1, 1 << 20, math.MaxUint32, 1 << 32, 1<<32 + 5, math.MaxInt64} {
		name := fmt.Sprintf("lengths/%#x", n)
		all = append(all, begin(name).badAt(10, codeTooBig, longHead(fin|opText, n, 8)).done())
	}
	return all
}
