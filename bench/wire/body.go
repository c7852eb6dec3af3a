package wire

import (
	"bytes"
	"strconv"
)

const bodyHead = "<body xmlns='http://jabber.org/protocol/httpbind' rid='"

// AppendCreation appends the request that creates a BOSH session (XEP-0124 §7.1). extra is further attributes, with a space before each.
func AppendCreation(dst []byte, rid uint64, domain, extra string) []byte {
	dst = append(dst, bodyHead...)
	dst = strconv.AppendUint(dst, rid, 10)
	dst = append(dst, "' to='"...)
	dst = append(dst, domain...)
	dst = append(dst, "' wait='60' hold='1' ver='1.6' content='text/xml; charset=utf-8' xml:lang='en' xmpp:version='1.0' xmlns:xmpp='urn:xmpp:xbosh'"...)
	dst = append(dst, extra...)
	return append(dst, "/>"...)
}

// AppendBody appends a request of a session; an empty payload makes it a poll.
func AppendBody(dst []byte, rid uint64, sid string, payload []byte) []byte {
	return appendPayload(appendBodyHead(dst, rid, sid), payload)
}

// AppendBodyBytes is AppendBody for who has the sid as bytes.
func AppendBodyBytes(dst []byte, rid uint64, sid, payload []byte) []byte {
	return appendPayload(appendBodyHead(dst, rid, sid), payload)
}

func appendPayload(dst, payload []byte) []byte {
	if len(payload) == 0 {
		return append(dst, "'/>"...)
	}
	dst = append(dst, "'>"...)
	dst = append(dst, payload...)
	return append(dst, "</body>"...)
}

// AppendRestart appends the request for a new stream (XEP-0206 §5).
func AppendRestart(dst []byte, rid uint64, sid, domain string) []byte {
	dst = appendBodyHead(dst, rid, sid)
	dst = append(dst, "' to='"...)
	dst = append(dst, domain...)
	return append(dst, "' xmpp:restart='true' xmlns:xmpp='urn:xmpp:xbosh'/>"...)
}

// AppendTerminate appends the request that ends a session (XEP-0124 §13).
func AppendTerminate(dst []byte, rid uint64, sid string) []byte {
	return append(appendBodyHead(dst, rid, sid), "' type='terminate'/>"...)
}

func appendBodyHead[S string | []byte](dst []byte, rid uint64, sid S) []byte {
	dst = append(dst, bodyHead...)
	dst = strconv.AppendUint(dst, rid, 10)
	dst = append(dst, "' sid='"...)
	return append(dst, sid...)
}

// BodySID is the sid of a creation's answer. It aliases b.
func BodySID(b []byte) ([]byte, bool) {
	return attribute(startTag(b), "sid")
}

// BodyTerminates says whether an answer ends its session, and with which condition.
func BodyTerminates(b []byte) (condition []byte, over bool) {
	tag := startTag(b)
	kind, _ := attribute(tag, "type")
	condition, _ = attribute(tag, "condition")
	return condition, string(kind) == "terminate"
}

func startTag(b []byte) []byte {
	if i := bytes.IndexByte(b, '>'); i >= 0 {
		return b[:i]
	}
	return b
}

// attribute finds a value in a start tag, in either kind of quotes.
func attribute(tag []byte, name string) ([]byte, bool) {
	for rest := tag; ; {
		i := bytes.Index(rest, []byte(name))
		if i < 0 {
			return nil, false
		}
		after := rest[i+len(name):]
		if i > 0 && (rest[i-1] == ' ' || rest[i-1] == '\n') && len(after) > 1 && after[0] == '=' && (after[1] == '\'' || after[1] == '"') {
			value, _, ok := bytes.Cut(after[2:], after[1:2])
			return value, ok
		}
		rest = after
	}
}
