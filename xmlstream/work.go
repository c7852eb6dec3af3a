package xmlstream

// lex is where in a top-level element the next byte stands.
type lex uint8

const (
	lexOpen      lex = iota // at a '<'
	lexTagName              // in a start tag's name
	lexTagGap               // behind its name or a value, no white space yet
	lexTagSpace             // behind white space in it
	lexAttrName             // in an attribute's name
	lexEquals               // behind that
	lexQuote                // behind the '='
	lexValue                // inside the quotes
	lexSlash                // behind a start tag's '/'
	lexEndName              // in an end tag's name
	lexEndSpace             // behind that
	lexText                 // in character data
	lexMarkup               // at "<!"
	lexCDATA                // in a CDATA section
	lexReference            // at a '&'
	lexDecimal              // in the digits of a character reference
	lexHex                  // in its hexadecimal digits
)

// step is the outcome of one state's work.
type step uint8

const (
	stepOn   step = iota // w.lex is the next state
	stepMore             // the bytes are used up
	stepDone             // the element, the root's start tag or its end tag is complete
	stepBad              // w.err
)

// part is what a work has begun at a '<' outside all elements.
type part uint8

const (
	partChild part = iota
	partRoot       // a start tag alone
	partEnd        // the root's end tag
)

// work is the scratch of one element that isn't complete yet. All offsets count from the element's '<'.
//
// The lexer's part (pos to plain) says where it is, to the byte. The rest is the element's stack: open elements, and the
// declarations in force, the latest last.
type work struct {
	pos   uint32 // how far the bytes have been looked at
	mark  uint32 // where the name or value at hand begins
	colon uint32 // its colon, 0 = none
	ref   uint32 // the character reference so far, above MaxRune = too large
	lex   lex
	back  lex   // the state that the reference interrupts
	part  part  // what this is
	err   Error // after stepBad
	quote byte
	fresh bool // the next byte begins a part of a name
	digit bool // the reference has a digit
	plain bool // the value stands for itself: no reference in it, no white space but spaces

	tag   span // the name of the start tag at hand
	attrs []attr
	decls int // how many of attrs are declarations

	stack []frame
	binds []bind
	def   binding   // the default namespace in force: an index into binds, or outerDefault
	heads []uint32  // the latest bind of each bucket of prefixes, plus 1
	named int       // how many binds have a prefix
	uses  [2]uint64 // declarations of the root that the element relies on, beyond its own name
	bare  bool      // so it does on the root's default
	top   top

	child *Element // what Children shows; made for the first time that it does
}

// span is a name in the input: from off, n bytes, the first prefix of them before the colon (0 = no colon).
type span struct{ off, n, prefix uint32 }

func (s span) name(b []byte) []byte  { return b[s.off : s.off+s.n] }
func (s span) space(b []byte) []byte { return b[s.off : s.off+s.prefix] }
func (s span) local(b []byte) []byte {
	if s.prefix == 0 {
		return s.name(b)
	}
	return b[s.off+s.prefix+1 : s.off+s.n]
}

// attr is one attribute of the start tag at hand.
type attr struct {
	name     span
	off, n   uint32 // the value, without its quotes
	key      uint32 // equal for equal expanded names
	space    binding
	plain    bool
	declares bool
}

// frame is one open element.
type frame struct {
	off, n uint32  // its name
	binds  uint32  // len(work.binds) around it
	def    binding // work.def around it
}

// bind is one declaration in force inside the top-level element.
type bind struct {
	prefix, prefixLen uint32 // prefixLen 0: the default
	uri, uriLen       uint32
	key               uint32 // equal for equal namespaces; 0 for the default
	prev              uint32 // the bind before it in its bucket, plus 1
	bucket            uint8
	plain             bool
}

// top is what an Element has to know of its own start tag.
type top struct {
	name       span
	tagLen     uint32
	space      binding
	uri        span // where its own start tag says so
	selfClosed bool
	declares   bool
	emptied    bool // no prefix, and xmlns=''
	plain      bool // uri stands for itself
}

const buckets = 256

// begin makes w ready for a '<' at its first byte.
func (w *work) begin() {
	w.pos = 0
	w.lex = lexOpen
	w.part = partChild
	w.err = ErrNone
	w.stack = w.stack[:0]
	w.dropBinds(0) // a work that was given up half-way has some
	w.def = outerDefault
	w.uses = [2]uint64{}
	w.bare = false
}
