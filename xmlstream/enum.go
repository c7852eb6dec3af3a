package xmlstream

// Mode says what a document is made of.
type Mode uint8

const (
	// ModeStream is a root's start tag, top-level elements with whitespace between them, the root's end tag: a server's
	// stream, the older WebSocket framing.
	ModeStream Mode = iota
	// ModeBody is the same for one <body/>: children whose inherited default namespace is httpbind, or none, are in
	// jabber:client (decisions.md 9).
	ModeBody
	// ModeMessage is one element that is the whole document (RFC 7395 §3.3): jabber:client when it declares no default
	// namespace. It comes as a Child.
	ModeMessage
)

func (m Mode) String() string {
	switch m {
	case ModeStream:
		return "stream"
	case ModeBody:
		return "body"
	case ModeMessage:
		return "message"
	}
	return "invalid mode"
}

// Event is what the bytes given to [Scanner.Next] complete.
type Event uint8

const (
	NeedMore Event = iota // nothing yet; what was consumed is whitespace, a byte order mark or an XML declaration
	Header                // the root's start tag
	Child                 // one complete top-level element
	End                   // the root's end tag, or the end of a ModeMessage's element; only whitespace may follow
	Bad                   // see Scanner.Err; final
)

func (e Event) String() string {
	switch e {
	case NeedMore:
		return "need more"
	case Header:
		return "header"
	case Child:
		return "child"
	case End:
		return "end"
	case Bad:
		return "bad"
	}
	return "invalid event"
}

// Error says why a document is refused; the zero value, that it isn't. The names are those of the stream errors of RFC 6120
// §4.9.3 where there is one.
type Error uint8

const (
	ErrNone          Error = iota
	ErrNotWellFormed       // not XML, or character data where XMPP allows none
	ErrRestricted          // RFC 6120 §11.1: a comment, a processing instruction, a DTD, an entity, an XML declaration out of place
	ErrEncoding            // not UTF-8, or a declaration that names another encoding
	ErrNamespace           // Namespaces in XML: an unbound prefix, two attributes of one expanded name, a forbidden binding, a stray colon
	ErrLimit               // Limits.Depth, Attrs or Decls
	ErrTooBig              // Limits.Bytes
)

func (e Error) String() string {
	switch e {
	case ErrNone:
		return "no error"
	case ErrNotWellFormed:
		return "not well-formed"
	case ErrRestricted:
		return "restricted XML"
	case ErrEncoding:
		return "not UTF-8"
	case ErrNamespace:
		return "namespaces violated"
	case ErrLimit:
		return "too deep or too many attributes"
	case ErrTooBig:
		return "too big"
	}
	return "invalid error"
}

// Error makes it an error, for callers that want one.
func (e Error) Error() string { return "xmlstream: " + e.String() }
