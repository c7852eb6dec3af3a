package xmlstream

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Two second opinions. canonical has encoding/xml take a document apart, and resolves its names in the plainest way.
// reference is the grammar of XML 1.0 and of Namespaces in XML 1.0, less what XMPP forbids, written as regular expressions.

// scope is a list of declarations, the latest first; prefix "" is the default.
type scope struct {
	prefix, uri string
	outer       *scope
}

func (s *scope) find(prefix string) (string, bool) {
	for ; s != nil; s = s.outer {
		if s.prefix == prefix {
			return s.uri, true
		}
	}
	return "", prefix == ""
}

// canonical writes a document down so that two are equal when they hold the same elements with the same expanded names,
// attributes and text. top is the depth at which decisions.md 9 holds, -1 for none; def the default namespace around
// everything.
func canonical(doc string, top int, def string) (string, error) {
	d := xml.NewDecoder(strings.NewReader(strings.TrimPrefix(doc, "\ufeff")))
	var out strings.Builder
	scopes := []*scope{{"", def, nil}}
	for {
		token, err := d.RawToken()
		if err == io.EOF {
			return out.String(), nil
		}
		if err != nil {
			return "", err
		}
		switch token := token.(type) {
		case xml.StartElement:
			in := scopes[len(scopes)-1]
			depth := len(scopes) - 1
			if uri, _ := in.find(""); depth == top && (uri == "" || uri == NSBind) {
				in = &scope{"", NSClient, in}
			}
			for _, a := range token.Attr {
				switch {
				case a.Name.Space == "xmlns":
					in = &scope{a.Name.Local, spaces(a.Value), in}
				case a.Name.Space == "" && a.Name.Local == "xmlns":
					uri := spaces(a.Value)
					if uri == "" && depth == top && token.Name.Space == "" {
						uri = NSClient
					}
					in = &scope{"", uri, in}
				}
			}
			if err := startCanonical(&out, in, token); err != nil {
				return "", err
			}
			scopes = append(scopes, in)
		case xml.EndElement:
			out.WriteString(")")
			scopes = scopes[:len(scopes)-1]
		case xml.CharData:
			fmt.Fprintf(&out, "%s", strings.ReplaceAll(fmt.Sprintf("%q", string(token)), `"`, ""))
		case xml.ProcInst:
		case xml.Comment, xml.Directive:
			return "", fmt.Errorf("%T", token)
		}
	}
}

func startCanonical(out *strings.Builder, in *scope, token xml.StartElement) error {
	space, ok := in.find(token.Name.Space)
	if token.Name.Space == "xml" {
		space, ok = NSXML, true
	}
	if !ok {
		return fmt.Errorf("prefix %q is unbound", token.Name.Space)
	}
	fmt.Fprintf(out, "(%q %q", space, token.Name.Local)
	for _, a := range token.Attr {
		if a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns" {
			continue
		}
		space := ""
		if a.Name.Space == "xml" {
			space = NSXML
		} else if a.Name.Space != "" {
			if space, ok = in.find(a.Name.Space); !ok {
				return fmt.Errorf("prefix %q is unbound", a.Name.Space)
			}
		}
		fmt.Fprintf(out, " %q %q=%q", space, a.Name.Local, spaces(a.Value))
	}
	out.WriteString(":")
	return nil
}

// spaces does what encoding/xml doesn't: XML 1.0 §3.3.3. It can't tell a tab from &#9; any more.
func spaces(v string) string { return strings.NewReplacer("\t", " ", "\n", " ", "\r", " ").Replace(v) }

// canonicalOf writes down what this package makes of an element.
func canonicalOf(el *Element) string {
	var out strings.Builder
	fmt.Fprintf(&out, "(%q %q", spaces(string(el.Space())), el.Local())
	el.Attrs(func(space, local, raw []byte) bool {
		fmt.Fprintf(&out, " %q %q=%q", spaces(string(space)), local, spaces(string(AppendUnescaped(nil, raw))))
		return true
	})
	out.WriteString(":")
	// Text before, between and behind the children, piece by piece as encoding/xml would have it: through the text of copies
	// without children.
	rest := el.Content()
	el.Children(nil, func(c *Element) bool {
		at := cap(rest) - cap(c.Raw)
		out.WriteString(textPiece(rest[:at]))
		out.WriteString(canonicalOf(c))
		rest = rest[at+len(c.Raw):]
		return true
	})
	out.WriteString(textPiece(rest))
	out.WriteString(")")
	return out.String()
}

func textPiece(raw []byte) string {
	wrapped := "<t>" + string(raw) + "</t>"
	el, ok := (&Element{root: nothing}).Edited(nil, []byte(wrapped))
	if !ok {
		return "no text: " + wrapped
	}
	return strings.ReplaceAll(fmt.Sprintf("%q", el.AppendText(nil)), `"`, "")
}

const (
	startRunes = `A-Z_a-z\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{2FF}\x{370}-\x{37D}\x{37F}-\x{1FFF}\x{200C}-\x{200D}\x{2070}-\x{218F}\x{2C00}-\x{2FEF}` +
		`\x{3001}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FFFD}\x{10000}-\x{EFFFF}`
	nameRunes = startRunes + `\-.0-9\x{B7}\x{300}-\x{36F}\x{203F}-\x{2040}`
	ncName    = `[` + startRunes + `][` + nameRunes + `]*`
	qName     = `(?:` + ncName + `:)?` + ncName
	charRef   = `&(?:lt|gt|amp|apos|quot|#[0-9]+|#x[0-9a-fA-F]+);`
	space     = `[ \t\r\n]`
	quoted    = `(?:"(?:[^<&"]|` + charRef + `)*"|'(?:[^<&']|` + charRef + `)*')`
)

