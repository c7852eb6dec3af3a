package xmlstream

import "unicode/utf8"

// beginName: a name begins at i.
func (w *work) beginName(i int) {
	w.mark = uint32(i)
	w.colon = 0
	w.fresh = true
}

// name goes through a name, which ends at the first byte that can't be in one; stepOn says that w.pos is there. It has at
// most one colon, with a name on either side of it (Namespaces in XML 1.0 §4).
func (w *work) name(b []byte) step {
	i := int(w.pos)
	for {
		if w.fresh {
			if i >= len(b) {
				return w.more(i)
			}
			if c := b[i]; class[c]&classStart != 0 {
				i++
			} else if size, s := w.oddStart(b, i); s != stepOn {
				w.pos = uint32(i)
				return s
			} else {
				i += size
			}
			w.fresh = false
		}
		for i < len(b) && class[b[i]]&className != 0 {
			i++
		}
		if i >= len(b) {
			return w.more(i)
		}
		switch c := b[i]; {
		case c == ':':
			if w.colon != 0 {
				return w.bad(ErrNamespace)
			}
			w.colon = uint32(i)
			w.fresh = true
			i++
		case c >= utf8.RuneSelf:
			size, s := w.highName(b, i, isNameRune)
			if s != stepOn {
				w.pos = uint32(i)
				return s
			}
			i += size
		default:
			w.pos = uint32(i)
			return stepOn
		}
	}
}

// oddStart looks at the first character of a name, or of the part behind its colon, when it isn't plain.
func (w *work) oddStart(b []byte, i int) (size int, s step) {
	if b[i] >= utf8.RuneSelf {
		size, s = w.highName(b, i, isNameStart)
		if s != stepBad || w.err == ErrEncoding {
			return size, s
		}
	}
	if w.colon != 0 || b[i] == ':' {
		return 0, w.bad(ErrNamespace)
	}
	return 0, w.bad(ErrNotWellFormed)
}

// highName looks at one character beyond ASCII in a name.
func (w *work) highName(b []byte, i int, in func(rune) bool) (size int, s step) {
	r, size := utf8.DecodeRune(b[i:])
	switch {
	case r == utf8.RuneError && size == 1:
		if !utf8.FullRune(b[i:]) {
			return 0, stepMore
		}
		return 0, w.bad(ErrEncoding)
	case !in(r):
		return 0, w.bad(ErrNotWellFormed)
	}
	return size, stepOn
}

// takeName gives the name that ends at w.pos.
func (w *work) takeName() span {
	s := span{off: w.mark, n: w.pos - w.mark}
	if w.colon != 0 {
		s.prefix = w.colon - w.mark
	}
	return s
}
