package proxy

import (
	"slices"
	"strings"

	"go-xmpp-bosh/httpparse"
)

// boshContentType is the type of every BOSH answer unless the session asked for another (XEP-0124 §7.1).
const boshContentType = "text/xml; charset=utf-8"

// heads are the response heads, rendered once. Every one says which origin may read the answer: without that a browser
// shows a script nothing but a network error.
type heads struct {
	cors       []string // name, value pairs that are in all of them
	extra      []Header // the operator's, in all that have no such field of their own
	bosh       *httpparse.Head
	packed     *httpparse.Head // bosh, compressed
	notAllowed *httpparse.Head
	page       *httpparse.Head
	upgrade    *httpparse.Head
	busy       *httpparse.Head
	text       map[int]*httpparse.Head
	other      map[dressing]*httpparse.Head
}

const allowedMethods = "GET, HEAD, POST, OPTIONS"

// corsMaxAge is for how long, in seconds, a browser may remember a preflight: a day is what most cap it at.
const corsMaxAge = "86400"

func newHeads(extra []Header, cors ...string) heads {
	h := heads{cors: cors, extra: extra}
	h.bosh = h.render(httpparse.StatusOK, boshContentType)
	h.packed = h.render(httpparse.StatusOK, boshContentType, packedFields...)
	h.notAllowed = h.renderText(httpparse.StatusMethodNotAllowed, "Allow", allowedMethods)
	h.page = h.render(httpparse.StatusOK, htmlContentType, pageFields...)
	h.upgrade = h.renderText(httpparse.StatusUpgradeRequired, "Upgrade", "websocket", "Sec-WebSocket-Version", "13")
	h.busy = h.renderText(httpparse.StatusServiceUnavailable, "Retry-After", retryAfter)
	h.text = map[int]*httpparse.Head{}
	h.other = map[dressing]*httpparse.Head{}
	for _, status := range []int{
		httpparse.StatusBadRequest, httpparse.StatusForbidden, httpparse.StatusNotFound, httpparse.StatusRequestTimeout, httpparse.StatusURITooLong,
		httpparse.StatusUnsupportedMediaType, httpparse.StatusContentTooLarge, httpparse.StatusExpectationFailed,
		httpparse.StatusRequestHeaderFieldsTooLarge, httpparse.StatusInternalServerError,
		httpparse.StatusNotImplemented, httpparse.StatusServiceUnavailable, httpparse.StatusVersionNotSupported,
	} {
		h.text[status] = h.renderText(status)
	}
	return h
}

// textContentType is what short answers for people are.
const textContentType = "text/plain; charset=utf-8"

// renderText makes the head of such an answer. As any whose type isn't the default it is inert: a GET may ask for it.
func (h *heads) renderText(status int, more ...string) *httpparse.Head {
	return h.render(status, textContentType, append(more[:len(more):len(more)], inert...)...)
}

// render makes a head with a content type, the CORS fields, what else is given as name, value pairs, and the operator's.
func (h *heads) render(status int, contentType string, more ...string) *httpparse.Head {
	fields := []httpparse.Field{field("Content-Type", contentType)}
	for _, pairs := range [][]string{h.cors, more} {
		for i := 0; i+1 < len(pairs); i += 2 {
			fields = append(fields, field(pairs[i], pairs[i+1]))
		}
	}
	own := len(fields)
	for _, e := range h.extra {
		if !slices.ContainsFunc(fields[:own], func(f httpparse.Field) bool { return strings.EqualFold(string(f.Name), e.Name) }) {
			fields = append(fields, field(e.Name, e.Value))
		}
	}
	return httpparse.NewHead(status, fields)
}

func field(name, value string) httpparse.Field {
	return httpparse.Field{Name: []byte(name), Value: []byte(value)}
}

// status is the head of a plain-text answer.
func (h *heads) status(code int) *httpparse.Head {
	if head := h.text[code]; head != nil {
		return head
	}
	return h.text[httpparse.StatusInternalServerError]
}

func statusText(code int) []byte {
	return []byte(httpparse.StatusText(code) + "\n")
}

// respondOptions answers a CORS preflight; what headers the script wants to send, it may (decisions.md 15).
func (c *client) respondOptions(i int, r *httpparse.Request) {
	more := []string{
		"Access-Control-Allow-Methods", allowedMethods,
		"Access-Control-Max-Age", corsMaxAge,
		"Allow", allowedMethods,
	}
	if asked, ok := r.Header("Access-Control-Request-Headers"); ok {
		more = append(more, "Access-Control-Allow-Headers", string(asked), "Vary", "Access-Control-Request-Headers")
	} else {
		more = append(more, "Access-Control-Allow-Headers", "Content-Type")
	}
	c.respond(i, c.srv.headsFor(&c.queue[i]).renderText(httpparse.StatusOK, more...), nil)
}
