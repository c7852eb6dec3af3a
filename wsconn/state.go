package wsconn

// state is how far a session has come. It only grows, until the slot is free again.
//
//	stateFree ─Create→ stateNew ─header→ stateOpen ─goodbye→ stateClosing ─their close→ stateClosed ─socket gone→ stateFree
//
// Each may go to any that is further right.
type state uint8

const (
	stateFree    state = iota // every input is ignored
	stateNew                  // the client has sent no header
	stateOpen                 // it has: there is a stream, or one is on its way
	stateClosing              // our WebSocket close is out, the client's is not in; its messages are dropped
	stateClosed               // the socket was told to close; its bytes are dropped
)

var stateNames = [...]string{stateFree: "free", stateNew: "new", stateOpen: "open", stateClosing: "closing", stateClosed: "closed"}

func (st state) String() string {
	if int(st) < len(stateNames) {
		return stateNames[st]
	}
	return "invalid"
}

// isLive is true where the session speaks XMPP.
func (st state) isLive() bool { return st == stateNew || st == stateOpen }

// framing is how messages are made of a stream; the client's first message decides (decisions.md 17).
type framing uint8

const (
	framingUnknown framing = iota
	framingRFC7395         // <open/>, <close/>, each message a document of its own
	framingOlder           // draft-moffitt-xmpp-over-websocket-00 to -02: the stream's own tags in messages of their own
)

var framingNames = [...]string{framingUnknown: "unknown", framingRFC7395: "RFC 7395", framingOlder: "older"}

func (f framing) String() string {
	if int(f) < len(framingNames) {
		return framingNames[f]
	}
	return "invalid"
}
