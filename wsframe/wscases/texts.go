package wscases

import (
	"fmt"
	"strings"
)

// sequence is text, and what is wrong with it.
type sequence struct {
	name string
	text string
	bad  int // index of the first byte that cannot stand there; -1 = none; len(text) = a character is cut by the end
}

// good are sequences of valid UTF-8 (RFC 3629 §4): the first and the last of each length and of each row of the grammar, and non-characters.
func good() (all []sequence) {
	for _, r := range []rune{
		0, 0x7f, 0x80, 0x7ff, 0x800, 0xfff, 0x1000, 0xcfff, 0xd000, 0xd7ff, 0xe000, 0xfeff, 0xfffd, 0xfffe, 0xffff,
		0x10000, 0x1fffe, 0x1ffff, 0x3ffff, 0x40000, 0xffffe, 0xfffff, 0x100000, 0x10fffe, 0x10ffff,
	} {
		all = append(all, sequence{fmt.Sprintf("U+%04X", r), string(r), -1})
	}
	return append(
		all,
		sequence{"Greek", "κόσμε", -1},
		sequence{"all widths", "a\u00e9\u20ac\U0001d11e", -1},
		sequence{"a byte order mark", "\ufeff<a/>", -1},
		sequence{"combining marks", "e\u0301\u0323", -1},
	)
}

// wrong are sequences that are not UTF-8.
func wrong() (all []sequence) {
	for c := 0x80; c < 0x100; c++ { // bytes that start no character, each; those that do are cut
		switch {
		case c < 0xc2, c > 0xf4:
			all = append(all, sequence{fmt.Sprintf("lone %X", c), string([]byte{byte(c)}), 0})
		default:
			all = append(all,
				sequence{fmt.Sprintf("%X and the end", c), string([]byte{byte(c)}), 1},
				sequence{fmt.Sprintf("%X and a letter", c), string([]byte{byte(c), 'a'}), 1},
				sequence{fmt.Sprintf("%X and a first byte", c), string([]byte{byte(c), 0xc3}), 1})
		}
	}
	for _, s := range []struct {
		name, text string
		bad        int
	}{
		{"overlong slash, 2 bytes", "\xc0\xaf", 0},
		{"overlong slash, 3 bytes", "\xe0\x80\xaf", 1},
		{"overlong slash, 4 bytes", "\xf0\x80\x80\xaf", 1},
		{"overlong slash, 5 bytes", "\xf8\x80\x80\x80\xaf", 0},
		{"overlong slash, 6 bytes", "\xfc\x80\x80\x80\x80\xaf", 0},
		{"overlong NUL, 2 bytes", "\xc0\x80", 0},
		{"overlong NUL, 3 bytes", "\xe0\x80\x80", 1},
		{"overlong U+007F", "\xc1\xbf", 0},
		{"overlong U+07FF", "\xe0\x9f\xbf", 1},
		{"overlong U+FFFF", "\xf0\x8f\xbf\xbf", 1},
		{"surrogate U+D800", "\xed\xa0\x80", 1},
		{"surrogate U+DBFF", "\xed\xaf\xbf", 1},
		{"surrogate U+DC00", "\xed\xb0\x80", 1},
		{"surrogate U+DFFF", "\xed\xbf\xbf", 1},
		{"a pair of surrogates", "\xed\xa0\x81\xed\xb0\x80", 1},
		{"U+110000", "\xf4\x90\x80\x80", 1},
		{"U+13FFFF", "\xf4\xbf\xbf\xbf", 1},
		{"U+1FFFFF", "\xf7\xbf\xbf\xbf", 0},
		{"U+3FFFFFF", "\xfb\xbf\xbf\xbf\xbf", 0},
		{"U+7FFFFFFF", "\xfd\xbf\xbf\xbf\xbf\xbf", 0},
		{"FE and FF", "\xfe\xff\xfe\xff", 0},
		{"one continuation too many", "\xc3\xa9\xa9", 2},
		{"two of three bytes and the end", "\xe2\x82", 2},
		{"two of three bytes and a letter", "\xe2\x82x", 2},
		{"two of four bytes and the end", "\xf0\x9d", 2},
		{"three of four bytes and the end", "\xf0\x9d\x84", 3},
		{"three of four bytes and a letter", "\xf0\x9d\x84y", 3},
		{"three of four bytes, then four", "\xf0\x9d\x84\xf0\x9d\x84\x9e", 3},
		{"Latin-1", "caf\xe9 noir", 4},
		{"a continuation after text", "ok\x80", 2},
	} {
		all = append(all, sequence{s.name, s.text, s.bad})
	}
	return all
}

// texts: text is checked as it comes, also across fragments (RFC 6455 §5.6, §8.1).
func texts() (all []Case) {
	for _, s := range good() {
		long := strings.Repeat("x", 70) + s.text + strings.Repeat("y", 70)
		all = append(
			all,
			begin("text/"+s.name).send(frame(fin|opText, s.text)).text(s.text).done(),
			begin("text/"+s.name+" in the middle").send(frame(fin|opText, long)).text(long).done(),
			begin("text/"+s.name+" by byte").send(inPieces(opText, s.text, 1)).text(s.text).done(),
		)
	}
	for _, s := range wrong() {
		all = append(all, wrongAlone(s), wrongInside(s), wrongByByte(s))
	}
	return append(
		all,
		begin("text/a ping inside a character").send(frame(opText, "\xe2"), frame(fin|opPing, "p")).ping("p").send(frame(0, "\x82"), frame(fin|opPong, "")).
			pong("").send(frame(fin, "\xac")).text("€").done(),
		begin("text/a ping may hold anything, inside a character").send(frame(opText, "\xe2"), frame(fin|opPing, "\xff")).ping("\xff").
			send(frame(fin, "\x82\xac")).text("€").done(),
		begin("text/a character cut by the end of a message").send(frame(opText, "a\xe2\x82"), frame(fin, "")).bad(codeData).done(),
		begin("text/a character is not continued by the next message").send(frame(fin|opText, "\xe2\x82")).bad(codeData).send(frame(fin|opText, "\xac")).done(),
		begin("text/good, then bad").send(frame(fin|opText, "κόσμε")).text("κόσμε").badAt(shortBytes+2, codeData, frame(fin|opText, "a\xff")).done(),
	)
}

// wrongAlone: known at the very byte, though the frame goes on.
func wrongAlone(s sequence) Case {
	at := shortBytes + min(s.bad+1, len(s.text))
	return begin("text/"+s.name).badAt(at, codeData, frame(fin|opText, s.text)).done()
}

// wrongInside: the same in a longer text.
func wrongInside(s sequence) Case {
	before := strings.Repeat("x", 33)
	text := before + s.text
	after := "."
	if s.bad < len(s.text) {
		after += strings.Repeat("y", 60)
	}
	// What was cut by the end is now cut by what follows.
	return begin("text/"+s.name+" in the middle").badAt(shortBytes+len(before)+s.bad+1, codeData, frame(fin|opText, text+after)).done()
}

// wrongByByte: a fragment a byte; what is not known by then is known when the message ends.
func wrongByByte(s sequence) Case {
	c := begin("text/" + s.name + " by byte")
	for i := range len(s.text) {
		first := byte(opContinuation)
		if i == 0 {
			first = opText
		}
		if i == s.bad {
			return c.send(frame(first, s.text[i:i+1])).bad(codeData).send(frame(fin, "")).done()
		}
		c.send(frame(first, s.text[i:i+1]))
	}
	return c.send(frame(fin, "")).bad(codeData).done()
}
