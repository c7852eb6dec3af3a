package httpparse

// Request is one request. It is scratch: one serves a whole loop and is overwritten by every Parse. All its slices
// alias the buffer given to Parse.
//
// After 200 everything is set. After a refusal KeepAlive is false, and the rest holds what was known when the fault was met: Method, Target, Minor once
// the request line was read, Fields up to the fault. After 0 it holds nothing of use.
type Request struct {
	Method     Method
	Minor      int  // the version is HTTP/1.Minor: 0, or 1 also for a higher one (RFC 9110 §2.5)
	KeepAlive  bool // the connection persists after the answer (RFC 9112 §9.3)
	Expect100  bool // the client may wait for "100 Continue" (RFC 9110 §10.1.1); never in HTTP/1.0
	Upgrade    bool // Connection names Upgrade and there is an Upgrade field (RFC 9110 §7.8); never in HTTP/1.0
	MethodText []byte
	Target     []byte // as sent
	Path       []byte // as sent, not decoded (CleanPath does that); "*" for a request about the server as a whole (OPTIONS)
	Query      []byte // as sent, without its "?"; nil = none
	Host       []byte // of an absolute target, else of the Host field (RFC 9112 §3.2.2); nil = none (HTTP/1.0)
	Fields     []Field
	Body       []byte // the content, without chunk framing; may be written to
	HeadBytes  int    // all that came before the body
}

// Field is a field line: its name as sent, its value without the white space around it.
type Field struct {
	Name, Value []byte
}

// reset empties the request but keeps the array of its fields.
func (r *Request) reset() {
	*r = Request{Minor: 1, Fields: r.Fields[:0]}
}

// Header is the value of the first field of that name, in any letter case.
func (r *Request) Header(name string) (value []byte, ok bool) {
	for i := range r.Fields {
		if isFold(r.Fields[i].Name, name) {
			return r.Fields[i].Value, true
		}
	}
	return nil, false
}

// HeaderToken reports whether the list that the fields of that name make together (RFC 9110 §5.3) has that member, in any letter case.
func (r *Request) HeaderToken(name, token string) bool {
	for i := range r.Fields {
		if isFold(r.Fields[i].Name, name) && hasToken(r.Fields[i].Value, token) {
			return true
		}
	}
	return false
}
