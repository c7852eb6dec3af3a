package bosh

import "crypto/sha1" //nolint:gosec // XEP-0124 §15.3 says SHA-1

// startKeys begins a key sequence if the creation has a newkey (XEP-0124 §15.4); false: it is no key.
func (s *Session) startKeys(b *Body) bool {
	if b.attrs.newkey == nil {
		return true
	}
	s.keyed = true
	return decodeKey(&s.own().key, b.attrs.newkey)
}

// verifyKey reports whether the request has the next key of the sequence, and moves on (XEP-0124 §15.4 and §15.5).
func (s *Session) verifyKey(b *Body) bool {
	if !s.keyed {
		return b.attrs.newkey == nil || s.startKeys(b)
	}
	if b.attrs.key == nil || sha1.Sum(b.attrs.key) != s.few().key { //nolint:gosec // as above
		return false
	}
	next := b.attrs.key
	if b.attrs.newkey != nil {
		next = b.attrs.newkey
	}
	return decodeKey(&s.own().key, next)
}

// decodeKey reads the hexadecimal text of a hash, in either case (XEP-0124 §15.3).
func decodeKey(key *[sha1.Size]byte, text []byte) bool {
	if len(text) != 2*sha1.Size {
		return false
	}
	for i := range key {
		hi, ok1 := hexValue(text[2*i])
		lo, ok2 := hexValue(text[2*i+1])
		if !ok1 || !ok2 {
			return false
		}
		key[i] = hi<<4 | lo
	}
	return true
}

func hexValue(c byte) (byte, bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10, true
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}
