package bosh

import "bytes"

// contentBytesMax bounds the content type that a client may have its answers sent as.
const contentBytesMax = 128

// contentTypeOf is the type that the client wants its answers to have (XEP-0124 §7.1); nil: the default, also where it is none.
func contentTypeOf(content []byte) []byte {
	if !isMediaType(content) || bytes.EqualFold(content, []byte("text/xml; charset=utf-8")) {
		return nil
	}
	return bytes.Clone(content)
}

// isMediaType reports whether b is a type, a subtype and parameters (RFC 9110 §8.3.1). What isn't can't be trusted in a header field.
func isMediaType(b []byte) bool {
	if len(b) > contentBytesMax {
		return false
	}
	b, ok := cutToken(b)
	if !ok || len(b) == 0 || b[0] != '/' {
		return false
	}
	if b, ok = cutToken(b[1:]); !ok {
		return false
	}
	for {
		b = bytes.TrimLeft(b, " ")
		if len(b) == 0 {
			return true
		}
		if b[0] != ';' {
			return false
		}
		if b, ok = cutToken(bytes.TrimLeft(b[1:], " ")); !ok || len(b) == 0 || b[0] != '=' {
			return false
		}
		if b, ok = cutValue(b[1:]); !ok {
			return false
		}
	}
}

// cutToken cuts a token off (RFC 9110 §5.6.2).
func cutToken(b []byte) (rest []byte, ok bool) {
	n := 0
	for n < len(b) && isTokenByte(b[n]) {
		n++
	}
	return b[n:], n > 0
}

// cutValue cuts a token or a quoted string without escapes off.
func cutValue(b []byte) (rest []byte, ok bool) {
	if len(b) == 0 || b[0] != '"' {
		return cutToken(b)
	}
	for i := 1; i < len(b); i++ {
		switch c := b[i]; {
		case c == '"':
			return b[i+1:], true
		case c < ' ' || c > '~' || c == '\\':
			return b, false
		}
	}
	return b, false
}

func isTokenByte(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return bytes.IndexByte([]byte("!#$%&'*+-.^_`|~"), c) >= 0
}
