package wsframe

import "strconv"

// Event is what a call of [Reader.Next] found.
type Event uint8

// The events. After EventClose and EventBad there is no other.
const (
	NeedMore   Event = iota // nothing that can be told yet
	EventText               // a whole text message: Data
	EventPing               // Data is to be sent back in a pong (RFC 6455 §5.5.3)
	EventPong               // Data
	EventClose              // Code, and the reason in Data
	EventBad                // the peer broke a rule: Code is to be sent, then the connection ends
)

func (ev Event) String() string {
	switch ev {
	case NeedMore:
		return "need more"
	case EventText:
		return "text"
	case EventPing:
		return "ping"
	case EventPong:
		return "pong"
	case EventClose:
		return "close"
	case EventBad:
		return "bad"
	}
	return "event " + strconv.Itoa(int(ev))
}

// Message is what an event brings. It is scratch: one serves a whole loop.
type Message struct {
	Data []byte    // borrowed until the next call: aliases the bytes given to Next, or the Pool's memory
	Code CloseCode // EventClose: the peer's, CloseNone if it sent none; EventBad: the one to send; else 0
}
