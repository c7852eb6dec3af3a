package xmlstream

import (
	"bytes"
	"unicode/utf8"
)

// phase is where in the document a scanner is.
type phase uint8

const (
	phaseStart   phase = iota // at its first byte: a byte order mark may come
	phaseDecl                 // behind that: an XML declaration may come
	phaseProlog               // before the root
	phaseRoot                 // in its start tag
	phaseContent              // between its children
	phaseChild                // in one of them
	phaseTail                 // in its end tag
	phaseClosed               // the root is complete, and the End is still to be said
	phaseAfter                // behind the End
	phaseBad
)

// Scanner is the state of one document. The zero value is a ModeStream whose limits are the hard ones, with a Pool of its own.
type Scanner struct {
	pool  *Pool
	work  *work // owned while the phase is one with "in"
	root  *root // nil before the root's start tag is complete
	lim   bounds
	seen  uint32 // phaseDecl: how much of the declaration has no end in it
	mode  Mode
	phase phase
	err   Error
}

// Reset begins a new document. Scratch goes back to the pool that it is from.
func (s *Scanner) Reset(p *Pool, m Mode, lim Limits) {
	s.release()
	*s = Scanner{pool: p, mode: m, lim: newBounds(lim)}
}

func (s *Scanner) release() {
	if s.work != nil {
		s.pool.put(s.work)
		s.work = nil
	}
}

// Err says why the document is refused: after Bad, not before.
func (s *Scanner) Err() Error { return s.err }

// Next looks for one event in b: the bytes that no call consumed, from the same start as in the call before, with more
// behind them. It consumes n of them: whitespace and an XML declaration before, and that event's bytes, never those of a
// second one. el is written for Header and Child; it aliases b.
//
// A self-closed root is a Header with el.SelfClosed, then an End with n = 0; so is the End of a ModeMessage. After End only
// whitespace may follow: a caller that has more bytes asks again and gets NeedMore or Bad. (ModeStream: all is consumed
// unseen.)
func (s *Scanner) Next(b []byte, el *Element) (n int, ev Event) {
	for {
		switch s.phase {
		case phaseStart:
			s.ready()
			const mark = "\xEF\xBB\xBF"
			have := min(len(b), len(mark))
			if string(b[:have]) == mark[:have] {
				if have < len(mark) {
					return 0, NeedMore
				}
				n = len(mark)
			}
			s.phase = phaseDecl
		case phaseDecl:
			size, ev := s.declaration(b[n:])
			if n += size; ev != Header {
				return n, ev
			}
			s.phase = phaseProlog
		case phaseProlog, phaseContent:
			n = skipSpace(b, n)
			if ev := s.begin(b[n:]); ev != Child {
				return n, ev
			}
		case phaseRoot, phaseChild, phaseTail:
			size, ev := s.within(b[n:], el)
			return n + size, ev
		case phaseClosed:
			s.phase = phaseAfter
			return n, End
		case phaseAfter:
			if s.mode == ModeStream {
				return len(b), NeedMore
			}
			if n = skipSpace(b, n); n < len(b) {
				return n, s.fail(ErrNotWellFormed)
			}
			return n, NeedMore
		case phaseBad:
			return 0, Bad
		}
	}
}

// ready gives the zero value what Reset gives.
func (s *Scanner) ready() {
	if s.pool == nil {
		s.pool = NewPool()
	}
	if s.lim.bytes == 0 {
		s.lim = newBounds(Limits{})
	}
}

func (s *Scanner) fail(err Error) Event {
	s.release()
	s.phase = phaseBad
	s.err = err
	return Bad
}

// begin looks at what begins outside all elements; Child: something does, and the phase says what.
func (s *Scanner) begin(b []byte) Event {
	if len(b) == 0 {
		return NeedMore
	}
	if b[0] != '<' { // character data
		if r, size := utf8.DecodeRune(b); r == utf8.RuneError && size == 1 {
			if !utf8.FullRune(b) {
				return NeedMore
			}
			return s.fail(ErrEncoding)
		}
		return s.fail(ErrNotWellFormed)
	}
	if len(b) == 1 {
		return NeedMore
	}
	s.work = s.pool.get()
	switch {
	case s.phase == phaseContent && b[1] == '/':
		s.phase, s.work.part = phaseTail, partEnd
	case s.phase == phaseContent:
		s.phase = phaseChild
	case s.mode == ModeMessage:
		s.phase, s.root = phaseChild, message
	default:
		s.phase, s.root, s.work.part = phaseRoot, nothing, partRoot
	}
	return Child
}

// within goes on inside a tag or an element.
func (s *Scanner) within(b []byte, el *Element) (n int, ev Event) {
	w := s.work
	over := len(b) > int(s.lim.bytes)
	if over {
		b = b[:s.lim.bytes]
	}
	switch w.run(b, s.root, &s.lim) {
	case stepBad:
		return 0, s.fail(w.err)
	case stepDone:
		return int(w.pos), s.complete(b, el)
	case stepMore, stepOn:
		if over {
			return 0, s.fail(ErrTooBig)
		}
	}
	return 0, NeedMore
}

// complete: what was begun is.
func (s *Scanner) complete(b []byte, el *Element) Event {
	w, ev := s.work, Child
	switch {
	case s.phase == phaseTail:
		s.phase, ev = phaseAfter, End
	case s.phase == phaseRoot:
		el.set(w, b, nothing)
		s.root = s.pool.root(w, b, s.mode)
		s.phase, ev = phaseContent, Header
		if w.top.selfClosed {
			s.phase = phaseClosed
		}
	case s.mode == ModeMessage:
		el.set(w, b, s.root)
		s.phase = phaseClosed
	default:
		el.set(w, b, s.root)
		s.phase = phaseContent
	}
	s.release()
	return ev
}

// declaration skips an XML declaration; Header: there is none, or it is behind us.
func (s *Scanner) declaration(b []byte) (n int, ev Event) {
	const start, end = "<?xml", "?>"
	have := min(len(b), len(start))
	switch {
	case string(b[:have]) != start[:have]:
		return 0, Header
	case len(b) <= len(start):
		return 0, NeedMore
	case !isSpace(b[len(start)]):
		return 0, Header
	}
	over := len(b) > int(s.lim.bytes)
	if over {
		b = b[:s.lim.bytes]
	}
	from := min(max(int(s.seen), len(start)), len(b))
	i := bytes.Index(b[from:], []byte(end))
	if i < 0 {
		if over {
			return 0, s.fail(ErrTooBig)
		}
		s.seen = uint32(max(len(b)-1, len(start)))
		return 0, NeedMore
	}
	if err := checkDeclaration(b[len(start) : from+i]); err != ErrNone {
		return 0, s.fail(err)
	}
	return from + i + len(end), Header
}
