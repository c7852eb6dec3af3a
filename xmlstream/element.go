package xmlstream

import "bytes"

// Element is a Header (a start tag alone) or a Child (complete). It aliases the bytes that it was found in, and is good
// until they change. The zero value is no element.
type Element struct {
	Raw        []byte // from '<' to the last '>'; its capacity is the input's
	SelfClosed bool

	declares bool // its start tag declares namespaces
	emptied  bool // no prefix, and xmlns=''
	plain    bool // its namespace stands for itself at uri
	bare     bool // its attributes and descendants rely on the root's default
	space    binding
	nameLen  uint32
	prefix   uint32 // the prefix's length
	tagLen   uint32
	uri      uint32 // space ≥ 0: where in Raw its namespace is
	uriLen   uint32
	root     *root     // what is declared around it
	uses     [2]uint64 // the root's declarations that its attributes and descendants rely on; lastUse stands for all from there on
}

const lastUse = 127

// set takes over what w has found: an element at the start of b, with in around it.
func (e *Element) set(w *work, b []byte, in *root) {
	e.Raw = b[:w.pos]
	e.SelfClosed = w.top.selfClosed
	e.declares = w.top.declares
	e.emptied = w.top.emptied
	e.plain = w.top.plain
	e.bare = w.bare
	e.space = w.top.space
	e.nameLen = w.top.name.n
	e.prefix = w.top.name.prefix
	e.tagLen = w.top.tagLen
	e.uri = w.top.uri.off
	e.uriLen = w.top.uri.n
	e.root = in
	e.uses = w.uses
}

// Name is the name as written, Prefix and Local its parts. They alias Raw.
func (e *Element) Name() []byte {
	if e.nameLen == 0 {
		return nil
	}
	return e.Raw[1 : 1+e.nameLen]
}

// Prefix is what stands before the colon; empty when there is none.
func (e *Element) Prefix() []byte { return e.Name()[:e.prefix] }

// Local is the name without its prefix.
func (e *Element) Local() []byte {
	if e.prefix == 0 {
		return e.Name()
	}
	return e.Name()[e.prefix+1:]
}

// Space is the namespace; empty means none. Compare string(e.Space()) == NSClient: that allocates nothing. It aliases Raw or
// the declarations around it, or is a copy where the declaration has references in it. It must not be changed.
func (e *Element) Space() []byte {
	switch {
	case e.root == nil:
		return nil
	case e.emptied && e.root.client: // decisions.md 9
		return clientSpace
	case e.space >= 0:
		raw := e.Raw[e.uri : e.uri+e.uriLen]
		if e.plain {
			return raw
		}
		return AppendUnescaped(nil, raw)
	case e.space == outerDefault:
		return e.root.def
	case e.space == spaceXML:
		return xmlSpace
	}
	i, _ := e.space.declared()
	return e.root.decls[i].uri
}

// Is reports whether the element has this expanded name.
func (e *Element) Is(space, local string) bool {
	return string(e.Local()) == local && string(e.Space()) == space
}

// StartTag is the element's start tag; it aliases Raw.
func (e *Element) StartTag() []byte { return e.Raw[:e.tagLen] }

// Content is what stands between start and end tag, as written; it aliases Raw. Empty for a Header.
func (e *Element) Content() []byte {
	if int(e.tagLen) == len(e.Raw) {
		return nil
	}
	return e.Raw[e.tagLen:e.endTag()]
}

// endTag is where the end tag begins; the end of Raw where there is none.
func (e *Element) endTag() int {
	if int(e.tagLen) == len(e.Raw) {
		return len(e.Raw)
	}
	return bytes.LastIndexByte(e.Raw, '<')
}

// Clone gives a copy that owns its bytes.
func (e *Element) Clone() Element {
	c := *e
	c.Raw = bytes.Clone(e.Raw)
	return c
}
