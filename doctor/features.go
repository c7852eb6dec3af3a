package doctor

import (
	"slices"
	"strings"

	"go-xmpp-bosh/xmlstream"
)

// featureNames are the features that people know, by their namespaces.
var featureNames = map[string]string{
	xmlstream.NSTLS:                          "starttls",
	xmlstream.NSSASL:                         "SASL",
	xmlstream.NSSASL2:                        "SASL2 (XEP-0388)",
	xmlstream.NSCompressFeature:              "compression",
	xmlstream.NSSM:                           featureSM,
	"urn:xmpp:sasl-cb:0":                     "channel bindings (XEP-0440)",
	"urn:ietf:params:xml:ns:xmpp-bind":       "resource binding",
	"urn:ietf:params:xml:ns:xmpp-session":    "session",
	"urn:xmpp:bind:0":                        "Bind 2 (XEP-0386)",
	"urn:xmpp:csi:0":                         "client state (XEP-0352)",
	"urn:xmpp:features:rosterver":            "roster versions",
	"urn:xmpp:features:pre-approval":         "subscription pre-approval",
	"urn:xmpp:stream-limits:0":               "stream limits (XEP-0478)",
	"urn:xmpp:isr:0":                         "instant resumption (XEP-0397)",
	"http://jabber.org/features/iq-register": "registration (XEP-0077)",
	"http://jabber.org/features/iq-auth":     "old log-in (XEP-0078)",
	"http://jabber.org/protocol/caps":        "capabilities (XEP-0115)",
	"urn:xmpp:ibr-token:0":                   "invitations (XEP-0445)",
	"http://jabber.org/features/amp":         "message processing (XEP-0079)",
}

const featureSM = "stream management (XEP-0198)"

// featuresOf reads a stream's features.
func featuresOf(el *xmlstream.Element) *Features {
	f := &Features{Names: []string{}, Mechanisms: []string{}}
	el.Children(nil, func(c *xmlstream.Element) bool {
		space := string(c.Space())
		switch {
		case c.Is(xmlstream.NSSASL, "mechanisms"):
			f.Mechanisms = texts(c, "mechanism")
		case c.Is(xmlstream.NSSASL2, "authentication"):
			f.Mechanisms2 = texts(c, "mechanism")
		case c.Is("urn:xmpp:sasl-cb:0", "sasl-channel-binding"):
			f.Bindings = attrs(c, "channel-binding", "type")
		}
		name := featureNames[space]
		if name == "" {
			name = clean(string(c.Local()) + " {" + space + "}")
		}
		if !slices.Contains(f.Names, name) {
			f.Names = append(f.Names, name)
		}
		return len(f.Names) < listMax
	})
	return f
}

// texts are the contents of the children of that name.
func texts(el *xmlstream.Element, local string) []string {
	list := []string{}
	el.Children(nil, func(c *xmlstream.Element) bool {
		if string(c.Local()) == local {
			list = append(list, clean(strings.TrimSpace(string(c.AppendText(nil)))))
		}
		return len(list) < listMax
	})
	return list
}

// attrs are the values of an attribute of the children of that name.
func attrs(el *xmlstream.Element, local, attr string) (list []string) {
	el.Children(nil, func(c *xmlstream.Element) bool {
		if raw, ok := c.Attr("", attr); ok && string(c.Local()) == local {
			list = append(list, clean(string(xmlstream.AppendUnescaped(nil, raw))))
		}
		return len(list) < listMax
	})
	return list
}

// without are the names of f that the other has not.
func (f *Features) without(other *Features) (list []string) {
	for _, n := range f.Names {
		if !slices.Contains(other.Names, n) {
			list = append(list, n)
		}
	}
	return list
}

// isPlus reports whether a mechanism binds itself to the TLS connection (RFC 5802 §6).
func isPlus(mechanism string) bool { return strings.HasSuffix(mechanism, "-PLUS") }

// streamError is what a stream error says: its condition, and its text.
func streamError(el *xmlstream.Element) string {
	if el == nil {
		return ""
	}
	condition, text := "", ""
	el.Children(nil, func(c *xmlstream.Element) bool {
		switch {
		case string(c.Space()) != xmlstream.NSStreamErrors:
		case string(c.Local()) == "text":
			text = string(c.AppendText(nil))
		default:
			condition = string(c.Local())
		}
		return true
	})
	return clean(join(condition, ": ", text))
}
