package wscases

import (
	"strconv"
	"strings"
)

// sizes: messages at the edges of the three forms of the length (RFC 6455 §5.2).
func sizes() (all []Case) {
	for _, n := range []int{0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 124, 125, 126, 127, 128, 255, 256, 1000, 65534, 65535, 65536, 65537} {
		size := strconv.Itoa(n)
		ascii := strings.Repeat("*", n)
		all = append(
			all,
			begin("sizes/text "+size).send(frame(fin|opText, ascii)).text(ascii).done(),
			begin("sizes/binary "+size).badAt(1, codeBinary, frame(fin|opBinary, ascii)).done(), // RFC 7395 §3.2
		)
		wide := strings.Repeat("κόσμε€𝄞", n/20) + strings.Repeat("x", n%20)
		if n >= 20 {
			all = append(all, begin("sizes/text of all widths "+size).send(frame(fin|opText, wide)).text(wide).done())
		}
	}
	s := begin("sizes/one after the other")
	for n := range 300 {
		data := strings.Repeat("a", n)
		s.send(frame(fin|opText, data)).text(data)
	}
	return append(all, s.done())
}
