package httpparse

// hasToken looks for a member of a comma-separated list.
func hasToken(list []byte, token string) bool {
	for len(list) > 0 {
		var member []byte
		if member, list = cutMember(list); isFold(member, token) {
			return true
		}
	}
	return false
}

// cutMember splits the first member off a comma-separated list, without the white space around it. A comma inside a quoted string separates too:
// the members looked for here are tokens, and half of a quoted string is none.
func cutMember(list []byte) (member, rest []byte) {
	i := 0
	for i < len(list) && list[i] != ',' {
		i++
	}
	member, rest = list[:i], list[i:]
	if len(rest) > 0 {
		rest = rest[1:]
	}
	return trimSpace(member), rest
}

// trimSpace drops spaces and tabs at both ends (OWS, RFC 9110 §5.6.3).
func trimSpace(b []byte) []byte {
	for len(b) > 0 && isSpace(b[0]) {
		b = b[1:]
	}
	for len(b) > 0 && isSpace(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' }

// isFold compares in any letter case of ASCII; other bytes must be the same.
func isFold(b []byte, s string) bool {
	if len(b) != len(s) {
		return false
	}
	for i := range b {
		if x, y := b[i], s[i]; x != y && (x|0x20 != y|0x20 || x|0x20 < 'a' || x|0x20 > 'z') {
			return false
		}
	}
	return true
}
