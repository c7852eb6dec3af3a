package proxy

import (
	"bytes"
	"net/url"

	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/httpparse"
)

// node-xmpp-bosh also takes a request as GET PATH?data=<body…/>, and then, with callback=NAME, answers with a script
// for browsers that could not ask another origin in any other way: NAME({"reply":"…"});
//
// The query may also be the request itself, as in XEP-0252 (dojox.xmpp): then the answer is _BOSH_("…").

// callbackMax bounds the name of a callback.
const callbackMax = 128

// serveGet serves a GET on the BOSH path: a request in its query, or the page for people.
func (c *client) serveGet(i int, r *httpparse.Request) {
	s := c.srv
	data, ok := r.QueryArg(s.data[:0], "data")
	s.data = data[:0]
	bare := !ok && isBody(r.Query)
	if !ok && !bare || r.Method == httpparse.HEAD {
		c.respond(i, s.headsFor(&c.queue[i]).page, s.statisticsPage())
		return
	}
	e := &c.queue[i]
	e.form |= formGet
	if bare {
		text, err := url.PathUnescape(string(r.Query))
		if err != nil {
			c.respondStatus(i, httpparse.StatusBadRequest)
			return
		}
		data = []byte(text)
		e.form |= formJSONP
		e.callback = &bareCallback
	} else if name, ok := r.QueryArg(nil, "callback"); ok {
		if !isCallback(name) {
			c.respondStatus(i, httpparse.StatusBadRequest)
			return
		}
		e.form |= formJSONP
		callback := string(name)
		e.callback = &callback
	}
	if len(data) > s.cfg.MaxDataHeld {
		s.stats.hit(LimitBody)
		c.respondTerminate(i, httpparse.StatusContentTooLarge, bosh.CondPolicyViolation)
		return
	}
	c.serveBosh(i, data)
}

// bareCallback is what the answer to a query that is the request calls (XEP-0252).
var bareCallback = "_BOSH_"

// isBody reports whether a query is a request itself, percent-encoded as it has to be or not.
func isBody(query []byte) bool {
	return len(query) > 3 && (query[0] == '<' || bytes.EqualFold(query[:3], []byte("%3c")))
}

// isCallback accepts a JavaScript member expression of plain names, which can be nothing but a call: a.b_1.$c.
func isCallback(name []byte) bool {
	if len(name) > callbackMax {
		return false
	}
	start := true
	for _, c := range name {
		switch {
		case c == '.' && !start:
			start = true
			continue
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '_', c == '$':
		case '0' <= c && c <= '9' && !start:
		default:
			return false
		}
		start = false
	}
	return !start
}

// appendScript wraps a body as node-xmpp-bosh does. The text is a JSON string, which is a JavaScript one too once the two
// line ends that JavaScript does not allow in strings are escaped.
func appendScript(dst []byte, callback *string, body []byte) []byte {
	open, end := `({"reply":"`, `"});`
	if callback == &bareCallback {
		open, end = `("`, `")`
	}
	dst = append(dst, *callback...)
	dst = append(dst, open...)
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c < ' ':
			dst = appendEscape(dst, rune(c))
		case c == 0xe2 && i+2 < len(body) && body[i+1] == 0x80 && (body[i+2] == 0xa8 || body[i+2] == 0xa9):
			dst = appendEscape(dst, 0x2000+rune(body[i+2]&0x3f))
			i += 2
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, end...)
}

func appendEscape(dst []byte, r rune) []byte {
	const hex = "0123456789abcdef"
	switch r {
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	}
	return append(dst, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
}
