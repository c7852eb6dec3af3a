package bosh

import (
	"crypto/sha1" //nolint:gosec // see LogID
	"crypto/subtle"
	"encoding/hex"
)

// A sid is a random UUID's text, a dash, and the number of the session's slot in hexadecimal without leading zeros: the slot
// finds the session without a table, and the whole text must match. Stream names are such UUIDs alone (XEP-0124 §19.3: unpredictable).
const (
	uuidSize   = 36
	sidSizeMax = uuidSize + 1 + 8
)

// ParseSID gives the slot that a sid names. Whether it is that session's sid is for MatchSID to say.
func ParseSID(b []byte) (slot uint32, ok bool) {
	if len(b) < uuidSize+2 || len(b) > sidSizeMax || b[uuidSize] != '-' {
		return 0, false
	}
	for _, c := range b[uuidSize+1:] {
		switch {
		case '0' <= c && c <= '9':
			slot = slot<<4 | uint32(c-'0')
		case 'a' <= c && c <= 'f':
			slot = slot<<4 | uint32(c-'a'+10)
		default:
			return 0, false
		}
	}
	return slot, true
}

const hexDigits = "0123456789abcdef"

// appendUUID appends the text of a UUID.
func appendUUID(dst []byte, id [16]byte) []byte {
	for i, b := range id {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			dst = append(dst, '-')
		}
		dst = append(dst, hexDigits[b>>4], hexDigits[b&15])
	}
	return dst
}

// appendSID appends the session's sid.
func (s *Session) appendSID(dst []byte) []byte {
	dst = append(appendUUID(dst, s.sid), '-')
	shift := 28
	for shift > 0 && s.slot>>shift == 0 {
		shift -= 4
	}
	for ; shift >= 0; shift -= 4 {
		dst = append(dst, hexDigits[s.slot>>shift&15])
	}
	return dst
}

// MatchSID reports whether b is the session's sid, in a time that doesn't depend on where they differ. A session that is
// over matches nothing.
func (s *Session) MatchSID(b []byte) bool {
	var text [sidSizeMax]byte
	return s.state != stateNone && subtle.ConstantTimeCompare(s.appendSID(text[:0]), b) == 1
}

// LogID names the session in logs: the hash of a secret, so nobody who reads it can speak for the session.
func (s *Session) LogID() string {
	sum := sha1.Sum(s.appendSID(nil)) //nolint:gosec // for telling sessions apart
	return hex.EncodeToString(sum[:6])
}
