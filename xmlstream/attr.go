package xmlstream

// Attr finds an attribute in the start tag by its expanded name; space "" means one without a prefix. raw is what stands between the quotes; it aliases Raw.
func (e *Element) Attr(space, local string) (raw []byte, ok bool) { return nil, false }

// Attrs calls fn for each attribute in the order written, declarations of namespaces left out, until fn returns false. Everything aliases Raw or the declarations around it.
func (e *Element) Attrs(fn func(space, local, raw []byte) bool) {}
