package spec

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"
)

const (
	nsBind    = "http://jabber.org/protocol/httpbind"
	nsXBosh   = "urn:xmpp:xbosh"
	nsStreams = "http://etherx.jabber.org/streams"
	nsClient  = "jabber:client"
	nsSASL    = "urn:ietf:params:xml:ns:xmpp-sasl"
)

// answer is a <body/> from the connection manager, read by encoding/xml.
type answer struct {
	t        testing.TB
	text     string
	start    string            // the start tag as it came
	attrs    map[string]string // those of urn:xmpp:xbosh as xmpp:NAME
	children []child
}

// child is one element directly inside.
type child struct {
	name xml.Name
	text string
}

// read takes a body apart and checks what holds for every one: well-formed with namespaces (B8), one <body/> in httpbind's namespace (B7), complete elements
// without comments, processing instructions and DTDs (B9), no character data between them (B10), stanzas in their own namespace.
func read(t testing.TB, text string) *answer {
	t.Helper()
	a := &answer{t: t, text: text, attrs: map[string]string{}}
	d := xml.NewDecoder(strings.NewReader(text))
	depth, from := 0, 0
	for {
		at := int(d.InputOffset())
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("ill-formed body: %v in %q", err, text)
		}
		switch token := token.(type) {
		case xml.StartElement:
			switch depth {
			case 0:
				a.readRoot(token)
				a.start = text[:d.InputOffset()]
			case 1:
				from = at
				a.children = append(a.children, child{name: token.Name})
				if token.Name.Space == "" || token.Name.Space == nsBind && token.Name.Local != "uri" {
					t.Fatalf("<%s/> has the namespace %q in %q", token.Name.Local, token.Name.Space, text)
				}
			}
			depth++
		case xml.EndElement:
			depth--
			if depth == 1 {
				a.children[len(a.children)-1].text = text[from:d.InputOffset()]
			}
		case xml.CharData:
			if depth < 2 {
				t.Fatalf("character data %q in %q", token, text)
			}
		default:
			t.Fatalf("a %T in %q", token, text)
		}
	}
	if a.start == "" {
		t.Fatalf("no body in %q", text)
	}
	return a
}

func (a *answer) readRoot(root xml.StartElement) {
	a.t.Helper()
	if a.start != "" || root.Name.Space != nsBind || root.Name.Local != "body" {
		a.t.Fatalf("not one body in %q", a.text)
	}
	for _, at := range root.Attr {
		switch at.Name.Space {
		case "":
			a.attrs[at.Name.Local] = at.Value
		case nsXBosh:
			a.attrs["xmpp:"+at.Name.Local] = at.Value
		}
	}
	delete(a.attrs, "xmlns")
}

// attr is an attribute that must be there.
func (a *answer) attr(name string) string {
	a.t.Helper()
	v, ok := a.attrs[name]
	if !ok {
		a.t.Fatalf("no %s in %q", name, a.start)
	}
	return v
}

// want asserts attributes, given as name, value pairs.
func (a *answer) want(pairs ...string) *answer {
	a.t.Helper()
	for i := 0; i+1 < len(pairs); i += 2 {
		if v := a.attr(pairs[i]); v != pairs[i+1] {
			a.t.Fatalf("%s is %q, want %q, in %q", pairs[i], v, pairs[i+1], a.start)
		}
	}
	return a
}

// lacks asserts that attributes are absent.
func (a *answer) lacks(names ...string) *answer {
	a.t.Helper()
	for _, n := range names {
		if v, ok := a.attrs[n]; ok {
			a.t.Fatalf("%s is %q, want none, in %q", n, v, a.start)
		}
	}
	return a
}

// empty asserts that the answer has no payload, and is no end and no error.
func (a *answer) empty() *answer {
	a.t.Helper()
	if len(a.children) > 0 {
		a.t.Fatalf("payload in %q", a.text)
	}
	return a.lacks("type", "condition")
}

// ends asserts that the answer ends the session, with this condition ("" for none).
func (a *answer) ends(condition string) *answer {
	a.t.Helper()
	a.want("type", "terminate")
	if condition == "" {
		return a.lacks("condition")
	}
	return a.want("condition", condition)
}

// holds asserts that each part is in the answer, in this order.
func (a *answer) holds(parts ...string) *answer {
	a.t.Helper()
	inOrder(a.t, a.text, parts...)
	return a
}

// inOrder asserts that each part is in the text, one after the other.
func inOrder(t testing.TB, text string, parts ...string) {
	t.Helper()
	rest := text
	for _, p := range parts {
		_, after, ok := strings.Cut(rest, p)
		if !ok {
			t.Fatalf("%q is not in %q, or out of order", p, text)
		}
		rest = after
	}
}

// names lists the children's names, for comparison.
func (a *answer) names() string {
	var names []string
	for _, c := range a.children {
		names = append(names, "{"+c.name.Space+"}"+c.name.Local)
	}
	return strings.Join(names, " ")
}
