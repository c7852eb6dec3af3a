package bosh

import "go-xmpp-bosh/xmlstream"

// What every body consists of. The bodies without content are rendered once.
const (
	bodyStart   = "<body"
	bodyNS      = " xmlns='" + xmlstream.NSBind + "'"
	streamNS    = " xmlns:stream='" + xmlstream.NSStreams + "'"
	xboshNS     = " xmlns:xmpp='" + xmlstream.NSXBosh + "'"
	bodyClose   = "</body>"
	bodyEmptied = "/>"
	terminates  = " type='terminate'"
)

var (
	emptyBody       = []byte(bodyStart + bodyNS + bodyEmptied)
	recoverableBody = []byte(bodyStart + " type='error'" + bodyNS + bodyEmptied) // XEP-0124 §17.3
	terminateBodies = renderTerminateBodies()
)

func renderTerminateBodies() (bodies [conditions][]byte) {
	for c := range conditions {
		bodies[c] = AppendTerminateBody(nil, Condition(c), nil)
	}
	return bodies
}

// TerminateBody is the body that ends with a condition what belongs to no session. It must not be changed.
func TerminateBody(c Condition) []byte {
	if int(c) >= conditions {
		c = CondUndefinedCondition
	}
	return terminateBodies[c]
}

// AppendTerminateBody appends such a body; uri is where to go instead, for CondSeeOtherURI, else nil.
func AppendTerminateBody(dst []byte, c Condition, uri []byte) []byte {
	dst = append(dst, bodyStart+terminates...)
	dst = appendCondition(dst, c)
	dst = append(dst, bodyNS...)
	if uri == nil {
		return append(dst, bodyEmptied...)
	}
	dst = append(dst, '>')
	dst = appendURI(dst, uri)
	return append(dst, bodyClose...)
}

// appendURI appends the content of a see-other-uri (XEP-0124 §17.2).
func appendURI(dst, uri []byte) []byte {
	dst = append(dst, "<uri>"...)
	dst = xmlstream.AppendEscaped(dst, uri)
	return append(dst, "</uri>"...)
}

func appendCondition(dst []byte, c Condition) []byte {
	if c == CondNone {
		return dst
	}
	dst = append(dst, " condition='"...)
	dst = append(dst, c.String()...)
	return append(dst, '\'')
}

// appendAttr appends an attribute with any text as its value.
func appendAttr(dst []byte, name string, value []byte) []byte {
	dst = append(dst, ' ')
	dst = append(dst, name...)
	dst = append(dst, "='"...)
	dst = xmlstream.AppendEscaped(dst, value)
	return append(dst, '\'')
}
