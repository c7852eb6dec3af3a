package wscases

import (
	"fmt"
	"strconv"
	"strings"
)

// controls: pings and pongs (RFC 6455 §5.5).
func controls() (all []Case) {
	octets := make([]byte, 125)
	for i := range octets {
		octets[i] = byte(i * 7)
	}
	for _, payload := range []string{"", "Hello", "\x00\xff\xfe\xfd\xfc\xfb\x00\xff", string(octets[:124]), string(octets)} {
		n := strconv.Itoa(len(payload))
		all = append(
			all,
			begin("controls/ping "+n).send(frame(fin|opPing, payload)).ping(payload).done(),
			begin("controls/pong "+n).send(frame(fin|opPong, payload)).pong(payload).done(),
			begin("controls/pong, then ping "+n).send(frame(fin|opPong, "unasked")).pong("unasked").send(frame(fin|opPing, payload)).ping(payload).done(),
			begin("controls/text around a ping "+n).send(frame(fin|opText, "a")).text("a").send(frame(fin|opPing, payload)).ping(payload).
				send(frame(fin|opText, "b")).text("b").done(),
		)
	}
	for _, n := range []int{126, 127, 1000, 65536} { // §5.5: at most 125 bytes
		payload := strings.Repeat("x", n)
		all = append(
			all,
			begin(fmt.Sprintf("controls/ping %d", n)).badAt(2, codeProtocol, frame(fin|opPing, payload)).done(),
			begin(fmt.Sprintf("controls/pong %d", n)).badAt(2, codeProtocol, frame(fin|opPong, payload)).done(),
		)
	}
	many := begin("controls/many pings")
	for i := range 100 {
		data := "payload-" + strconv.Itoa(i)
		many.send(frame(fin|opPing, data)).ping(data)
	}
	return append(
		all, many.done(),
		begin("controls/fragmented ping").badAt(1, codeProtocol, frame(opPing, "He")).done(), // §5.4
		begin("controls/fragmented pong").badAt(1, codeProtocol, frame(opPong, "He")).done(),
		begin("controls/fragmented close").badAt(1, codeProtocol, frame(opClose, closePayload(codeNormal, ""))).done(),
		begin("controls/fragmented ping in a message").send(frame(opText, "He")).badAt(1, codeProtocol, frame(opPing, "x")).done(),
	)
}
