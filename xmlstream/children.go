package xmlstream

import "bytes"

// Children calls fn for each child element, in order, until fn returns false. A child's Raw is a part of e.Raw and has its capacity; the Element
// given to fn is reused for the next one. Scratch is from p; nil: it is made for this call. Where e declares namespaces it allocates.
func (e *Element) Children(p *Pool, fn func(child *Element) bool) {
	content := e.Content()
	if bytes.IndexByte(content, '<') < 0 {
		return
	}
	if p == nil {
		p = NewPool()
	}
	w := p.get()
	if w.child == nil {
		w.child = new(Element)
	}
	e.children(w, content, fn)
	*w.child = Element{}
	p.put(w)
}

func (e *Element) children(w *work, content []byte, fn func(child *Element) bool) {
	in, lim := e.inside(), newBounds(Limits{})
	for {
		i := nextTag(content)
		if i < 0 {
			return
		}
		content = content[i:]
		w.begin()
		if w.run(content, in, &lim) != stepDone {
			return // the bytes were changed
		}
		n := w.pos
		w.child.set(w, content, in)
		if !fn(w.child) {
			return
		}
		content = content[n:]
	}
}

// nextTag finds the first '<' that isn't a CDATA section's; -1: there is none.
func nextTag(content []byte) int {
	for at := 0; ; {
		i := bytes.IndexByte(content[at:], '<')
		if i < 0 {
			return -1
		}
		at += i
		if !bytes.HasPrefix(content[at:], []byte(cdataStart)) {
			return at
		}
		end := bytes.Index(content[at:], []byte(cdataEnd))
		if end < 0 {
			return -1
		}
		at += end + len(cdataEnd)
	}
}

// inside gives what the element's children inherit.
func (e *Element) inside() *root {
	if !e.declares && !e.root.client {
		return e.root
	}
	in := &root{def: e.root.def}
	if e.emptied && e.root.client {
		in.def = clientSpace
	} else if raw, ok := e.declaration(nil); ok {
		in.def = AppendUnescaped(nil, raw)
	}
	tag := e.StartTag()
	for i := 1 + int(e.nameLen); e.declares; {
		f, next, ok := nextAttr(tag, i)
		if !ok {
			break
		}
		i = next
		if f.name.prefix > 0 && f.declares(tag) {
			uri := AppendUnescaped(nil, tag[f.off:f.end])
			in.decls = append(in.decls, decl{prefix: bytes.Clone(f.name.local(tag)), uri: uri, key: uriKey(uri)})
		}
	}
	own := root{decls: in.decls}
	own.setIndex()
	for _, d := range e.root.decls {
		if _, ok := own.find(d.prefix); !ok {
			in.decls = append(in.decls, d)
		}
	}
	in.setIndex()
	return in
}

// Edited gives the element that raw, an edited copy of e.Raw, is in the place of e, with the same declarations around it. It
// aliases raw; false when raw is no element that may stand there. Scratch is from p; nil: it is made for this call.
func (e *Element) Edited(p *Pool, raw []byte) (edited Element, ok bool) {
	if e.root == nil || len(raw) == 0 || raw[0] != '<' {
		return Element{}, false
	}
	if p == nil {
		p = NewPool()
	}
	w, lim := p.get(), newBounds(DefaultLimits)
	if ok = w.run(raw, e.root, &lim) == stepDone && int(w.pos) == len(raw); ok {
		edited.set(w, raw, e.root)
	}
	p.put(w)
	return edited, ok
}

// AppendText appends the character data that is directly in the element: references and CDATA sections decoded, line ends
// normalised (XML 1.0 §2.11), children left out.
func (e *Element) AppendText(dst []byte) []byte {
	content := e.Content()
	depth := 0
	for len(content) > 0 {
		i := bytes.IndexByte(content, '<')
		if i < 0 {
			i = len(content)
		}
		if depth == 0 {
			dst = appendText(dst, content[:i], true)
		}
		if content = content[i:]; len(content) == 0 {
			break
		}
		if bytes.HasPrefix(content, []byte(cdataStart)) {
			end := bytes.Index(content, []byte(cdataEnd))
			if end < 0 {
				break
			}
			if depth == 0 {
				dst = appendText(dst, content[len(cdataStart):end], false)
			}
			content = content[end+len(cdataEnd):]
			continue
		}
		end := tagEnd(content)
		switch {
		case content[1] == '/':
			depth--
		case content[end-2] != '/':
			depth++
		}
		content = content[end:]
	}
	return dst
}

// tagEnd gives the length of the checked tag that b begins with.
func tagEnd(b []byte) int {
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '>':
			return i + 1
		case '\'', '"':
			i += 1 + bytes.IndexByte(b[i+1:], b[i])
		}
	}
	return len(b)
}
