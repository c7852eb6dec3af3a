package proxy

// Logs is the part of a Config about what is logged, beside Logger and its level. The zero value is usable.
type Logs struct {
	// AccessLog is of how many HTTP requests one is logged, at level INFO; 0: none.
	AccessLog int

	// TrimLength is how many bytes of a stanza are logged, at LevelTrace; negative: all.
	TrimLength int
}
