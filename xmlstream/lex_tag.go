package xmlstream

// tagName goes through the name of a start tag (XML 1.0 §3.1).
func (w *work) tagName(b []byte) step {
	if s := w.name(b); s != stepOn {
		return s
	}
	w.tag = w.takeName()
	w.lex = lexTagGap
	return stepOn
}

// tagGap is behind the name or a value: white space has to come before an attribute.
func (w *work) tagGap(b []byte, in *root) step {
	i := int(w.pos)
	if i >= len(b) {
		return stepMore
	}
	switch c := b[i]; {
	case isSpace(c):
		if i++; i < len(b) && class[b[i]]&classStart != 0 { // as nearly always
			w.beginName(i)
			return w.to(lexAttrName, i)
		}
		return w.to(lexTagSpace, i)
	case c == '>':
		w.pos++
		return w.startTag(b, in, false)
	case c == '/':
		return w.to(lexSlash, i+1)
	}
	return w.bad(ErrNotWellFormed)
}

func (w *work) tagSpace(b []byte, in *root) step {
	i := skipSpace(b, int(w.pos))
	if i >= len(b) {
		return w.more(i)
	}
	switch b[i] {
	case '>':
		w.pos = uint32(i + 1)
		return w.startTag(b, in, false)
	case '/':
		return w.to(lexSlash, i+1)
	}
	w.beginName(i)
	return w.to(lexAttrName, i)
}

func (w *work) slash(b []byte, in *root) step {
	i := int(w.pos)
	if i >= len(b) {
		return stepMore
	}
	if b[i] != '>' {
		return w.bad(ErrNotWellFormed)
	}
	w.pos++
	return w.startTag(b, in, true)
}

// attrName goes through an attribute's name, and counts it where its name says which kind it is.
func (w *work) attrName(b []byte, lim *bounds) step {
	if s := w.name(b); s != stepOn {
		return s
	}
	a := attr{name: w.takeName()}
	switch name := a.name.name(b); {
	case a.name.prefix == 5 && string(name[:5]) == "xmlns", a.name.prefix == 0 && string(name) == "xmlns":
		a.declares = true
		w.decls++
		if w.decls > int(lim.decls) {
			return w.bad(ErrLimit)
		}
	case len(w.attrs)-w.decls >= int(lim.attrs):
		return w.bad(ErrLimit)
	}
	local := a.name.local(b)
	last := uint32(len(local) - 1)
	a.key = last<<24 ^ uint32(local[0])<<16 ^ uint32(local[last/2])<<8 ^ uint32(local[last])
	w.attrs = append(w.attrs, a)
	if i := int(w.pos); i+1 < len(b) && b[i] == '=' && isQuote(b[i+1]) { // as nearly always
		return w.beginValue(b[i+1], i+2)
	}
	w.lex = lexEquals
	return stepOn
}

func isQuote(c byte) bool { return c == '\'' || c == '"' }

// beginValue: an attribute's value begins at i.
func (w *work) beginValue(quote byte, i int) step {
	w.quote = quote
	w.plain = true
	w.mark = uint32(i)
	return w.to(lexValue, i)
}

func (w *work) equals(b []byte) step {
	i := skipSpace(b, int(w.pos))
	if i >= len(b) {
		return w.more(i)
	}
	if b[i] != '=' {
		return w.bad(ErrNotWellFormed)
	}
	return w.to(lexQuote, i+1)
}

func (w *work) openQuote(b []byte) step {
	i := skipSpace(b, int(w.pos))
	if i >= len(b) {
		return w.more(i)
	}
	if !isQuote(b[i]) {
		return w.bad(ErrNotWellFormed)
	}
	return w.beginValue(b[i], i+1)
}

// value goes through an attribute's value.
func (w *work) value(b []byte) step {
	i := int(w.pos)
	for {
		i = valueRun(b, i, w.quote)
		if i >= len(b) {
			return w.more(i)
		}
		switch c := b[i]; {
		case c == w.quote:
			a := &w.attrs[len(w.attrs)-1]
			a.off, a.n, a.plain = w.mark, uint32(i)-w.mark, w.plain
			return w.to(lexTagGap, i+1)
		case c == '&':
			w.plain = false
			w.back = lexValue
			return w.to(lexReference, i)
		case isSpace(c):
			w.plain = false // it stands for a space: XML 1.0 §3.3.3
			i = skipSpace(b, i+1)
		case c < 0x20, c == '<':
			return w.bad(ErrNotWellFormed)
		default:
			end, more, err := highRun(b, i)
			if err != ErrNone {
				return w.bad(err)
			}
			if i = end; more {
				return w.more(i)
			}
		}
	}
}

// endName compares the name of an end tag with what it has to be, piece by piece as it comes.
func (w *work) endName(b []byte, in *root) step {
	want := in.name
	if len(w.stack) > 0 {
		f := &w.stack[len(w.stack)-1]
		want = b[f.off : f.off+f.n]
	}
	have, done := b[w.pos:], int(w.pos-w.mark)
	n := min(len(have), len(want)-done)
	if string(have[:n]) != string(want[done:done+n]) {
		return w.bad(ErrNotWellFormed)
	}
	if done+n < len(want) {
		return w.more(int(w.pos) + n)
	}
	return w.to(lexEndSpace, int(w.pos)+n)
}

func (w *work) endSpace(b []byte) step {
	i := skipSpace(b, int(w.pos))
	if i >= len(b) {
		return w.more(i)
	}
	if b[i] != '>' {
		return w.bad(ErrNotWellFormed)
	}
	w.pos = uint32(i + 1)
	if len(w.stack) > 0 {
		f := w.stack[len(w.stack)-1]
		w.stack = w.stack[:len(w.stack)-1]
		w.dropBinds(int(f.binds))
		w.def = f.def
	}
	return w.closed()
}

// closed: an element is complete.
func (w *work) closed() step {
	if len(w.stack) == 0 {
		return stepDone
	}
	w.lex = lexText
	return stepOn
}
