package bosh

import "crypto/sha1" //nolint:gosec // XEP-0124 §15.3 says SHA-1

// rare is what few sessions have. The others do without the room for it.
type rare struct {
	wide        []open   // the open requests, by rid modulo its length, when the window is large; else nil
	more        []stream // streams 1 and up
	contentType []byte   // of the answers; nil: the default
	key         [sha1.Size]byte
}

// nothingRare stands for what a session doesn't have. It is not changed.
var nothingRare rare

// few is to be read.
func (s *Session) few() *rare {
	if s.rare == nil {
		return &nothingRare
	}
	return s.rare
}

// own is to be changed.
func (s *Session) own() *rare {
	if s.rare == nil {
		s.rare = new(rare)
	}
	return s.rare
}
