package xmlstream

// Children calls fn for each child element, in order, until fn returns false. A child's Raw is a part of e.Raw; the Element given to fn is reused for the next one. Rare path: it allocates.
func (e *Element) Children(fn func(child *Element) bool) {}

// AppendText appends the character data that is directly in the element: references and CDATA sections decoded, line ends normalised (XML 1.0 §2.11), children left out.
func (e *Element) AppendText(dst []byte) []byte { return dst }
