package xmlstream

// Pool is what the scanners of one loop share: scratch for elements that aren't complete, and the declarations of the roots
// seen last, which are the same for nearly all streams of a kind. Not safe for concurrent use.
type Pool struct {
	free  []*work
	roots [rootsKept]*root
	next  int // the one of roots to go first
}

const (
	rootsKept   = 16
	workKept    = 64   // scratch kept at most
	workTrimmed = 1024 // entries of a list in it kept at most
)

// NewPool gives an empty pool.
func NewPool() *Pool { return &Pool{} }

// get gives scratch that is ready for a '<'.
func (p *Pool) get() *work {
	n := len(p.free)
	if n == 0 {
		w := &work{attrs: make([]attr, 0, 8), stack: make([]frame, 0, 8), binds: make([]bind, 0, 8)}
		w.begin()
		return w
	}
	w := p.free[n-1]
	p.free[n-1] = nil
	p.free = p.free[:n-1]
	w.begin()
	return w
}

// put takes it back.
func (p *Pool) put(w *work) {
	if len(p.free) >= workKept || max(cap(w.attrs), cap(w.stack), cap(w.binds)) > workTrimmed {
		return
	}
	p.free = append(p.free, w)
}

// root gives what the root's start tag that w has read declares.
func (p *Pool) root(w *work, b []byte, m Mode) *root {
	for _, r := range p.roots {
		if r != nil && r.is(w, b, m) {
			return r
		}
	}
	r := newRoot(w, b, m)
	if !r.large {
		p.roots[p.next] = r
		p.next = (p.next + 1) % rootsKept
	}
	return r
}
