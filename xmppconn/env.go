package xmppconn

import (
	"go-xmpp-bosh/buffer"
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmlstream"
)

// Output is where a stream's effects go. Calls only queue: they never fail and never call back in. All bytes and
// elements are borrowed.
type Output interface {
	// Send writes to the server's connection.
	Send(st *Stream, b []byte)
	// StartTLS begins the handshake on the connection, after what was sent; then HandleSecure or HandleClosed follows.
	StartTLS(st *Stream)

	// StreamAdded: the server has opened the stream. Its features follow in the same call, unless it is older than 1.0.
	StreamAdded(st *Stream, h *Header)
	// StreamRestarted: the same, for a restart.
	StreamRestarted(st *Stream, h *Header)
	// Response is an element for the client. Those in the streams namespace (features) want AppendStreamTo.
	Response(st *Stream, el *xmlstream.Element)
	// End tells the client's session that the stream is over: at most once, and nothing but CloseSocket, AbortSocket and
	// Send comes after it. It is not called when the client's side ended the stream, by HandleTerminate. el is the server's
	// stream error, or nil.
	End(st *Stream, r Reason, el *xmlstream.Element)

	// Redirect: the server sends the client elsewhere, before the stream was opened (RFC 6120 §4.9.3.19). The answer is whether the driver goes
	// there: then CloseSocket follows and, when there is another connection, HandleConnect or HandleSecure; else HandleClosed.
	Redirect(st *Stream, t Target) bool

	// CloseSocket closes the connection once what was sent has left. Called at most once for each; AbortSocket follows if that takes
	// longer than Env.ClosingMax.
	CloseSocket(st *Stream)
	// AbortSocket drops the connection, or the attempt to make one, at once. Called at most once.
	AbortSocket(st *Stream)
	// Deadline: Stream.Deadline moved earlier, or was none before.
	Deadline(st *Stream)
}

// Env is what all streams of one loop share.
type Env struct {
	Out     Output
	Buffers *buffer.Pool
	Scan    *xmlstream.Pool

	// StanzaBytesMax is the largest element taken from a server (max_xmpp_stanza_size); its header too. 0: unlimited.
	StanzaBytesMax int
	// PendingBytesMax bounds what a client may send before its stream is ready.
	PendingBytesMax int

	// ConnectMax bounds look-up and connecting, in ms: a net under the driver's own deadlines. 0: none.
	ConnectMax timer.Time
	// StageMax bounds each stage of opening, in ms: header and features, STARTTLS, the handshake, a restart.
	StageMax timer.Time
	// ClosingMax bounds the wait for the server's end tag after ours, in ms.
	ClosingMax timer.Time

	heads
	hdr Header // what a server's header said, on its way to the client
	// Watch is shown the first features of each stream as the server sent them, borrowed, before anything is decided; nil: nobody is.
	Watch func(st *Stream, features *xmlstream.Element)

	el      xmlstream.Element // the server's element at hand
	shown   xmlstream.Element // features as the client may see them; they alias edited
	edited  []byte            //
	scratch []byte            // one element, header or reply on its way out
	text    []byte            // one unescaped value
}

// The defaults of an Env.
const (
	stanzaBytesMax  = 500_000
	pendingBytesMax = 131_072
	connectMax      = 60_000
	stageMax        = 15_000
	closingMax      = 2_000
)

// scanOne reads one complete element that stands for itself; it aliases b.
func (env *Env) scanOne(b []byte) (el xmlstream.Element, ok bool) {
	var scan xmlstream.Scanner
	scan.Reset(env.Scan, xmlstream.ModeMessage, xmlstream.DefaultLimits)
	_, ev := scan.Next(b, &el)
	scan.Reset(env.Scan, xmlstream.ModeMessage, xmlstream.DefaultLimits)
	return el, ev == xmlstream.Child
}

// NewEnv gives an Env with the default limits.
func NewEnv(out Output, buffers *buffer.Pool, scan *xmlstream.Pool) Env {
	return Env{
		Out:             out,
		Buffers:         buffers,
		Scan:            scan,
		StanzaBytesMax:  stanzaBytesMax,
		PendingBytesMax: pendingBytesMax,
		ConnectMax:      connectMax,
		StageMax:        stageMax,
		ClosingMax:      closingMax,
	}
}
