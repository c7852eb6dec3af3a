// Package xmlstream is the one XML scanner: it checks every byte that crosses, in both directions, and cuts the stanzas.
//
// A [Scanner] is given bytes as they arrive and says what they complete: the root's start tag, one top-level element, the
// root's end tag. What it lets through is well-formed (XML 1.0, fifth edition), namespace-well-formed (Namespaces in XML
// 1.0), UTF-8, and free of what XMPP forbids (RFC 6120 §11.1: comments, processing instructions, DTDs, entities other than
// the five). It builds no tree and writes nothing anew: the original bytes of an [Element] go on, with the namespace
// declarations it relies on inserted into its start tag ([Element.AppendTo]).
//
// What it doesn't do: no other encodings, no line end or attribute value normalisation in what passes, no DTD, hence no
// attribute types, no schema, no QNames in content (a prefix that only occurs in text or inside an attribute's value is not
// seen as used).
//
// # Who owns which bytes
//
// The caller owns the input. [Scanner.Next] borrows it; an [Element] aliases it, and an immutable record of the declarations
// around it. So an element is good for as long as the bytes are unchanged, whatever becomes of the scanner. Between elements
// a scanner owns nothing; inside one it holds scratch of its loop's [Pool].
//
// # Ordering
//
// The caller offers the bytes that were not consumed again, from the same start, with more behind them. The scanner
// remembers how far it has looked, in the middle of a name, a value or a character too, so the work is linear in the input
// however it is cut. An error is found at the first byte that makes it certain (what concerns a whole tag, such as
// namespaces, at the tag's end), and which error it is doesn't depend on the cuts either.
//
// # Errors
//
// [Bad] is final; [Scanner.Err] says why. Nothing panics on input. An element above [Limits].Bytes is refused before more
// than that has been looked at.
//
// The root counts as no level of depth. Limits.Depth counts a top-level element itself as 1.
package xmlstream
