package httpparse

import "strconv"

// Head is the head of an answer, rendered once, with holes for what changes: Date, Content-Length and Connection.
type Head struct {
	start     []byte // up to the date
	fields    []byte // from behind the date to the end of the last field's line
	hasLength bool
}

// NewHead renders the head of an answer with that status and those fields, in their order. Date, Content-Length and, but for 101,
// Connection must not be among them: Append writes those. A control character in a value becomes a space, so no value can end its line, wherever it
// came from; a name that is no token panics: names are the program's own.
func NewHead(status int, fields []Field) *Head {
	h := &Head{
		hasLength: status >= 200 && status != StatusNoContent, // RFC 9110 §8.6
	}
	h.start = append(h.start, "HTTP/1.1 "...)
	h.start = strconv.AppendInt(h.start, int64(status), 10)
	h.start = append(h.start, ' ')
	h.start = append(h.start, StatusText(status)...)
	h.start = append(h.start, "\r\nDate: "...)
	h.fields = append(h.fields, "\r\n"...)
	for _, f := range fields {
		if len(f.Name) == 0 || skip(f.Name, 0, charToken) < len(f.Name) {
			panic("httpparse: " + strconv.Quote(string(f.Name)) + " is no field name")
		}
		h.fields = append(h.fields, f.Name...)
		h.fields = append(h.fields, ": "...)
		for _, c := range f.Value {
			if !isText(c) {
				c = ' '
			}
			h.fields = append(h.fields, c)
		}
		h.fields = append(h.fields, "\r\n"...)
	}
	return h
}

// Append appends the head with its empty line. The date is as AppendDate writes it. A negative content length leaves the field out,
// as 1xx and 204 always do (RFC 9110 §8.6). keepAlive and minor are the request's: "Connection: close" announces the end (RFC 9112 §9.6),
// "Connection: keep-alive" tells a HTTP/1.0 client that there is none (§9.3).
func (h *Head) Append(dst, date []byte, contentLength int, keepAlive bool, minor int) []byte {
	dst = append(dst, h.start...)
	dst = append(dst, date...)
	dst = append(dst, h.fields...)
	if h.hasLength && contentLength >= 0 {
		dst = append(dst, "Content-Length: "...)
		dst = strconv.AppendInt(dst, int64(contentLength), 10)
		dst = append(dst, "\r\n"...)
	}
	switch {
	case !keepAlive:
		dst = append(dst, "Connection: close\r\n"...)
	case minor == 0:
		dst = append(dst, "Connection: keep-alive\r\n"...)
	}
	return append(dst, "\r\n"...)
}

// Status is the answer's.
func (h *Head) Status() int {
	d := h.start[len("HTTP/1.1 "):]
	return int(d[0]-'0')*100 + int(d[1]-'0')*10 + int(d[2]-'0')
}
