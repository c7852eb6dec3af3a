package wsframe

import (
	"bytes"
	"compress/flate"
	"strings"
)

// conversation makes a right one out of a fuzzer's bytes: messages in one frame or in fragments, compressed or not, control frames between and
// inside; and says what has to be told. It ends with a close frame.
type conversation struct {
	seed []byte
	raw  []byte
	want []told
}

func newConversation(seed []byte, isDeflate bool) *conversation {
	c := &conversation{seed: seed}
	for len(c.seed) > 0 {
		switch choice := c.take(); {
		case choice < 40:
			c.control(OpPing, EventPing)
		case choice < 60:
			c.control(OpPong, EventPong)
		default:
			c.message(isDeflate && choice%2 == 0)
		}
	}
	c.raw = appendFrame(c.raw, bitFin|byte(OpClose), "\x03\xe8bye")
	c.want = append(c.want, told{EventClose, "bye", CloseNormal})
	return c
}

// take is the next byte, 0 at the end.
func (c *conversation) take() int {
	if len(c.seed) == 0 {
		return 0
	}
	b := c.seed[0]
	c.seed = c.seed[1:]
	return int(b)
}

// text is up to n bytes as valid UTF-8, sometimes long.
func (c *conversation) text() string {
	n := min(c.take(), len(c.seed))
	text := strings.ToValidUTF8(string(c.seed[:n]), "é")
	c.seed = c.seed[n:]
	return strings.Repeat(text, 1+c.take()%17)
}

func (c *conversation) control(op Opcode, ev Event) {
	n := min(c.take(), len(c.seed), controlBytesMax)
	data := string(c.seed[:n])
	c.seed = c.seed[n:]
	c.raw = appendFrame(c.raw, bitFin|byte(op), data)
	c.want = append(c.want, told{ev, data, 0})
}

func (c *conversation) message(isCompressed bool) {
	text := c.text()
	payload, first := text, byte(OpText)
	if isCompressed {
		payload, first = compressed(text), byte(OpText)|bitRSV1
	}
	for range c.take() % 5 {
		n := c.take() % (len(payload) + 1)
		c.raw = appendFrame(c.raw, first, payload[:n])
		payload, first = payload[n:], byte(OpContinuation)
		if c.take()%2 == 1 {
			c.control(OpPing, EventPing)
		}
	}
	c.raw = appendFrame(c.raw, first|bitFin, payload)
	c.want = append(c.want, told{EventText, text, 0})
}

// stdDeflater is the client's compressor, of the standard library.
var stdDeflater, errStdDeflater = flate.NewWriter(nil, flate.DefaultCompression)

// compressed is text as a client sends it.
func compressed(text string) string {
	var b bytes.Buffer
	err := errStdDeflater
	if err == nil {
		stdDeflater.Reset(&b)
		_, err = stdDeflater.Write([]byte(text))
	}
	if err == nil {
		err = stdDeflater.Flush()
	}
	if err != nil {
		panic(err)
	}
	return strings.TrimSuffix(b.String(), deflateEnd)
}
