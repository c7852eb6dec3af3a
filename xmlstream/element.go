package xmlstream

// Element is a Header (a start tag alone) or a Child (complete). It aliases the bytes that it was found in, and is good until they change. The zero value is no element.
type Element struct {
	Raw        []byte // from '<' to the last '>'; its capacity is the input's
	SelfClosed bool

	root *root
}

// Name is the name as written, Prefix and Local its parts. They alias Raw.
func (e *Element) Name() []byte { return nil }

// Prefix is what stands before the colon; empty when there is none.
func (e *Element) Prefix() []byte { return nil }

// Local is the name without its prefix.
func (e *Element) Local() []byte { return nil }

// Space is the namespace; empty means none. Compare string(e.Space()) == NSClient: that allocates nothing.
// It aliases Raw or the declarations around it, or is a copy where the declaration has references in it.
func (e *Element) Space() []byte { return nil }

// Is reports whether the element has this expanded name.
func (e *Element) Is(space, local string) bool {
	return string(e.Local()) == local && string(e.Space()) == space
}

// StartTag is the element's start tag; it aliases Raw.
func (e *Element) StartTag() []byte { return nil }

// Content is what stands between start and end tag, as written; it aliases Raw. Empty for a Header.
func (e *Element) Content() []byte { return nil }

// Clone gives a copy that owns its bytes.
func (e *Element) Clone() Element { return *e }

// Edited gives the element that raw, an edited copy of e.Raw, is in the place of e, with the same declarations around it. It aliases raw; false when raw is no element that may stand there.
func (e *Element) Edited(raw []byte) (Element, bool) { return Element{}, false }
