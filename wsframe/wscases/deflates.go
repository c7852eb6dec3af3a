package wscases

import (
	"bytes"
	"compress/flate"
	"fmt"
	"strings"
)

// Empty blocks, as RFC 7692 §7.2.1 and §7.2.3 have them.
const (
	emptyStored = "\x00\x00\x00\xff\xff"
	syncEnd     = "\x00\x00\xff\xff"
)

// zip compresses, with a writer for each level.
type zip struct {
	b       bytes.Buffer
	writers map[int]*flate.Writer
}

// start starts a message. A bytes.Buffer takes everything, so nothing here can fail but by a level that there isn't.
func (z *zip) start(level int) *flate.Writer {
	w, ok := z.writers[level]
	if !ok {
		var err error
		if w, err = flate.NewWriter(&z.b, level); err != nil {
			panic(err)
		}
		z.writers[level] = w
	}
	w.Reset(&z.b)
	return w
}

func write(w *flate.Writer, text string) {
	if _, err := w.Write([]byte(text)); err != nil {
		panic(err)
	}
	if err := w.Flush(); err != nil {
		panic(err)
	}
}

// text is text as a client sends it: everything but the end of the last, empty block (RFC 7692 §7.2.1).
func (z *zip) text(text string, level int) string { return z.blocks(text, len(text), level) }

// blocks is text compressed in blocks of so many bytes each.
func (z *zip) blocks(text string, block, level int) string {
	z.b.Reset()
	w := z.start(level)
	for len(text) > block {
		write(w, text[:block])
		text = text[block:]
	}
	write(w, text)
	return strings.TrimSuffix(z.b.String(), syncEnd)
}

// final is each of the texts in a final block, and the byte behind it that RFC 7692 §7.2.3.4 asks for.
func (z *zip) final(texts ...string) string {
	z.b.Reset()
	for _, text := range texts {
		w := z.start(levelUsual)
		write(w, text)
		if err := w.Close(); err != nil {
			panic(err)
		}
	}
	return z.b.String() + "\x00"
}

const levelUsual = flate.DefaultCompression

// contents are texts of so many bytes, from what compresses well to what doesn't.
func contents(n int) (all []sequence) {
	stanza := "<message xmlns='jabber:client' to='romeo@example.net' type='chat' id='a1'><body>Art thou not Romeo, and a Montague? ¿</body></message>"
	var noise strings.Builder
	seed := uint32(n) | 1
	for noise.Len() < n {
		seed = seed*1664525 + 1013904223
		noise.WriteRune(rune(0x21 + seed>>24%90))
	}
	cut := func(s string) string { return strings.ToValidUTF8(s[:n], "") }
	return []sequence{
		{"one letter", strings.Repeat("a", n), -1},
		{"stanzas", cut(strings.Repeat(stanza, n/len(stanza)+1)), -1},
		{"wide letters", cut(strings.Repeat("日本語€𝄞", n/16+1)), -1},
		{"noise", cut(noise.String()), -1},
	}
}

// deflates: permessage-deflate (RFC 7692).
func deflates() (all []Case) {
	z := &zip{writers: map[int]*flate.Writer{}}
	for _, n := range []int{1, 16, 64, 256, 1024, 4096, 8192, 16384, 32768, 65536, 131072} {
		for _, c := range contents(n) {
			name := fmt.Sprintf("deflate/%d of %s", n, c.name)
			in := z.text(c.text, levelUsual)
			all = append(
				all,
				beginDeflate(name).send(frame(fin|rsv1|opText, in)).text(c.text).done(),
				beginDeflate(name+", twice").send(frame(fin|rsv1|opText, in)).text(c.text).send(frame(fin|rsv1|opText, in)).text(c.text).done(),
				beginDeflate(name+", in fragments").send(inPieces(rsv1|opText, in, max(1, len(in)/7))).text(c.text).done(),
				beginDeflate(name+", in blocks").send(frame(fin|rsv1|opText, z.blocks(c.text, max(1, n/5), levelUsual))).text(c.text).done(),
				beginDeflate(name+", stored").send(frame(fin|rsv1|opText, z.text(c.text, flate.NoCompression))).text(c.text).done(),
				beginDeflate(name+", by Huffman alone").send(frame(fin|rsv1|opText, z.text(c.text, flate.HuffmanOnly))).text(c.text).done(),
				beginDeflate(name+", not compressed").send(frame(fin|opText, c.text)).text(c.text).done(),
				beginDeflate(name+", a final block").send(frame(fin|rsv1|opText, z.final(c.text))).text(c.text).done(),
			)
		}
	}
	return append(append(all, deflateForms(z)...), deflateFaults(z)...)
}

