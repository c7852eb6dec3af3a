package wscases

import (
	"fmt"
	"strings"
)

// closings: close frames (RFC 6455 §5.5.1, §7.4).
func closings() (all []Case) {
	for _, code := range []uint16{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999} {
		all = append(
			all,
			begin(fmt.Sprintf("closing/%d", code)).send(frame(fin|opClose, closePayload(code, ""))).close(code, "").done(),
			begin(fmt.Sprintf("closing/%d with a reason", code)).send(frame(fin|opClose, closePayload(code, "Bye €"))).close(code, "Bye €").done(),
		)
	}
	// decisions.md 22
	for _, code := range []uint16{0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 5001, 10000, 65535} {
		all = append(
			all,
			begin(fmt.Sprintf("closing/%d", code)).send(frame(fin|opClose, closePayload(code, ""))).bad(codeProtocol).done(),
			begin(fmt.Sprintf("closing/%d with a reason", code)).send(frame(fin|opClose, closePayload(code, "Bye"))).bad(codeProtocol).done(),
		)
	}
	longest := strings.Repeat("r", 123)
	for _, s := range wrong() {
		if !strings.HasPrefix(s.name, "lone") {
			all = append(all, begin("closing/reason: "+s.name).send(frame(fin|opClose, closePayload(codeNormal, s.text))).bad(codeData).done())
		}
	}
	return append(
		all,
		begin("closing/empty").send(frame(fin|opClose, "")).close(codeNone, "").done(),
		begin("closing/half a code").send(frame(fin|opClose, "\x03")).bad(codeProtocol).done(),
		begin("closing/the longest reason").send(frame(fin|opClose, closePayload(codeNormal, longest))).close(codeNormal, longest).done(),
		begin("closing/a longer reason").badAt(2, codeProtocol, frame(fin|opClose, closePayload(codeNormal, longest+"r"))).done(),
		begin("closing/after a message").send(frame(fin|opText, "Hello")).text("Hello").send(frame(fin|opClose, closePayload(codeNormal, ""))).close(codeNormal, "").done(),
		begin("closing/after a long message").send(frame(fin|opText, strings.Repeat("BAsd7&jh23", 26_000))).text(strings.Repeat("BAsd7&jh23", 26_000)).
			send(frame(fin|opClose, closePayload(codeNormal, ""))).close(codeNormal, "").done(),
		begin("closing/twice").send(frame(fin|opClose, "")).close(codeNone, "").send(frame(fin|opClose, "")).done(),
		begin("closing/then a ping").send(frame(fin|opClose, "")).close(codeNone, "").send(frame(fin|opPing, "")).done(),
		begin("closing/then a message").send(frame(fin|opClose, "")).close(codeNone, "").send(frame(fin|opText, "Hello")).done(),
		begin("closing/then nonsense").send(frame(fin|opClose, "")).close(codeNone, "").send([]byte("\xff\xff\xff GET / HTTP/1.1\r\n\r\n")).done(),
		begin("closing/inside a message, which then ends").send(frame(opText, "Hel"), frame(fin|opClose, closePayload(codeNormal, ""))).close(codeNormal, "").
			send(frame(fin, "lo")).done(),
		begin("closing/inside a character").send(frame(opText, "\xe2\x82"), frame(fin|opClose, closePayload(codeNormal, "\xe2\x82\xac"))).close(codeNormal, "€").done(),
		begin("closing/nonsense instead").badAt(1, codeProtocol, []byte("GET / HTTP/1.1\r\n\r\n")).done(),
	)
}
