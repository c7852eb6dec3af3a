package null

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"go-xmpp-bosh/bench/epoll"
	"go-xmpp-bosh/bench/wire"
)

// conn is one stream.
type conn struct {
	number int
	authed bool
	jid    string // "": no resource is bound
	begun  []byte // owned: the start of an element that isn't all there
	out    epoll.Output
	pushed uint32
}

var errNonsense = errors.New("nothing that the null backend understands")

// elementMax bounds an element that doesn't end.
const elementMax = 1 << 20

// handle answers what b holds, appending to reply, and says how much of b it consumed. over: the client has closed its stream.
func (c *conn) handle(b, reply []byte) (answer []byte, consumed, echoed int, over bool, err error) {
	rest := b
	for len(rest) > 0 {
		if isSpace(rest[0]) {
			rest = rest[1:]
			continue
		}
		n := elementBytes(rest)
		if n == 0 {
			break
		}
		if n < 0 {
			return reply, len(b) - len(rest), echoed, false, errNonsense
		}
		el := rest[:n]
		rest = rest[n:]
		switch {
		case bytes.HasPrefix(el, []byte("<message")):
			reply = append(reply, el...)
			echoed++
		case bytes.HasPrefix(el, []byte("</stream:stream")):
			return append(reply, wire.StreamEnd...), len(b) - len(rest), echoed, true, nil
		default:
			reply = c.negotiate(el, reply)
		}
	}
	return reply, len(b) - len(rest), echoed, false, nil
}

// negotiate answers what comes before the first message.
func (c *conn) negotiate(el, reply []byte) []byte {
	switch {
	case bytes.HasPrefix(el, []byte("<stream:stream")):
		reply = append(reply, "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='localhost' version='1.0' id='"...)
		reply = strconv.AppendInt(reply, int64(c.number), 10)
		if !c.authed {
			return append(reply, "'><stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>"...)
		}
		return append(reply, "'><stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>"...)
	case bytes.HasPrefix(el, []byte("<auth")):
		c.authed = true
		return append(reply, "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"...)
	case bytes.HasPrefix(el, []byte("<iq")) && bytes.Contains(el, []byte("xmpp-bind")):
		c.jid = fmt.Sprintf("s%06d@localhost/bench", c.number)
		reply = append(reply, "<iq xmlns='jabber:client' type='result' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>"...)
		return append(append(reply, c.jid...), "</jid></bind></iq>"...)
	}
	return reply // presence and the like
}

// elementBytes is the length of the first element of b: 0 when it isn't all there, −1 when it is none.
func elementBytes(b []byte) int {
	if b[0] != '<' {
		return -1
	}
	tagEnd := bytes.IndexByte(b, '>')
	switch {
	case tagEnd < 0 && len(b) > elementMax:
		return -1
	case tagEnd < 0:
		return 0
	case tagEnd > 1 && (b[tagEnd-1] == '/' || b[tagEnd-1] == '?'), b[1] == '/', bytes.HasPrefix(b, []byte("<stream:stream")):
		return tagEnd + 1
	}
	name := b[1 : 1+nameBytes(b[1:tagEnd])]
	// No element of the harness holds one of its own name, but a message's body, which is not at this level.
	for from := tagEnd + 1; ; {
		i := bytes.Index(b[from:], []byte("</"))
		if i < 0 {
			break
		}
		from += i + 2
		if end := from + len(name); len(b) > end && b[end] == '>' && bytes.Equal(b[from:end], name) {
			return end + 1
		}
	}
	if len(b) > elementMax {
		return -1
	}
	return 0
}

func nameBytes(b []byte) int {
	for i, c := range b {
		if c == '/' || isSpace(c) {
			return i
		}
	}
	return len(b)
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }
