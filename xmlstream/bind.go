package xmlstream

import (
	"hash/maphash"
	"math/bits"
)

// binding says where a namespace was found: an index into work.binds, or one of these, or declared(i) for the root's i-th
// prefix.
type binding int32

const (
	outerDefault binding = -1 - iota // the root's default
	spaceNone                        // an attribute without a prefix
	spaceXML                         // the prefix xml
	spaceXMLNS                       // a declaration
	spaceUnbound
	spaceDeclared // and below
)

func declared(i int) binding            { return spaceDeclared - binding(i) }
func (s binding) declared() (int, bool) { return int(spaceDeclared - s), s <= spaceDeclared }

// startTag: a start tag is complete. What concerns it as a whole is checked now: Namespaces in XML, and XML 1.0 §3.1,
// "Unique Att Spec".
func (w *work) startTag(b []byte, in *root, selfClosed bool) step {
	binds, def := len(w.binds), w.def
	if w.decls > 0 {
		if err := w.declare(b); err != ErrNone {
			return w.bad(err)
		}
	}
	space, err := w.tagSpaceOf(b, in)
	if err != ErrNone {
		return w.bad(err)
	}
	if len(w.attrs) > 0 {
		if err := w.checkAttrs(b, in); err != ErrNone {
			return w.bad(err)
		}
	}
	if len(w.stack) == 0 {
		w.top = top{
			name: w.tag, tagLen: w.pos, space: space, selfClosed: selfClosed, declares: w.decls > 0,
		}
		if space >= 0 {
			d := &w.binds[space]
			w.top.uri, w.top.plain = span{off: d.uri, n: d.uriLen}, d.plain
			w.top.emptied = w.tag.prefix == 0 && d.uriLen == 0
		}
		if w.part == partRoot {
			return stepDone
		}
	} else {
		w.use(space)
	}
	if selfClosed {
		w.dropBinds(binds)
		w.def = def
		return w.closed()
	}
	w.stack = append(w.stack, frame{off: w.tag.off, n: w.tag.n, binds: uint32(binds), def: def})
	w.lex = lexText
	return stepOn
}

// tagSpaceOf finds the namespace of the start tag's name.
func (w *work) tagSpaceOf(b []byte, in *root) (binding, Error) {
	if w.tag.prefix == 0 {
		return w.def, ErrNone
	}
	space := w.lookup(b, w.tag.space(b), in)
	if space == spaceUnbound || space == spaceXMLNS { // Namespaces in XML §3: elements must not have the prefix xmlns
		return space, ErrNamespace
	}
	return space, ErrNone
}

// use notes that the element relies on a declaration around it.
func (w *work) use(space binding) {
	if space == outerDefault {
		w.bare = true
	} else if i, ok := space.declared(); ok {
		i = min(i, lastUse)
		w.uses[i/64] |= 1 << (i % 64)
	}
}

// lookup finds the declaration of a prefix that is in force.
func (w *work) lookup(b, prefix []byte, in *root) binding {
	switch string(prefix) {
	case "xml":
		return spaceXML
	case "xmlns":
		return spaceXMLNS
	}
	if w.named > 0 {
		for i := w.heads[bucketOf(prefix)]; i > 0; i = w.binds[i-1].prev {
			if d := &w.binds[i-1]; string(b[d.prefix:d.prefix+d.prefixLen]) == string(prefix) {
				return binding(i - 1)
			}
		}
	}
	if i, ok := in.find(prefix); ok {
		return declared(i)
	}
	return spaceUnbound
}

// seed keeps anybody from choosing prefixes that share a bucket. It changes no result.
var seed = maphash.MakeSeed()

func bucketOf(prefix []byte) uint8 { return uint8(maphash.Bytes(seed, prefix)) }

// uriKey is equal for equal namespaces, given decoded.
func uriKey(uri []byte) uint32 { return uint32(maphash.Bytes(seed, uri)) }

// declare puts the start tag's declarations in force.
func (w *work) declare(b []byte) Error {
	for i := range w.attrs {
		a := &w.attrs[i]
		if !a.declares {
			continue
		}
		d := bind{uri: a.off, uriLen: a.n, plain: a.plain}
		var prefix []byte
		if a.name.prefix > 0 {
			prefix = a.name.local(b)
			d.prefix, d.prefixLen = a.name.off+a.name.prefix+1, uint32(len(prefix))
		}
		uri := b[a.off : a.off+a.n]
		if !a.plain {
			uri = AppendUnescaped(nil, uri)
		}
		if !canBind(prefix, uri) {
			return ErrNamespace
		}
		if prefix == nil {
			w.def = binding(len(w.binds))
			w.binds = append(w.binds, d)
			continue
		}
		if w.heads == nil {
			w.heads = make([]uint32, buckets)
		}
		d.key = uriKey(uri)
		d.bucket = bucketOf(prefix)
		d.prev = w.heads[d.bucket]
		w.binds = append(w.binds, d)
		w.heads[d.bucket] = uint32(len(w.binds))
		w.named++
	}
	return ErrNone
}

// canBind holds the rules of Namespaces in XML §2.2, §3 and §5 for a declaration; prefix nil is the default's.
func canBind(prefix, uri []byte) bool {
	switch string(prefix) {
	case "xml":
		return string(uri) == NSXML
	case "xmlns":
		return false
	}
	if prefix != nil && len(uri) == 0 {
		return false // "undeclaring" came with Namespaces 1.1
	}
	return string(uri) != NSXML && string(uri) != NSXMLNS
}

// dropBinds takes declarations out of force until n are left.
func (w *work) dropBinds(n int) {
	for i := len(w.binds) - 1; i >= n; i-- {
		if d := &w.binds[i]; d.prefixLen > 0 {
			w.heads[d.bucket] = d.prev
			w.named--
		}
	}
	w.binds = w.binds[:n]
}

// checkAttrs resolves the attributes' prefixes and finds attributes that are the same.
func (w *work) checkAttrs(b []byte, in *root) Error {
	for i := range w.attrs {
		a := &w.attrs[i]
		switch {
		case a.name.prefix == 0:
			a.space = spaceNone
		case a.declares:
			a.space = spaceXMLNS
		default:
			a.space = w.lookup(b, a.name.space(b), in)
			if a.space == spaceUnbound {
				return ErrNamespace
			}
			w.use(a.space)
		}
	}
	if len(w.attrs) > fewAttrs {
		w.rekey(b, in)
	}
	for i := range w.attrs {
		a := &w.attrs[i]
		for j := range i {
			if w.attrs[j].key != a.key {
				continue
			}
			if err := w.compare(b, in, &w.attrs[j], a); err != ErrNone {
				return err
			}
		}
	}
	return ErrNone
}

// fewAttrs is how many attributes are told apart by the cheap keys of their local names.
const fewAttrs = 8

// rekey gives the attributes keys that nobody can make alike but with the same expanded name.
func (w *work) rekey(b []byte, in *root) {
	for i := range w.attrs {
		a := &w.attrs[i]
		a.key = uint32(maphash.Bytes(seed, a.name.local(b))) ^ bits.Reverse32(w.uriKey(in, a.space))
	}
}

// compare refuses two attributes of one name, as written (XML 1.0 §3.1) or expanded (Namespaces in XML §6.3).
func (w *work) compare(b []byte, in *root, x, y *attr) Error {
	switch {
	case string(x.name.local(b)) != string(y.name.local(b)):
		return ErrNone
	case string(x.name.space(b)) == string(y.name.space(b)):
		return ErrNotWellFormed
	case x.name.prefix == 0 || y.name.prefix == 0:
		return ErrNone
	case w.uriKey(in, x.space) == w.uriKey(in, y.space) && string(w.uri(b, in, x.space)) == string(w.uri(b, in, y.space)):
		return ErrNamespace
	}
	return ErrNone
}

func (w *work) uriKey(in *root, space binding) uint32 {
	if i, ok := space.declared(); ok {
		return in.decls[i].key
	}
	if space < 0 {
		return uint32(space)
	}
	return w.binds[space].key
}

// uri gives a prefix's namespace, decoded.
func (w *work) uri(b []byte, in *root, space binding) []byte {
	if i, ok := space.declared(); ok {
		return in.decls[i].uri
	}
	if space == spaceXML {
		return xmlSpace
	}
	if space == spaceXMLNS {
		return xmlnsSpace
	}
	d := &w.binds[space]
	raw := b[d.uri : d.uri+d.uriLen]
	if d.plain {
		return raw
	}
	return AppendUnescaped(nil, raw)
}
