package proxy

import (
	"bytes"
	"context"
	"fmt"
	"unicode/utf8"

	"go-xmpp-bosh/xmlstream"
)

// Where a stanza goes.
const (
	toServer = "server"
	toClient = "client"
)

// trace logs a stanza, without what is private in it. The caller has asked whether anybody reads it.
func (s *Server) trace(w owner, to string, el *xmlstream.Element) {
	s.log.Log(context.Background(), LevelTrace, "stanza", about(w,
		"to", to, "name", string(el.Name()), "bytes", len(el.Raw), "stanza", string(appendRedacted(nil, el, s.cfg.TrimLength)))...)
}

// redacted stands for what is left out.
const redacted = "[…]"

// appendRedacted appends an element with the contents of message bodies, SASL elements and passwords left out, cut to limit bytes;
// negative: not cut. Its work is in proportion to what is in front of the cut.
func appendRedacted(dst []byte, el *xmlstream.Element, limit int) []byte {
	if limit < 0 {
		limit = len(el.Raw)
	}
	start := len(dst)
	if space := string(el.Space()); space == xmlstream.NSSASL || space == xmlstream.NSSASL2 {
		// Everything behind the start tag, elements included: there are tokens in attributes, too.
		dst = append(dst, el.StartTag()...)
		if len(el.Content()) > 0 {
			dst = append(dst, redacted+"</"...)
			dst = append(append(dst, el.Name()...), '>')
		}
		return cut(dst, start, limit, len(el.Raw))
	}
	seen := 0
	for hidden := 0; seen < len(el.Raw) && len(dst)-start <= limit; {
		n := next(el.Raw[seen:])
		piece := el.Raw[seen : seen+n]
		seen += n
		isTag := piece[0] == '<' && !bytes.HasPrefix(piece, cdataOpen)
		switch {
		case hidden > 0 && isTag:
			hidden += depth(piece)
			if hidden == 0 {
				dst = append(append(dst, redacted...), piece...)
			}
		case hidden > 0:
		case isTag && depth(piece) >= 0 && isPrivate(piece):
			hidden = depth(piece)
			dst = appendTag(dst, piece)
		default:
			dst = append(dst, piece...)
		}
	}
	return cut(dst, start, limit, len(el.Raw))
}

// cut shortens what was appended from start on to a limit, at a character's end.
func cut(dst []byte, start, limit, of int) []byte {
	if len(dst)-start <= limit {
		return dst
	}
	end := start + limit
	for end > start && !utf8.RuneStart(dst[end]) {
		end--
	}
	return fmt.Appendf(dst[:end], "… (of %d bytes)", of)
}

var (
	cdataOpen  = []byte("<![CDATA[")
	cdataClose = []byte("]]>")
)

// next is the length of the first tag, section or run of text of well-formed XML, which has no comments and no instructions.
func next(b []byte) int {
	switch {
	case b[0] != '<':
		if i := bytes.IndexByte(b, '<'); i > 0 {
			return i
		}
		return len(b)
	case bytes.HasPrefix(b, cdataOpen):
		if i := bytes.Index(b, cdataClose); i >= 0 {
			return i + len(cdataClose)
		}
		return len(b)
	}
	quote := byte(0)
	for i, c := range b {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1
		}
	}
	return len(b)
}

// appendTag appends a start tag without its attributes.
func appendTag(dst, tag []byte) []byte {
	end := bytes.IndexAny(tag, " \t\r\n/>")
	dst = append(dst, tag[:end]...)
	if depth(tag) == 0 {
		return append(dst, "/>"...)
	}
	return append(dst, '>')
}

// depth is how much deeper one is behind a tag.
func depth(tag []byte) int {
	switch {
	case tag[1] == '/':
		return -1
	case bytes.HasSuffix(tag, []byte("/>")):
		return 0
	}
	return 1
}

// private are the local names of elements whose contents are nobody's business: bodies of messages, in whatever namespace, and the
// secrets of registration (XEP-0077), of the log-in before SASL (XEP-0078), and of tokens (XEP-0484).
var private = []string{"body", "password", "digest", "old_password", "key", "token"}

// isPrivate reports whether a start tag is one of those, or of a SASL element inside another one.
func isPrivate(tag []byte) bool {
	name := tag[1:bytes.IndexAny(tag, " \t\r\n/>")]
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	for _, p := range private {
		if string(name) == p {
			return true
		}
	}
	return bytes.Contains(tag, []byte(xmlstream.NSSASL)) || bytes.Contains(tag, []byte(xmlstream.NSSASL2))
}
