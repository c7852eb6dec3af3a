package websocket

import (
	"fmt"
	"strings"

	"go-xmpp-bosh/wsframe/wscases"
)

// outcome is what a case comes to at a server that speaks XMPP, where the table has what WebSocket makes of it.
type outcome struct {
	wire   []string // the frames that the client gets; of stream errors and closes, how they begin
	bodies []string // the text of the stanzas that come to the backend
	closed bool     // the server's close is among the frames
	waits  bool     // and it waits for the client's
}

// expect says what becomes of a case. asStanzas: its texts are the bodies of stanzas, and otherwise the whole of messages, of which none is one element.
func expect(c *wscases.Case, asStanzas bool) (o outcome) {
	for _, e := range c.Want {
		if o.closed { // what comes behind our close is ignored, but for the client's and for what can't be read
			o.waits = o.waits && e.Kind != wscases.Close && e.Kind != wscases.Bad
			continue
		}
		switch e.Kind {
		case wscases.Text:
			switch text := string(e.Data); {
			case asStanzas && isCharacterData(text):
				o.bodies = append(o.bodies, text)
			case !asStanzas && isElement(text):
			case asStanzas || strings.Trim(text, " \t\r\n") != "": // decisions.md 18
				o.fail("not-well-formed", 1008)
				o.waits = true
			}
		case wscases.Ping:
			o.wire = append(o.wire, received{fin | opPong, string(e.Data)}.String())
		case wscases.Pong:
		case wscases.Close:
			o.wire = append(o.wire, fmt.Sprintf("close %d", e.Code)) // RFC 6455 §5.5.1: the same back
			o.closed = true
		case wscases.Bad:
			if e.Code == 1009 { // decisions.md 21
				o.fail("policy-violation", 1009)
				continue
			}
			o.wire = append(o.wire, fmt.Sprintf("close %d", e.Code))
			o.closed = true
		}
	}
	return o
}

// fail ends the stream with an error and then the WebSocket (decisions.md 26).
func (o *outcome) fail(condition string, code int) {
	o.wire = append(
		o.wire, "text <stream:error xmlns:stream='http://etherx.jabber.org/streams'><"+condition+" ", "text "+rfc7395.close, fmt.Sprintf("close %d", code))
	o.closed = true
}

// isElement: the one text in the table that is an element; what it begins with is a mark of the encoding (XML 1.0 §4.3.3).
func isElement(text string) bool { return text == "\ufeff<a/>" }

// isCharacterData: the text may stand where the tests put it (XML 1.0 §2.2, §2.7).
func isCharacterData(text string) bool {
	return !strings.Contains(text, "]]>") && !strings.ContainsFunc(text, func(r rune) bool {
		return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff
	})
}
