package wscases

import (
	"slices"
	"strconv"
)

// MessageBytesMax is the limit on a message that the cases count on (decisions.md 28).
const MessageBytesMax = 500_000

// Kind is what kind of event a server sees.
type Kind uint8

// The kinds. Close and Bad end a conversation: what is sent after them is ignored.
const (
	Text  Kind = iota // a whole message
	Ping              // to be answered with the same Data
	Pong              //
	Close             // Code and reason as the client sent them; to be answered
	Bad               // the client broke a rule: Code is the one to close with
)

func (k Kind) String() string {
	switch k {
	case Text:
		return "text"
	case Ping:
		return "ping"
	case Pong:
		return "pong"
	case Close:
		return "close"
	case Bad:
		return "bad"
	}
	return "kind " + strconv.Itoa(int(k))
}

// Event is one thing that the server sees.
type Event struct {
	Kind Kind
	Data []byte
	Code uint16 // Close: 1005 for an empty frame; Bad; else 0
}

// Case is one conversation.
type Case struct {
	Name    string // family/what, unique
	Deflate bool   // permessage-deflate was negotiated, without context take-over on either side
	Send    []byte // all that the client sends
	Want    []Event

	// KnownAt is the number of bytes of Send after which the last event is due: a server that has got no more than that has to have seen it.
	KnownAt int
}

// Family is the part of the name before the slash.
func (c *Case) Family() string {
	for i := range len(c.Name) {
		if c.Name[i] == '/' {
			return c.Name[:i]
		}
	}
	return c.Name
}

// All are all cases, in the order of their families.
func All() []Case {
	return slices.Concat(sizes(), masks(), lengths(), controls(), reserved(), fragments(), texts(), closings(), limits(), deflates())
}

// The codes of RFC 6455 §7.4.1 that the cases expect.
const (
	codeNormal   = 1000
	codeProtocol = 1002
	codeBinary   = 1003
	codeNone     = 1005
	codeData     = 1007
	codeTooBig   = 1009
)

// script builds a case.
type script struct{ Case }

// begin starts a case.
func begin(name string) *script { return &script{Case{Name: name}} }

// beginDeflate starts a case with permessage-deflate.
func beginDeflate(name string) *script { return &script{Case{Name: name, Deflate: true}} }

// send adds bytes.
func (s *script) send(b ...[]byte) *script {
	for _, b := range b {
		s.Send = append(s.Send, b...)
	}
	return s
}

// text, ping, pong and close expect an event that the last byte so far completes.
func (s *script) text(data string) *script { return s.want(Event{Kind: Text, Data: []byte(data)}) }
func (s *script) ping(data string) *script { return s.want(Event{Kind: Ping, Data: []byte(data)}) }
func (s *script) pong(data string) *script { return s.want(Event{Kind: Pong, Data: []byte(data)}) }

func (s *script) close(code uint16, reason string) *script {
	return s.want(Event{Kind: Close, Code: code, Data: []byte(reason)})
}

func (s *script) want(e Event) *script {
	s.Want = append(s.Want, e)
	s.KnownAt = len(s.Send)
	return s
}

// bad expects a failure that the last byte so far shows.
func (s *script) bad(code uint16) *script { return s.want(Event{Kind: Bad, Code: code}) }

// badAt adds bytes of which the first n show a failure.
func (s *script) badAt(n int, code uint16, b []byte) *script {
	at := len(s.Send) + n
	s.send(b).bad(code)
	s.KnownAt = at
	return s
}

func (s *script) done() Case { return s.Case }
