package demo

import (
	"bufio"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
)

// streamError is a condition that ends a stream (RFC 6120 §4.9.3).
type streamError string

func (e streamError) Error() string { return "stream error: " + string(e) }

const (
	errBadXML     = streamError("not-well-formed")
	errRestricted = streamError("restricted-xml")
	errTooBig     = streamError("policy-violation") // RFC 6120 §13.12 leaves the choice of limits and names this condition
)

// errStreamEnd is the peer's </stream:stream>.
var errStreamEnd = errors.New("stream closed by the peer")

// xmlReader reads a stream element by element. Each top-level element gets a decoder of its own, so that
// an idle connection keeps none of their buffers, and never reads beyond it.
type xmlReader struct {
	in    *bufio.Reader
	limit int   // bytes of a top-level element
	left  int   // how many of them are left
	err   error // why reading ended, when it was not the XML

	root     xml.Name  // of the stream, as written
	bound    []binding // namespace declarations in scope, the innermost last
	elements int       // seen in this top-level element
}

type binding struct{ prefix, uri string }

// ReadByte makes it an io.ByteReader: the decoder then takes byte by byte and adds no buffer.
func (r *xmlReader) ReadByte() (byte, error) {
	b, err := r.in.ReadByte()
	if r.left--; r.left < 0 && err == nil {
		err = errTooBig
	}
	if err != nil {
		r.err = err
	}
	return b, err
}

// Read is never called.
func (r *xmlReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// token is the next token, with any fault of the XML as a streamError.
func (r *xmlReader) token(d *xml.Decoder) (xml.Token, error) {
	t, err := d.RawToken()
	switch {
	case r.err != nil:
		return nil, r.err
	case err != nil:
		return nil, errBadXML
	}
	switch t.(type) {
	case xml.Comment, xml.Directive:
		return nil, errRestricted // RFC 6120 §11.1
	}
	return t, nil
}

// begin skips white space (keep-alives, RFC 6120 §4.6.1) and makes the decoder of the next top-level element.
func (r *xmlReader) begin() (*xml.Decoder, error) {
	for {
		b, err := r.in.ReadByte()
		switch {
		case err != nil:
			return nil, err
		case b == ' ' || b == '\t' || b == '\r' || b == '\n':
			continue
		case b != '<':
			return nil, errBadXML
		}
		r.left, r.elements = r.limit, 0
		return xml.NewDecoder(r), r.in.UnreadByte()
	}
}

// header reads the start tag of a new stream, an XML declaration before it included.
func (r *xmlReader) header() (*element, error) {
	r.bound = nil
	d, err := r.begin()
	if err != nil {
		return nil, err
	}
	t, err := r.token(d)
	if p, ok := t.(xml.ProcInst); ok && p.Target == "xml" {
		if d, err = r.begin(); err == nil {
			t, err = r.token(d)
		}
	}
	if err != nil {
		return nil, err
	}
	start, ok := t.(xml.StartElement)
	if !ok {
		return nil, errRestricted
	}
	r.root = start.Name
	return r.start(&start)
}

// next reads one top-level element. The end of the stream is errStreamEnd.
func (r *xmlReader) next() (*element, error) {
	d, err := r.begin()
	if err != nil {
		return nil, err
	}
	t, err := r.token(d)
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case xml.StartElement:
		outer := len(r.bound)
		defer func() { r.bound = r.bound[:outer] }()
		return r.tree(d, &t)
	case xml.EndElement:
		if t.Name == r.root {
			return nil, errStreamEnd
		}
		return nil, errBadXML
	default:
		return nil, errRestricted
	}
}

// tree reads the rest of an element whose start tag is t.
func (r *xmlReader) tree(d *xml.Decoder, t *xml.StartElement) (*element, error) {
	type open struct {
		el    *element
		name  xml.Name // as written
		outer int      // declarations in scope around it
	}
	var stack []open
	for {
		if t != nil {
			outer := len(r.bound)
			el, err := r.start(t)
			if err != nil {
				return nil, err
			}
			if n := len(stack); n > 0 {
				stack[n-1].el.nodes = append(stack[n-1].el.nodes, node{el: el})
			}
			if stack = append(stack, open{el, t.Name, outer}); len(stack) > depthMax {
				return nil, errTooBig
			}
			t = nil
		}
		tok, err := r.token(d)
		if err != nil {
			return nil, err
		}
		top := &stack[len(stack)-1]
		switch tok := tok.(type) {
		case xml.StartElement:
			t = &tok
		case xml.CharData:
			top.el.nodes = append(top.el.nodes, node{text: string(tok)})
		case xml.EndElement:
			if tok.Name != top.name {
				return nil, errBadXML
			}
			el := top.el
			r.bound = r.bound[:top.outer]
			if stack = stack[:len(stack)-1]; len(stack) == 0 {
				return el, nil
			}
		default:
			return nil, errRestricted // a processing instruction
		}
	}
}

// start resolves the names of a start tag, and checks what the decoder does not: that prefixes are bound and attributes unique.
func (r *xmlReader) start(t *xml.StartElement) (*element, error) {
	if r.elements++; r.elements > elementsMax || len(t.Attr) > attrsMax {
		return nil, errTooBig
	}
	for _, a := range t.Attr {
		switch {
		case a.Name.Space == "" && a.Name.Local == "xmlns":
			r.bound = append(r.bound, binding{"", a.Value})
		case a.Name.Space == "xmlns":
			if a.Value == "" || a.Name.Local == "xmlns" || (a.Name.Local == "xml") != (a.Value == nsXML) {
				return nil, errBadXML // Namespaces in XML 1.0 §3
			}
			r.bound = append(r.bound, binding{a.Name.Local, a.Value})
		}
	}
	if len(r.bound) > declsMax {
		return nil, errTooBig
	}
	el := &element{local: t.Name.Local}
	var ok bool
	if el.space, ok = r.resolve(t.Name.Space); !ok || strings.Contains(el.local, ":") {
		return nil, errBadXML
	}
	for i, a := range t.Attr {
		if slices.ContainsFunc(t.Attr[:i], func(b xml.Attr) bool { return a.Name == b.Name }) {
			return nil, errBadXML
		}
		if a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns" {
			continue
		}
		v := attr{local: a.Name.Local, value: a.Value}
		if a.Name.Space != "" {
			v.space, ok = r.resolve(a.Name.Space)
		}
		same := func(b attr) bool { return v.space == b.space && v.local == b.local }
		if !ok || strings.Contains(v.local, ":") || slices.ContainsFunc(el.attrs, same) {
			return nil, errBadXML
		}
		el.attrs = append(el.attrs, v)
	}
	return el, nil
}

// content is the stream's content namespace (RFC 6120 §4.8.2).
func (r *xmlReader) content() string {
	uri, _ := r.resolve("")
	return uri
}

// resolve is the namespace of a prefix.
func (r *xmlReader) resolve(prefix string) (uri string, ok bool) {
	for _, b := range slices.Backward(r.bound) {
		if b.prefix == prefix {
			return b.uri, true
		}
	}
	if prefix == "xml" {
		return nsXML, true
	}
	return "", prefix == ""
}
