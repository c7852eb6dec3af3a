package xmlstream

import "bytes"

// field is one attribute of a checked start tag. Offsets count from its '<'.
type field struct {
	name     span
	off, end int // of the value, without its quotes
}

// nextAttr finds the attribute behind i, the end of the name or of the attribute before; ok is false at the end of the tag.
func nextAttr(tag []byte, i int) (f field, next int, ok bool) {
	i = skipSpace(tag, i)
	if i >= len(tag) || tag[i] == '>' || tag[i] == '/' {
		return field{}, i, false
	}
	start := i
	for tag[i] != '=' && !isSpace(tag[i]) {
		if tag[i] == ':' {
			f.name.prefix = uint32(i - start)
		}
		i++
	}
	f.name.off, f.name.n = uint32(start), uint32(i-start)
	i = skipSpace(tag, i)
	i = skipSpace(tag, i+1)
	f.off = i + 1
	f.end = f.off + bytes.IndexByte(tag[f.off:], tag[i])
	return f, f.end + 1, true
}

// declares reports whether the attribute declares a namespace.
func (f *field) declares(tag []byte) bool {
	name := f.name.name(tag)
	return f.name.prefix == 0 && string(name) == "xmlns" || f.name.prefix == 5 && string(name[:5]) == "xmlns"
}

// Attr finds an attribute in the start tag by its expanded name; space "" means one without a prefix. raw is what stands
// between the quotes; it aliases Raw.
func (e *Element) Attr(space, local string) (raw []byte, ok bool) {
	tag := e.StartTag()
	for i := 1 + int(e.nameLen); ; {
		f, next, ok := nextAttr(tag, i)
		if !ok {
			return nil, false
		}
		i = next
		if string(f.name.local(tag)) != local || (f.name.prefix == 0) != (space == "") || f.declares(tag) {
			continue
		}
		if space == "" || string(e.resolve(f.name.space(tag))) == space {
			return tag[f.off:f.end], true
		}
	}
}

// Attrs calls fn for each attribute in the order written, declarations of namespaces left out, until fn returns false.
// Everything aliases Raw or the declarations around it.
func (e *Element) Attrs(fn func(space, local, raw []byte) bool) {
	tag := e.StartTag()
	for i := 1 + int(e.nameLen); ; {
		f, next, ok := nextAttr(tag, i)
		if !ok {
			return
		}
		i = next
		if f.declares(tag) {
			continue
		}
		var space []byte
		if f.name.prefix > 0 {
			space = e.resolve(f.name.space(tag))
		}
		if !fn(space, f.name.local(tag), tag[f.off:f.end]) {
			return
		}
	}
}

// resolve gives the namespace of a prefix that the start tag uses.
func (e *Element) resolve(prefix []byte) []byte {
	if string(prefix) == "xml" {
		return xmlSpace
	}
	if raw, ok := e.declaration(prefix); ok {
		if bytes.IndexByte(raw, '&') < 0 && !bytes.ContainsAny(raw, "\t\n\r") {
			return raw
		}
		return AppendUnescaped(nil, raw)
	}
	if i, ok := e.root.find(prefix); ok {
		return e.root.decls[i].uri
	}
	return nil
}

// declaration gives the namespace that the start tag itself binds to a prefix, or to the default for "", as written.
func (e *Element) declaration(prefix []byte) (raw []byte, ok bool) {
	if !e.declares {
		return nil, false
	}
	tag := e.StartTag()
	for i := 1 + int(e.nameLen); ; {
		f, next, ok := nextAttr(tag, i)
		switch {
		case !ok:
			return nil, false
		case !f.declares(tag):
		case f.name.prefix == 0 && len(prefix) == 0, f.name.prefix > 0 && string(f.name.local(tag)) == string(prefix):
			return tag[f.off:f.end], true
		}
		i = next
	}
}
