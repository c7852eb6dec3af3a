package xmlstream

import (
	"bytes"
	"unicode/utf8"
)

// AppendEscaped appends text so that it may stand as character data, and between quotes of either kind: tabs and line ends
// are written as references, so that no normalisation changes them. What XML can't express (control characters, invalid
// UTF-8) becomes U+FFFD.
func AppendEscaped(dst, text []byte) []byte {
	for i := 0; i < len(text); {
		start := i
		for i < len(text) && class[text[i]]&(classText|classValue) == 0 {
			i++
		}
		dst = append(dst, text[start:i]...)
		if i == len(text) {
			break
		}
		if text[i] < utf8.RuneSelf {
			dst = appendSpecial(dst, text[i])
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if !isChar(uint32(r)) {
			r = utf8.RuneError // as it is for a byte that begins no character
		}
		dst = utf8.AppendRune(dst, r)
		i += size
	}
	return dst
}

func appendSpecial(dst []byte, c byte) []byte {
	switch c {
	case '<':
		return append(dst, "&lt;"...)
	case '>':
		return append(dst, "&gt;"...)
	case '&':
		return append(dst, "&amp;"...)
	case '\'':
		return append(dst, "&apos;"...)
	case '"':
		return append(dst, "&quot;"...)
	case '\t':
		return append(dst, "&#9;"...)
	case '\n':
		return append(dst, "&#10;"...)
	case '\r':
		return append(dst, "&#13;"...)
	}
	return utf8.AppendRune(dst, utf8.RuneError)
}

// AppendUnescaped appends the value of an attribute, given as it is written between the quotes of a checked document:
// references decoded, whitespace normalised (XML 1.0 §3.3.3: each literal tab and line end becomes one space). What is no
// reference stays as it is.
func AppendUnescaped(dst, raw []byte) []byte {
	for len(raw) > 0 {
		i := bytes.IndexAny(raw, "&\t\n\r")
		if i < 0 {
			return append(dst, raw...)
		}
		dst = append(dst, raw[:i]...)
		raw = raw[i:]
		if raw[0] == '&' {
			dst, raw = appendReference(dst, raw)
			continue
		}
		dst = append(dst, ' ')
		raw = raw[lineEnd(raw):]
	}
	return dst
}

// appendText appends character data, with references in it or not (CDATA).
func appendText(dst, raw []byte, references bool) []byte {
	for len(raw) > 0 {
		i := bytes.IndexAny(raw, "&\r")
		if i < 0 {
			return append(dst, raw...)
		}
		dst = append(dst, raw[:i]...)
		raw = raw[i:]
		switch {
		case raw[0] == '\r':
			dst = append(dst, '\n')
			raw = raw[lineEnd(raw):]
		case references:
			dst, raw = appendReference(dst, raw)
		default:
			dst = append(dst, '&')
			raw = raw[1:]
		}
	}
	return dst
}

// lineEnd is the length of the white space character that b begins with, CR LF being one (XML 1.0 §2.11).
func lineEnd(b []byte) int {
	if len(b) > 1 && b[0] == '\r' && b[1] == '\n' {
		return 2
	}
	return 1
}

// appendReference decodes the reference that raw begins with; rest is what stands behind it.
func appendReference(dst, raw []byte) (out, rest []byte) {
	end := 1
	for end < len(raw) && (raw[end] == '#' || class[raw[end]]&className != 0) {
		end++
	}
	if end == len(raw) || raw[end] != ';' {
		return append(dst, '&'), raw[1:]
	}
	name := raw[1:end]
	if c := entity(name); c != 0 {
		return append(dst, c), raw[end+1:]
	}
	if len(name) < 2 || name[0] != '#' {
		return append(dst, '&'), raw[1:]
	}
	base, digits := uint32(10), name[1:]
	if digits[0] == 'x' {
		base, digits = 16, digits[1:]
	}
	r := uint32(0)
	for _, c := range digits {
		d := digit(c)
		if d >= base {
			return append(dst, '&'), raw[1:]
		}
		r = min(r*base+d, utf8.MaxRune+1)
	}
	if len(digits) == 0 || !isChar(r) {
		return append(dst, '&'), raw[1:]
	}
	return utf8.AppendRune(dst, rune(r)), raw[end+1:]
}