// deflateForms: what is right, though not every sender does it.
func deflateForms(z *zip) (all []Case) {
	hello := z.text("Hello", levelUsual)
	byByte := beginDeflate("deflate/a ping between fragments")
	for i := range len(hello) {
		first := byte(opContinuation)
		if i == 0 {
			first = rsv1 | opText
		}
		byByte.send(frame(first, hello[i:i+1]), frame(fin|opPing, "p")).ping("p")
	}
	return append(
		all, byByte.send(frame(fin, "")).text("Hello").done(),
		beginDeflate("deflate/a fixed block").send(frame(fin|rsv1|opText, "\xf2\x48\xcd\xc9\xc9\x07\x00")).text("Hello").done(),                          // §7.2.3.1
		beginDeflate("deflate/a fixed block in fragments").send(frame(rsv1|opText, "\xf2\x48\xcd"), frame(fin, "\xc9\xc9\x07\x00")).text("Hello").done(), // §7.2.3.1
		beginDeflate("deflate/a stored block").send(frame(fin|rsv1|opText, "\x00\x05\x00\xfa\xffHello\x00")).text("Hello").done(),                        // §7.2.3.3
		beginDeflate("deflate/a final fixed block").send(frame(fin|rsv1|opText, "\xf3\x48\xcd\xc9\xc9\x07\x00\x00")).text("Hello").done(),                // §7.2.3.4
		beginDeflate("deflate/two blocks").send(frame(fin|rsv1|opText, "\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00")).text("Hello").done(),     // §7.2.3.5
		beginDeflate("deflate/an empty message").send(frame(fin|rsv1|opText, "\x00")).text("").done(),                                                    // §7.2.3.6
		beginDeflate("deflate/an empty message in fragments").send(frame(rsv1|opText, ""), frame(0, "\x00"), frame(fin, "")).text("").done(),
		beginDeflate("deflate/an empty fixed block").send(frame(fin|rsv1|opText, "\x02\x00")).text("").done(),
		beginDeflate("deflate/an empty message, not compressed").send(frame(fin|opText, "")).text("").done(),
		beginDeflate("deflate/three final blocks").send(frame(fin|rsv1|opText, z.final("one ", "two ", "three"))).text("one two three").done(),
		beginDeflate("deflate/many empty blocks").send(frame(fin|rsv1|opText, strings.Repeat(emptyStored, 1000)+hello)).text("Hello").done(),
		beginDeflate("deflate/fragments not compressed").send(inPieces(opText, "Hello", 2)).text("Hello").done(),
		beginDeflate("deflate/in turns").send(frame(fin|rsv1|opText, hello)).text("Hello").send(frame(fin|opText, "plain €")).text("plain €").
			send(inPieces(rsv1|opText, hello, 2)).text("Hello").send(inPieces(opText, "plain", 2)).text("plain").done(),
		beginDeflate("deflate/a character in two blocks").send(frame(fin|rsv1|opText, z.blocks("a€b", 2, levelUsual))).text("a€b").done(),
		beginDeflate("deflate/the longest message").send(frame(fin|rsv1|opText, z.text(strings.Repeat("y", MessageBytesMax), 9))).text(strings.Repeat("y", MessageBytesMax)).done(),
	)
}

