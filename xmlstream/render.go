package xmlstream

// AppendTo appends the element as it must be written where the default namespace is defaultNS and no prefix is bound: its
// bytes, with those declarations inserted into its start tag that it relies on and that were made around it.
func (e *Element) AppendTo(dst []byte, defaultNS string) []byte {
	bare, uses := e.reliance()
	if uses == [2]uint64{} && !e.emptied && (!bare || string(e.root.def) == defaultNS) {
		return append(dst, e.Raw...) // nearly always
	}
	nameEnd := 1 + e.nameLen
	dst = append(dst, e.Raw[:nameEnd]...)
	if bare && string(e.root.def) != defaultNS {
		dst = appendDecl(dst, nil, e.root.def)
	}
	dst = e.appendUses(dst, uses, "")
	rest := e.Raw[nameEnd:]
	if e.emptied && e.root.client {
		// decisions.md 9: xmlns='' on a stanza means jabber:client.
		at := e.emptyDefault()
		dst = append(dst, e.Raw[nameEnd:at]...)
		dst = append(dst, NSClient...)
		rest = e.Raw[at:]
	}
	return append(dst, rest...)
}

// reliance says which declarations around it the element relies on, its own name included.
func (e *Element) reliance() (bare bool, uses [2]uint64) {
	uses = e.uses
	if i, ok := e.space.declared(); ok {
		i = min(i, lastUse)
		uses[i/64] |= 1 << (i % 64)
	}
	return e.bare || e.space == outerDefault, uses
}

// emptyDefault is where in Raw the value of xmlns=” would be.
func (e *Element) emptyDefault() int {
	tag := e.StartTag()
	for i := 1 + int(e.nameLen); ; {
		f, next, ok := nextAttr(tag, i)
		if !ok {
			return i
		}
		if f.name.prefix == 0 && f.declares(tag) {
			return f.off
		}
		i = next
	}
}

// appendUses declares the prefixes in uses, but for one.
func (e *Element) appendUses(dst []byte, uses [2]uint64, but string) []byte {
	if uses == [2]uint64{} {
		return dst
	}
	for i := range e.root.decls {
		d := &e.root.decls[i]
		if isUsed(uses, i) && string(d.prefix) != but {
			dst = appendDecl(dst, d.prefix, d.uri)
		}
	}
	return dst
}

func appendDecl(dst, prefix, uri []byte) []byte {
	dst = append(dst, " xmlns"...)
	if len(prefix) > 0 {
		dst = append(dst, ':')
		dst = append(dst, prefix...)
	}
	dst = append(dst, "='"...)
	dst = AppendEscaped(dst, uri)
	return append(dst, '\'')
}

const streamPrefix = "stream"

// AppendStreamTo does the same for an element in NSStreams, whose prefix becomes stream: features and stream errors have it
// on the client's side whatever the server's is (decisions.md 8). declare says whether xmlns:stream is declared on the
// element, or by the caller around it.
//
// An element that itself means something else by that prefix keeps its own, and so does one in another namespace.
func (e *Element) AppendStreamTo(dst []byte, defaultNS string, declare bool) []byte {
	own, ownStream := e.declaration([]byte(streamPrefix))
	if string(e.Space()) != NSStreams || ownStream && string(AppendUnescaped(nil, own)) != NSStreams || e.usesOther(streamPrefix) {
		return e.AppendTo(dst, defaultNS)
	}
	dst = append(dst, "<stream:"...)
	dst = append(dst, e.Local()...)
	if e.bare && string(e.root.def) != defaultNS {
		dst = appendDecl(dst, nil, e.root.def)
	}
	if declare && !ownStream {
		dst = appendDecl(dst, []byte(streamPrefix), []byte(NSStreams))
	}
	dst = e.appendUses(dst, e.uses, streamPrefix)
	end := e.endTag()
	dst = append(dst, e.Raw[1+e.nameLen:end]...)
	if end == len(e.Raw) {
		return dst
	}
	dst = append(dst, "</stream:"...)
	dst = append(dst, e.Local()...)
	return append(dst, e.Raw[end+len("</")+int(e.nameLen):]...)
}

// usesOther reports whether the element relies on a declaration around it that binds the prefix to anything but NSStreams.
func (e *Element) usesOther(prefix string) bool {
	i, ok := e.root.find([]byte(prefix))
	return ok && isUsed(e.uses, i) && string(e.root.decls[i].uri) != NSStreams
}

// AppendSize is how many bytes AppendTo and AppendStreamTo may add to len(e.Raw) at most.
func (e *Element) AppendSize() int {
	bare, uses := e.reliance()
	size := 0
	if e.emptied {
		size += len(NSClient)
	}
	if bare {
		size += len(" xmlns=''") + escapedMax*len(e.root.def)
	}
	if string(e.Space()) == NSStreams {
		size += len(" xmlns:stream=''") + len(NSStreams) + 2*len(streamPrefix+":")
	}
	if uses != [2]uint64{} {
		for i := range e.root.decls {
			if d := &e.root.decls[i]; isUsed(uses, i) {
				size += len(" xmlns:=''") + len(d.prefix) + escapedMax*len(d.uri)
			}
		}
	}
	return size
}

// isUsed reports whether uses names the root's i-th declaration.
func isUsed(uses [2]uint64, i int) bool {
	i = min(i, lastUse)
	return uses[i/64]&(1<<(i%64)) != 0
}

// escapedMax is how many bytes AppendEscaped makes of one at most.
const escapedMax = len("&quot;")
