package xmlstream

import "bytes"

// checkDeclaration checks what stands between "<?xml" and "?>": XML 1.0 §2.8, §2.9, §4.3.1.
func checkDeclaration(b []byte) Error {
	version, b, ok := pseudoAttr(b, "version")
	if !ok || string(version) != "1.0" {
		return ErrNotWellFormed
	}
	encoding, b, named := pseudoAttr(b, "encoding")
	if named && !isEncodingName(encoding) {
		return ErrNotWellFormed
	}
	standalone, b, ok := pseudoAttr(b, "standalone")
	if ok && string(standalone) != "yes" && string(standalone) != "no" || skipSpace(b, 0) < len(b) {
		return ErrNotWellFormed
	}
	if named && !bytes.EqualFold(encoding, []byte("UTF-8")) { // RFC 6120 §11.6
		return ErrEncoding
	}
	return ErrNone
}

// pseudoAttr takes white space and name='value' off the start of b, if that is what stands there.
func pseudoAttr(b []byte, name string) (value, rest []byte, ok bool) {
	i := skipSpace(b, 0)
	if i == 0 || !bytes.HasPrefix(b[i:], []byte(name)) {
		return nil, b, false
	}
	i = skipSpace(b, i+len(name))
	if i == len(b) || b[i] != '=' {
		return nil, b, false
	}
	i = skipSpace(b, i+1)
	if i == len(b) || b[i] != '\'' && b[i] != '"' {
		return nil, b, false
	}
	value, rest, ok = bytes.Cut(b[i+1:], b[i:i+1])
	if !ok {
		return nil, b, false
	}
	return value, rest, true
}

// isEncodingName is EncName.
func isEncodingName(b []byte) bool {
	for i, c := range b {
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (i == 0 || class[c]&className == 0) {
			return false
		}
	}
	return len(b) > 0
}
