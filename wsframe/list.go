package wsframe

// list reads the members of a header field: tokens, and parameters with tokens or quoted strings (RFC 6455 §9.1, RFC 9110 §5.6).
type list struct {
	b     []byte // what is left
	isBad bool   // the grammar was broken: nothing more is read
}

// next goes on to the next member: false at the end. Empty members are skipped (RFC 9110 §5.6.1.2).
func (l *list) next() bool {
	for !l.isBad {
		l.skipSpace()
		if len(l.b) == 0 {
			return false
		}
		if l.b[0] != ',' {
			return true
		}
		l.b = l.b[1:]
	}
	return false
}

// end wants a member to end here.
func (l *list) end() {
	l.skipSpace()
	if len(l.b) > 0 && l.b[0] != ',' {
		l.isBad = true
	}
}

// take takes c, with white space before it, if it comes next.
func (l *list) take(c byte) bool {
	l.skipSpace()
	if l.isBad || len(l.b) == 0 || l.b[0] != c {
		return false
	}
	l.b = l.b[1:]
	return true
}

// token reads a token, with white space before it. It aliases the field.
func (l *list) token() []byte {
	l.skipSpace()
	i := 0
	for i < len(l.b) && isTokenChar(l.b[i]) {
		i++
	}
	if i == 0 {
		l.isBad = true
	}
	token := l.b[:i]
	l.b = l.b[i:]
	return token
}

// value reads a token or a quoted string that holds one, and returns it if it is short; of a longer one only the length is of use. A quoted
// string is read without its backslashes, for which v is the room.
func (l *list) value(v *[2]byte) (n int) {
	l.skipSpace()
	if len(l.b) == 0 || l.b[0] != '"' {
		token := l.token()
		copy(v[:], token)
		return len(token)
	}
	for i := 1; i < len(l.b); i++ {
		c := l.b[i]
		switch {
		case c == '"' && n > 0:
			l.b = l.b[i+1:]
			return n
		case c == '\\' && i+1 < len(l.b):
			i++
			c = l.b[i]
		}
		if !isTokenChar(c) { // RFC 6455 §9.1: what it says is a token, too
			break
		}
		if n < len(v) {
			v[n] = c
		}
		n++
	}
	l.isBad = true
	return 0
}

func (l *list) skipSpace() {
	for len(l.b) > 0 && (l.b[0] == ' ' || l.b[0] == '\t') {
		l.b = l.b[1:]
	}
}

// isTokenChar: tchar, RFC 9110 §5.6.2.
func isTokenChar(c byte) bool {
	switch {
	case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
		return true
	}
	switch c {
	case '!', '#', '$', '%', '&', '\'', '*', '+', '-', '.', '^', '_', '`', '|', '~':
		return true
	}
	return false
}
