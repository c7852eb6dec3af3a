package xmlstream

// root is what the elements below a root inherit: its declarations. Immutable once made, so that elements of any age and
// several streams can share it.
type root struct {
	name  []byte         // of the root, as written
	def   []byte         // the default namespace, empty = none
	decls []decl         // its prefixes
	index map[string]int // where each of them is, if there are more than a few
	large bool           // not to be kept for others
	mode  Mode
	// client: a top-level element without a prefix is in jabber:client although it says xmlns='' (decisions.md 9).
	client bool
}

// decl is a declared prefix; uri is decoded.
type decl struct {
	prefix, uri []byte
	key         uint32
}

var (
	xmlSpace    = []byte(NSXML)
	xmlnsSpace  = []byte(NSXMLNS)
	clientSpace = []byte(NSClient)

	// What is around a root, and around a message.
	nothing = &root{}
	message = &root{def: clientSpace, mode: ModeMessage, client: true}
)

// fewDecls is how many prefixes are looked through one by one.
const fewDecls = 8

// find gives the index of a prefix.
func (r *root) find(prefix []byte) (int, bool) {
	if r.index != nil {
		i, ok := r.index[string(prefix)]
		return i, ok
	}
	for i := range r.decls {
		if string(r.decls[i].prefix) == string(prefix) {
			return i, true
		}
	}
	return 0, false
}

// setIndex makes the index, if one is worth it.
func (r *root) setIndex() {
	if len(r.decls) <= fewDecls {
		return
	}
	r.index = make(map[string]int, len(r.decls))
	for i := range r.decls {
		r.index[string(r.decls[i].prefix)] = i
	}
}

// largeRoot is the most that a root may weigh to be kept for others.
const largeRoot = 1024

// inherited gives the default namespace for a root's children.
func inherited(def []byte, m Mode) []byte {
	if m == ModeBody && (len(def) == 0 || string(def) == NSBind) { // decisions.md 9
		return clientSpace
	}
	return def
}

// is reports whether the root's start tag that w has read makes this root.
func (r *root) is(w *work, b []byte, m Mode) bool {
	if r.mode != m || len(r.decls) > w.decls || string(r.name) != string(w.tag.name(b)) {
		return false
	}
	n := 0
	var def []byte
	for i := range w.attrs {
		a := &w.attrs[i]
		switch {
		case !a.declares:
			continue
		case !a.plain:
			return false
		case a.name.prefix == 0:
			def = b[a.off : a.off+a.n]
			continue
		case n == len(r.decls):
			return false
		}
		d := &r.decls[n]
		if string(d.prefix) != string(a.name.local(b)) || string(d.uri) != string(b[a.off:a.off+a.n]) {
			return false
		}
		n++
	}
	return n == len(r.decls) && string(r.def) == string(inherited(def, m))
}

// newRoot makes one of the root's start tag that w has read.
func newRoot(w *work, b []byte, m Mode) *root {
	size := int(w.tag.n)
	for i := range w.attrs {
		if a := &w.attrs[i]; a.declares {
			size += int(a.name.n + a.n)
		}
	}
	text := make([]byte, 0, size) // decoding makes nothing longer
	keep := func(v []byte) []byte {
		text = append(text, v...)
		return text[len(text)-len(v) : len(text) : len(text)]
	}
	r := &root{name: keep(w.tag.name(b)), mode: m, client: m == ModeBody, large: size > largeRoot}
	var def []byte
	if w.decls > 0 {
		r.decls = make([]decl, 0, w.decls)
	}
	for i := range w.attrs {
		a := &w.attrs[i]
		if !a.declares {
			continue
		}
		uri := keep(AppendUnescaped(nil, b[a.off:a.off+a.n]))
		if a.name.prefix == 0 {
			def = uri
			continue
		}
		r.decls = append(r.decls, decl{prefix: keep(a.name.local(b)), uri: uri, key: uriKey(uri)})
	}
	r.def = inherited(def, m)
	r.setIndex()
	return r
}
