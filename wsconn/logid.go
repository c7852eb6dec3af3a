package wsconn

import (
	"crypto/sha1" //nolint:gosec // see LogID
	"encoding/hex"
)

// LogID names the session in logs: the hash of what its ids are made of, so nobody who reads it can guess those.
func (s *Session) LogID() string {
	sum := sha1.Sum(s.random[:]) //nolint:gosec // for telling sessions apart
	return hex.EncodeToString(sum[:6])
}