// deflateFaults: what is wrong. A compressed message is judged when it is complete.
func deflateFaults(z *zip) (all []Case) {
	hello := z.text("Hello", levelUsual)
	bits := func(name string, first byte, before ...[]byte) Case {
		return beginDeflate("deflate/"+name).send(before...).badAt(1, codeProtocol, frame(first, hello)).done()
	}
	data := func(name, payload string) Case {
		return beginDeflate("deflate/" + name).send(frame(fin|rsv1|opText, payload)).bad(codeData).send(frame(fin|opText, "more")).done()
	}
	tooBig := func(name, payload string) Case {
		return beginDeflate("deflate/" + name).send(frame(fin|rsv1|opText, payload)).bad(codeTooBig).done()
	}
	for _, s := range wrong()[64:] {
		all = append(all, data("not UTF-8: "+s.name, z.text(s.text, levelUsual)))
	}
	bomb := z.text(strings.Repeat("\x00", 5_000_000), flate.BestCompression)
	noise := contents(200_000)[3].text
	return append(
		all,
		bits("the bit on a continuation", fin|rsv1, frame(rsv1|opText, hello[:3])),
		bits("the bit on a continuation of plain text", fin|rsv1, frame(opText, "Hel")),
		bits("the bit on a ping", fin|rsv1|opPing),
		bits("the bit on a pong", fin|rsv1|opPong),
		bits("the bit on a close", fin|rsv1|opClose),
		bits("another bit", fin|rsv1>>1|opText),
		bits("all bits", fin|0x70|opText),
		beginDeflate("deflate/binary").badAt(1, codeBinary, frame(fin|rsv1|opBinary, hello)).done(),
		begin("deflate/not negotiated").badAt(1, codeProtocol, frame(fin|rsv1|opText, hello)).done(),
		data("nothing at all", ""),
		data("a reserved block type", "\x07\x00"),
		data("a cut block", hello[:4]),
		data("a stored block that is cut", "\x00\x05\x00\xfa\xffHel"),
		data("a stored block with a wrong length", "\x00\x05\x00\xfb\xffHello\x00"),
		data("plain text", "Hello, I am not compressed"),
		data("the context of the message before", "\xf2\x00\x11\x00\x00"), // §7.2.3.2
		data("one byte missing", hello[:len(hello)-1]),
		data("the end left in", hello+syncEnd),
		data("nonsense after a final block", "\xf3\x48\xcd\xc9\xc9\x07\x00\xff"),
		data("no byte after a final block", "\xf3\x48\xcd\xc9\xc9\x07\x00"),
		data("final blocks without number", strings.Repeat("\x03\x00", 10_000)+"\x00"),
		data("a character cut by the end", z.text("a\xe2\x82", levelUsual)),
		data("a cut character, then another message's rest", z.text("\xe2", levelUsual)),
		tooBig("a bomb", bomb),
		tooBig("one byte too many", z.text(strings.Repeat("y", MessageBytesMax+1), 9)),
		tooBig("not UTF-8, but behind the limit", z.text(strings.Repeat("y", MessageBytesMax+1)+"\xff", 9)),
		tooBig("too many that hardly compress", z.text(noise+noise+noise, 6)),
		beginDeflate("deflate/a bomb in fragments").send(inPieces(rsv1|opText, bomb, 1000)).bad(codeTooBig).done(),
		beginDeflate("deflate/too big on the wire").badAt(10, codeTooBig, head(fin|rsv1|opText, MessageBytesMax+1)).done(),
		beginDeflate("deflate/too big on the wire, the sum").send(frame(rsv1|opText, strings.Repeat(emptyStored, 50_000))).
			badAt(10, codeTooBig, head(fin, MessageBytesMax-250_000+1)).done(),
	)
}
