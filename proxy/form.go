package proxy

import (
	"go-xmpp-bosh/bosh"
	"go-xmpp-bosh/httpparse"
)

// form is what a request's client can take: how a BOSH answer to it is dressed.
type form uint8

const (
	formGzip  form = 1 << iota // Accept-Encoding names gzip
	formGet                    // it came as GET …?data=
	formJSONP                  // and the answer is to be a script (exchange.callback)
)

// respondBosh answers exchange i with a <body/>, in the form that its request asked for.
func (c *client) respondBosh(i int, r *bosh.Response) {
	e := &c.queue[i]
	head, body := c.srv.dress(e, r)
	c.respond(i, head, body)
}

// dress gives the head and the bytes of a BOSH answer. The bytes are r's, or scratch.
//
// The session keeps the plain body for a repeat, which may come in another form.
func (s *Server) dress(e *exchange, r *bosh.Response) (*httpparse.Head, []byte) {
	body := r.Body
	kind := kindXML
	switch {
	case e.form&formJSONP != 0:
		kind = kindScript
		s.script = appendScript(s.script[:0], e.callback, body)
		body = s.script
	case e.form&formGet != 0: // never with the session's own content type: a page would be taken for one (XSS)
		kind = kindGet
	case r.ContentType != nil:
		kind = kindCustom
	}
	// A body with SASL elements is not compressed: its length would tell about the secret in it (BREACH).
	packed := e.form&formGzip != 0 && len(body) >= gzipBytesMin && !r.HasSASL
	if packed {
		body = s.packer.pack(body)
	}
	h := s.headsFor(e)
	if kind == kindXML && r.Status == httpparse.StatusOK {
		if packed {
			return h.packed, body
		}
		return h.bosh, body
	}
	return h.dressed(dressing{kind, packed, r.Status, string(r.ContentType)}), body
}

// kind is what the body of an answer is served as.
type kind uint8

const (
	kindXML kind = iota
	kindCustom
	kindGet
	kindScript
)

func (k kind) String() string {
	switch k {
	case kindXML:
		return "xml"
	case kindCustom:
		return "custom"
	case kindGet:
		return "get"
	case kindScript:
		return "script"
	}
	return "invalid"
}

// dressing names a head that is not one of the fixed ones.
type dressing struct {
	kind        kind
	packed      bool
	status      int
	contentType string
}

// dressingsMax bounds how many such heads are remembered: content types are the clients' choice.
const dressingsMax = 256

// dressed renders a head, or remembers it.
func (h *heads) dressed(d dressing) *httpparse.Head {
	if head := h.other[d]; head != nil {
		return head
	}
	contentType := boshContentType
	var more []string
	switch d.kind {
	case kindXML:
	case kindCustom:
		contentType = d.contentType
		more = inert
	case kindGet:
		more = append(more, inert...)
		more = append(more, "Cache-Control", "no-store")
	case kindScript:
		contentType = "text/javascript; charset=utf-8"
		more = append(more, inert...)
		more = append(more, "Cache-Control", "no-store")
	}
	if d.packed {
		more = append(more[:len(more):len(more)], packedFields...)
	}
	head := h.render(d.status, contentType, more...)
	if len(h.other) >= dressingsMax {
		clear(h.other)
	}
	h.other[d] = head
	return head
}

// inert keeps a browser from running what an attacker's backend sent as a page of this origin.
var inert = []string{"X-Content-Type-Options", "nosniff", "Content-Security-Policy", "default-src 'none'; sandbox"}

var packedFields = []string{"Content-Encoding", "gzip", "Vary", "Accept-Encoding"}
