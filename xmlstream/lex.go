package xmlstream

// run goes on where it stopped, until the part that was begun is complete. in are the declarations around the element; for
// the root's start tag and end tag they are the root's own.
func (w *work) run(b []byte, in *root, lim *bounds) step {
	for {
		var s step
		switch w.lex {
		case lexText:
			s = w.text(b)
		case lexOpen:
			s = w.open(b, lim)
		case lexTagName:
			s = w.tagName(b)
		case lexTagGap:
			s = w.tagGap(b, in)
		case lexTagSpace:
			s = w.tagSpace(b, in)
		case lexAttrName:
			s = w.attrName(b, lim)
		case lexEquals:
			s = w.equals(b)
		case lexQuote:
			s = w.openQuote(b)
		case lexValue:
			s = w.value(b)
		case lexSlash:
			s = w.slash(b, in)
		case lexEndName:
			s = w.endName(b, in)
		case lexEndSpace:
			s = w.endSpace(b)
		case lexMarkup:
			s = w.markup(b)
		case lexCDATA:
			s = w.cdata(b)
		case lexReference:
			s = w.reference(b)
		case lexDecimal, lexHex:
			s = w.digits(b)
		}
		if s != stepOn {
			return s
		}
	}
}

func (w *work) bad(err Error) step {
	w.err = err
	return stepBad
}

// more: the bytes are used up to i.
func (w *work) more(i int) step {
	w.pos = uint32(i)
	return stepMore
}

// to: the next state begins at i.
func (w *work) to(l lex, i int) step {
	w.lex = l
	w.pos = uint32(i)
	return stepOn
}

// open looks at what a '<' opens.
func (w *work) open(b []byte, lim *bounds) step {
	i := int(w.pos) + 1
	if i >= len(b) {
		return stepMore
	}
	switch b[i] {
	case '/':
		if len(w.stack) == 0 && w.part != partEnd {
			return w.bad(ErrNotWellFormed)
		}
		w.mark = uint32(i + 1)
		return w.to(lexEndName, i+1)
	case '!':
		return w.to(lexMarkup, i-1)
	case '?':
		return w.bad(ErrRestricted)
	}
	if len(w.stack) >= int(lim.depth) {
		return w.bad(ErrLimit)
	}
	w.attrs = w.attrs[:0]
	w.decls = 0
	w.beginName(i)
	return w.to(lexTagName, i)
}

// text goes through character data: XML 1.0 §2.4.
func (w *work) text(b []byte) step {
	i := int(w.pos)
	for {
		i = textRun(b, i)
		if i >= len(b) {
			return w.more(i)
		}
		switch c := b[i]; {
		case c == '<':
			return w.to(lexOpen, i)
		case c == '&':
			w.back = lexText
			return w.to(lexReference, i)
		case c == '>':
			// Text begins behind a '>', so what is looked back at is text.
			if b[i-1] == ']' && b[i-2] == ']' {
				return w.bad(ErrNotWellFormed)
			}
			i++
		case isSpace(c):
			i = skipSpace(b, i+1)
		case c < 0x20:
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

const (
	cdataStart = "<![CDATA["
	cdataEnd   = "]]>"
)

// markup looks at what "<!" opens: a CDATA section, or what RFC 6120 §11.1 forbids.
func (w *work) markup(b []byte) step {
	have := b[w.pos:]
	if len(have) < 3 {
		return stepMore
	}
	if c := have[2]; c == '-' || class[c]&classStart != 0 { // a comment, a DOCTYPE, a declaration that only a DTD may hold
		return w.bad(ErrRestricted)
	}
	n := min(len(have), len(cdataStart))
	switch {
	case string(have[:n]) != cdataStart[:n], len(w.stack) == 0:
		return w.bad(ErrNotWellFormed)
	case n < len(cdataStart):
		return stepMore
	}
	return w.to(lexCDATA, int(w.pos)+n)
}

// cdata goes through a CDATA section: XML 1.0 §2.7.
func (w *work) cdata(b []byte) step {
	i := int(w.pos)
	for {
		i = textRun(b, i)
		if i >= len(b) {
			return w.more(i)
		}
		switch c := b[i]; {
		case c == '>':
			i++
			// The section begins behind a '[', so what is looked back at is in it.
			if b[i-2] == ']' && b[i-3] == ']' {
				return w.to(lexText, i)
			}
		case c == '<', c == '&':
			i++
		case isSpace(c):
			i = skipSpace(b, i+1)
		case c < 0x20:
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
