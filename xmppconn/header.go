package xmppconn

import (
	"strings"
	"unicode/utf8"

	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmlstream"
)

// Bounds of what a header carries, in bytes: a JID (RFC 7622 §3.1), a language tag, further attributes.
const (
	jidBytesMax   = 3071
	langBytesMax  = 64
	attrsMax      = 16
	attrsBytesMax = 2048
)

// headerVersionDefault is the version that we speak.
const headerVersionDefault = "1.0"

// head is what our stream header says; a restart may bring another. One that streams have is not changed any more: those of the same kind share it.
type head struct {
	domain, from, lang, version string
	attrs                       string // rendered, each with a space before it
}

func newHead(p *Params) head {
	h := head{domain: p.Domain, version: headerVersion(p.Version)}
	if isText(p.From, jidBytesMax) {
		h.from = p.From
	}
	if isLang(p.Lang) {
		h.lang = p.Lang
	}
	return h
}

// heads are those that streams were given last. Most clients of a domain have the same.
type heads struct {
	last [headsKept]*head
	next int // the one to go first
}

const headsKept = 16

// keepHead gives what h says, to be kept.
func (hs *heads) keepHead(h head) *head {
	for _, k := range hs.last {
		if k != nil && *k == h {
			return k
		}
	}
	k := new(head)
	*k = h
	hs.last[hs.next] = k
	hs.next = (hs.next + 1) % headsKept
	return k
}

// headerVersion gives the version to send. The client's is passed on (XEP-0206 §3).
//
// Deviates from XEP-0206 §3: a version below 1.0, or none, becomes 1.0, because a server that is told less offers neither
// features nor STARTTLS, and the stream is ours to secure.
func headerVersion(v string) string {
	if len(v) > 16 || !isVersion1(v) {
		return headerVersionDefault
	}
	return v
}

// isVersion1 reports whether a version is MAJOR.MINOR with MAJOR at least 1 (RFC 6120 §4.7.5); both are integers.
func isVersion1[T string | []byte](v T) bool {
	major, minor, ok := strings.Cut(string(v), ".")
	return ok && isDigits(major) && isDigits(minor) && strings.Trim(major, "0") != ""
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// isText reports whether s can stand in an attribute: XML 1.0 §2.2 characters.
func isText(s string, max int) bool {
	if len(s) > max || !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return false
		}
	}
	return true
}

// isLang reports whether s looks like a language tag (BCP 47): letters and digits in parts joined by hyphens.
func isLang(s string) bool {
	if s == "" || len(s) > langBytesMax {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-') {
			return false
		}
	}
	return true
}

// append renders the header, with an XML declaration before it (RFC 6120 §11.5). text is scratch.
func (h *head) append(dst, text []byte, from bool) (header, scratch []byte) {
	dst = append(dst, "<?xml version='1.0'?><stream:stream xmlns='"+xmlstream.NSClient+"' xmlns:stream='"+xmlstream.NSStreams+"'"...)
	dst, text = appendAttr(dst, text, "to", h.domain)
	if from && h.from != "" {
		dst, text = appendAttr(dst, text, "from", h.from)
	}
	dst, text = appendAttr(dst, text, "version", h.version)
	if h.lang != "" {
		dst, text = appendAttr(dst, text, "xml:lang", h.lang)
	}
	dst = append(dst, h.attrs...)
	return append(dst, '>'), text
}

func appendAttr(dst, text []byte, name, value string) (out, scratch []byte) {
	dst = append(dst, ' ')
	dst = append(dst, name...)
	dst = append(dst, "='"...)
	text = append(text[:0], value...)
	dst = xmlstream.AppendEscaped(dst, text)
	return append(dst, '\''), text
}

// sendHeader opens our side of the stream, for the first time, inside TLS, or anew.
func (st *Stream) sendHeader(now timer.Time) {
	if _, ok := ParseDomain(st.head.domain); !ok {
		st.fail(now, ReasonImproperAddressing)
		return
	}
	env := st.env
	st.become(stageHeader)
	st.scanning, st.headed = false, false
	st.scan.Reset(env.Scan, xmlstream.ModeStream, st.limits())
	// RFC 6120 §4.7.1: the client's address is not for those who listen on the way to TLS.
	from := st.secure || st.tls == TLSOff || st.opened
	env.scratch, env.text = st.head.append(env.scratch[:0], env.text, from)
	env.Out.Send(st, env.scratch)
	st.setDeadline(now, env.StageMax)
}

// limits are those of one element from the server.
func (st *Stream) limits() xmlstream.Limits {
	lim := xmlstream.DefaultLimits
	lim.Bytes = st.env.StanzaBytesMax
	return lim
}
