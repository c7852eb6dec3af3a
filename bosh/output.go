package bosh

import (
	"go-xmpp-bosh/buffer"
	"go-xmpp-bosh/xmlstream"
)

// Handle names one HTTP request. The driver makes them; 0 is none. A session gives each back with one Respond, unless it
// was told by HandleGone that nobody waits any more.
type Handle uint64

// StreamID is a stream's index within its session; the first is 0. One that has ended and been told of may be used again.
type StreamID uint8

// Response is what a request is answered with. It and what it holds are borrowed.
type Response struct {
	Status      int    // 200, or 400, 403, 404 towards a client that gave no ver (XEP-0124 §17.1)
	ContentType []byte // nil: the default, text/xml; charset=utf-8
	Body        []byte
	HasSASL     bool // there are SASL elements inside: compressing it could betray them
}

// StreamHeader is what a server's stream header said, attributes decoded. Borrowed.
type StreamHeader struct {
	ID, From, Lang []byte

	Secure bool // of an added one: nobody can listen, from the client to the server
}

// Output is where a session's effects go. Calls only queue: they never fail and never call back in. All they are given is borrowed.
type Output interface {
	// Respond answers a request. Each is answered once.
	Respond(h Handle, r *Response)
	Connector
	// Deadline: the session's Deadline moved earlier, or was none before.
	Deadline(s *Session)
	// End: the session is over and forgotten. It ignores every input from now on; its memory may be used again after the
	// current call of the session's has returned.
	End(s *Session)
}

// Connector is what carries the streams of a session: the events of a session for the other side. The session is told what
// comes back by HandleStreamAdded, HandleStreamRestarted, HandleStanza and HandleStreamEnd.
type Connector interface {
	// StreamAdd opens a stream; b is the body that asked for it, unknown attributes included. Whatever comes of it is told
	// later, never from inside.
	StreamAdd(s *Session, st StreamID, b *Body)
	// StreamRestart opens the stream anew on the same connection (XEP-0206 §5), as b asks for.
	StreamRestart(s *Session, st StreamID, b *Body)
	// Nodes is one payload element of a request, for the server.
	Nodes(s *Session, st StreamID, el *xmlstream.Element)
	// StreamTerminate ends a stream from the client's side. clean: the client said so itself (decisions.md 31).
	StreamTerminate(s *Session, st StreamID, clean bool)
	// NoClient is a stanza that its client will not fetch: one complete element with its namespace (XEP-0206 §7). It comes
	// before the stream's StreamTerminate.
	NoClient(s *Session, st StreamID, stanza []byte)
	// ResponseAcknowledged: the client has the answer to this rid (XEP-0124 §9.2).
	ResponseAcknowledged(s *Session, rid uint64)
	// Error: the session ended with a condition.
	Error(s *Session, cond Condition)
	// PauseStream: the client doesn't fetch what comes; nothing more should be read from the server. ResumeStream: it does again.
	PauseStream(s *Session, st StreamID)
	ResumeStream(s *Session, st StreamID)
}

// Env is what all sessions of one loop share. It must outlive them.
type Env struct {
	Config  *Config
	Out     Output
	Buffers *buffer.Pool
	Parser  *Parser
	Counts  Counts // the sessions count themselves

	response Response                 // the answer on its way out
	scratch  []byte                   // an answer's start tag
	free     [answersLists][][]answer // room for answers, for 1, 2 and 4
}