var (
	charsRE       = regexp.MustCompile(`^[\t\n\r -\x{D7FF}\x{E000}-\x{FFFD}\x{10000}-\x{10FFFF}]*$`)
	charRefRE     = regexp.MustCompile(`&#(x?)([0-9a-fA-F]+);`)
	declarationRE = regexp.MustCompile(`^<\?xml` + space + `+version` + space + `*=` + space + `*(?:'1\.0'|"1\.0")` +
		`(?:` + space + `+encoding` + space + `*=` + space + `*(?:'(?i:utf-8)'|"(?i:utf-8)"))?` +
		`(?:` + space + `+standalone` + space + `*=` + space + `*(?:'(?:yes|no)'|"(?:yes|no)"))?` + space + `*\?>`)
	startTagRE  = regexp.MustCompile(`^<(` + qName + `)((?:` + space + `+` + qName + space + `*=` + space + `*` + quoted + `)*)` + space + `*(/?)>`)
	attributeRE = regexp.MustCompile(`(` + qName + `)` + space + `*=` + space + `*(` + quoted + `)`)
	endTagRE    = regexp.MustCompile(`^</(` + qName + `)` + space + `*>`)
	textRE      = regexp.MustCompile(`^(?:[^<&]|` + charRef + `)+`)
	spaceRE     = regexp.MustCompile(`^` + space + `*`)
)

var errReference = errors.New("not in the grammar")

// reference says whether doc is one whole document of mode m, limits aside.
func reference(doc string, m Mode) error {
	if !utf8.ValidString(doc) || !charsRE.MatchString(doc) {
		return errReference
	}
	doc = strings.TrimPrefix(doc, "\ufeff")
	doc = doc[len(declarationRE.FindString(doc)):]
	doc = doc[len(spaceRE.FindString(doc)):]
	textFrom := 2 // the number of open elements from which on text may stand
	if m == ModeMessage {
		textFrom = 1
	}
	var open []string
	scopes := []*scope{{"xml", NSXML, &scope{"xmlns", NSXMLNS, nil}}}
	for first := true; first || len(open) > 0; {
		if tag := startTagRE.FindStringSubmatch(doc); tag != nil {
			in, err := referenceTag(tag[1], tag[2], scopes[len(scopes)-1])
			if err != nil {
				return err
			}
			if tag[3] == "" {
				open = append(open, tag[1])
				scopes = append(scopes, in)
			}
			first = false
			doc = doc[len(tag[0]):]
		} else if tag := endTagRE.FindStringSubmatch(doc); tag != nil {
			if len(open) == 0 || open[len(open)-1] != tag[1] {
				return errReference
			}
			open = open[:len(open)-1]
			scopes = scopes[:len(scopes)-1]
			doc = doc[len(tag[0]):]
		} else if len(open) < textFrom {
			n := len(spaceRE.FindString(doc))
			if n == 0 || len(open) == 0 {
				return errReference
			}
			doc = doc[n:]
		} else if after, ok := strings.CutPrefix(doc, "<![CDATA["); ok {
			if _, doc, ok = strings.Cut(after, "]]>"); !ok {
				return errReference
			}
		} else {
			text := textRE.FindString(doc)
			if text == "" || strings.Contains(text, "]]>") || !referencesOK(text) {
				return errReference
			}
			doc = doc[len(text):]
		}
	}
	if len(spaceRE.FindString(doc)) != len(doc) && m != ModeStream {
		return errReference
	}
	return nil
}

func referenceTag(name, attributes string, in *scope) (*scope, error) {
	type attribute struct{ prefix, local, uri string }
	var attrs []attribute
	var names []string
	if !referencesOK(attributes) {
		return nil, errReference
	}
	for _, a := range attributeRE.FindAllStringSubmatch(attributes, -1) {
		if slices.Contains(names, a[1]) {
			return nil, errReference
		}
		names = append(names, a[1])
		uri := string(AppendUnescaped(nil, []byte(a[2][1:len(a[2])-1])))
		prefix, local, ok := strings.Cut(a[1], ":")
		if !ok {
			prefix, local = "", a[1]
		}
		switch {
		case prefix == "" && local == "xmlns":
			if uri == NSXML || uri == NSXMLNS {
				return nil, errReference
			}
			in = &scope{"", uri, in}
		case prefix == "xmlns":
			if uri == "" || local == "xmlns" || uri == NSXMLNS || (local == "xml") != (uri == NSXML) {
				return nil, errReference
			}
			in = &scope{local, uri, in}
		default:
			attrs = append(attrs, attribute{prefix, local, ""})
		}
	}
	prefix, _, ok := strings.Cut(name, ":")
	if _, bound := in.find(prefix); ok && (!bound || prefix == "xmlns") {
		return nil, errReference
	}
	for i := range attrs {
		a := &attrs[i]
		if a.prefix == "" {
			continue
		}
		uri, ok := in.find(a.prefix)
		if !ok {
			return nil, errReference
		}
		a.uri = uri
		for _, b := range attrs[:i] {
			if b.uri == a.uri && b.local == a.local {
				return nil, errReference
			}
		}
	}
	return in, nil
}

// referencesOK checks the numbers in character references.
func referencesOK(s string) bool {
	for _, ref := range charRefRE.FindAllStringSubmatch(s, -1) {
		base := 10
		if ref[1] == "x" {
			base = 16
		}
		r, err := strconv.ParseUint(ref[2], base, 32)
		if err != nil {
			return false
		}
		if !(r == 9 || r == 10 || r == 13 || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF) {
			return false
		}
	}
	return true
}
