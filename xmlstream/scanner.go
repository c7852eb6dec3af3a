package xmlstream

// Scanner is the state of one document. The zero value is a ModeStream with DefaultLimits and a Pool of its own.
type Scanner struct {
	pool *Pool
	root *root
	lim  bounds
	mode Mode
	err  Error
}

// root is what the elements below a root inherit; immutable.
type root struct{}

// Reset begins a new document. Scratch goes back to the pool that it is from.
func (s *Scanner) Reset(p *Pool, m Mode, lim Limits) {
	*s = Scanner{pool: p, mode: m, lim: newBounds(lim)}
}

// Err says why the document is refused: after Bad, not before.
func (s *Scanner) Err() Error { return s.err }

// Next looks for one event in b: the bytes that no call consumed, from the same start as in the call before, with more behind them.
// It consumes n of them: whitespace and an XML declaration before, and that event's bytes, never those of a second one. el is written for Header and Child; it aliases b.
//
// A self-closed root is a Header with el.SelfClosed, then an End with n = 0; so is the End of a ModeMessage. After End only whitespace may follow:
// a caller that has more bytes asks again and gets NeedMore or Bad. (ModeStream: all is consumed unseen.)
func (s *Scanner) Next(b []byte, el *Element) (n int, ev Event) {
	s.err = ErrNotWellFormed
	return 0, Bad
}
