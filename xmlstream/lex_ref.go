package xmlstream

import "unicode/utf8"

// entityMax is the longest name of the five entities, with its semicolon.
const entityMax = len("quot;")

// reference looks at what a '&' begins: a character reference or one of the five entities (XML 1.0 §4.1, §4.6).
func (w *work) reference(b []byte) step {
	have := b[w.pos+1:]
	if len(have) == 0 {
		return stepMore
	}
	if have[0] == '#' {
		if len(have) == 1 {
			return stepMore
		}
		w.ref = 0
		w.digit = false
		if have[1] == 'x' {
			return w.to(lexHex, int(w.pos)+3)
		}
		return w.to(lexDecimal, int(w.pos)+2)
	}
	have = have[:min(len(have), entityMax)]
	for i, c := range have {
		switch {
		case c == ';':
			if entity(have[:i]) == 0 {
				return w.notEntity(have[:i])
			}
			return w.to(w.back, int(w.pos)+i+2)
		case class[c]&className == 0 && c < utf8.RuneSelf && c != ':':
			return w.bad(ErrNotWellFormed)
		}
	}
	if len(have) < entityMax {
		return stepMore
	}
	return w.notEntity(have)
}

// notEntity: a reference to an entity that nobody may have declared (RFC 6120 §11.1), if it is one.
func (w *work) notEntity(name []byte) step {
	if len(name) == 0 || class[name[0]]&classStart == 0 && name[0] < utf8.RuneSelf && name[0] != ':' {
		return w.bad(ErrNotWellFormed)
	}
	return w.bad(ErrRestricted)
}

// entity gives the character that one of the five names stands for, or 0.
func entity(name []byte) byte {
	switch string(name) {
	case "lt":
		return '<'
	case "gt":
		return '>'
	case "amp":
		return '&'
	case "apos":
		return '\''
	case "quot":
		return '"'
	}
	return 0
}

// digits goes through those of a character reference, however many zeros they begin with.
func (w *work) digits(b []byte) step {
	base := uint32(10)
	if w.lex == lexHex {
		base = 16
	}
	for i := int(w.pos); i < len(b); i++ {
		c := b[i]
		if c == ';' {
			if !w.digit || !isChar(w.ref) {
				return w.bad(ErrNotWellFormed)
			}
			return w.to(w.back, i+1)
		}
		d := digit(c)
		if d >= base {
			return w.bad(ErrNotWellFormed)
		}
		w.digit = true
		w.ref = min(w.ref*base+d, utf8.MaxRune+1)
	}
	return w.more(len(b))
}

// digit gives a hexadecimal digit's value, or 255.
func digit(c byte) uint32 {
	switch {
	case c >= '0' && c <= '9':
		return uint32(c - '0')
	case c >= 'a' && c <= 'f':
		return uint32(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return uint32(c-'A') + 10
	}
	return 255
}
