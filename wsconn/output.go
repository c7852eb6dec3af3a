package wsconn

import (
	"go-xmpp-bosh/buffer"
	"go-xmpp-bosh/wsframe"
	"go-xmpp-bosh/xmlstream"
)

// StreamHeader is what a server's stream header said, attributes decoded. Borrowed.
type StreamHeader struct {
	ID, From, Lang, Version []byte
}

// Output is where a session's effects go. Calls only queue: they never fail and never call back in. All they are given is borrowed.
type Output interface {
	// Send writes to the client's socket. One frame may come in two calls that follow one another.
	Send(s *Session, b []byte)
	// CloseSocket closes the socket once what was sent has left, as gently as can be (the client may still be sending). Called at most
	// once; AbortSocket follows if that takes longer than Config.CloseMax.
	CloseSocket(s *Session)
	// AbortSocket drops the socket at once. Called at most once. HandleGone is expected after either.
	AbortSocket(s *Session)
	// Deadline: the session's Deadline moved earlier, or was none before.
	Deadline(s *Session)
	// End: the socket is gone and the session forgotten. It ignores every input from now on; its memory may be used again after the
	// current call of the session's has returned.
	End(s *Session)
	Connector
}

// Connector is what carries a session's stream: the events of a session for the other side. The session is told what comes back by
// HandleStreamAdded, HandleStreamRestarted, HandleStanza and HandleStreamEnd.
type Connector interface {
	// StreamAdd opens the stream, as o asks for. Whatever comes of it is told later, never from inside.
	StreamAdd(s *Session, o *Open)
	// StreamRestart opens the stream anew on the same connection (RFC 7395 §3.7).
	StreamRestart(s *Session, o *Open)
	// Nodes is one element from the client, for the server: never one of the streams or the framing namespace (decisions.md 37).
	// It may come at any time after StreamAdd; it is the Connector's to keep what comes too early.
	Nodes(s *Session, el *xmlstream.Element)
	// StreamTerminate ends the stream from the client's side. clean: the client said so itself (decisions.md 31).
	StreamTerminate(s *Session, clean bool)
	// NoClient is a stanza that comes too late for its client: one complete element with its namespace (decisions.md 30).
	NoClient(s *Session, stanza []byte)
	// Error: the session ended with a condition.
	Error(s *Session, c Condition)
	// PauseStream: the client does not read what comes; nothing more should be read from the server. ResumeStream: it does again.
	PauseStream(s *Session)
	ResumeStream(s *Session)
}

// Env is what all sessions of one loop share. It must outlive them.
type Env struct {
	Config  *Config
	Out     Output
	Buffers *buffer.Pool
	Frames  *wsframe.Pool
	Scan    *xmlstream.Pool

	message wsframe.Message   // the client's message at hand
	scan    xmlstream.Scanner // of that message
	el      xmlstream.Element // the element in it
	open    Open              // the header in it
	values  []byte            // the header's attributes, decoded
	header  []byte            // an older header, edited
	text    []byte            // a message on its way out
	frame   []byte            // its frame, or the beginning of it
}

// scratchBytesMax is how much scratch is kept from one message to the next.
const scratchBytesMax = 64 << 10

// trim gives up scratch that one large message has made.
func (env *Env) trim() {
	if cap(env.text) > scratchBytesMax {
		env.text = nil
	}
	if cap(env.frame) > scratchBytesMax {
		env.frame = nil
	}
	if cap(env.values) > scratchBytesMax {
		env.values = nil
	}
	if cap(env.header) > scratchBytesMax {
		env.header = nil
	}
}
